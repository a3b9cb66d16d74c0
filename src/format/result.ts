import { parse, stringify } from "yaml";
import * as z from "zod";

import { NodeName, TaskId, Token } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import { Request, requestKeys, requestLines } from "../core/request.ts";
import { endedAttempts, outcomes } from "../core/task.ts";
import { oneLine } from "./queue-header.ts";

/** RESULTS/<id>.md: what is known as YAML front matter, then the text. Line breaks at the end of the text do not count. */
export function renderResult(result: Result): string {
  const { id, title, outcome, why, lease, attempt, started, ended, request, tried, facts, text } = result;
  const front = {
    id,
    title: oneLine(title, 120),
    outcome,
    ...(why === undefined ? {} : { why: oneLine(why, 500) }),
    ...(lease ? { worker: lease.by, token: lease.token } : {}),
    attempt,
    ...(started === undefined ? {} : { started }),
    ended,
    ...Object.fromEntries(requestLines(request)),
    ...(tried.length === 0 ? {} : { tried: tried.map((past) => ({ ...past, why: oneLine(past.why) })) }),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  };
  // A literal block could begin with anything; quoted strings keep the front matter free of lines of their own.
  const yaml = stringify(front, { lineWidth: 0, blockQuote: false });
  return `---\n${yaml}---\n\n${text.replace(/\n+$/, "")}\n`;
}

const Front = z.looseObject({
  id: TaskId,
  title: z.string(),
  outcome: z.enum(outcomes),
  why: z.string().optional(),
  worker: NodeName.optional(),
  token: Token.optional(),
  attempt: z.int().nonnegative(),
  started: z.string().optional(),
  ended: z.string(),
  tried: z
    .array(
      z.object({
        attempt: z.int(),
        by: NodeName,
        end: z.enum(endedAttempts),
        ended: z.string(),
        why: z.string(),
      }),
    )
    .optional(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** Reads a result back. Keys of a newer version are passed over. */
export function parseResult(file: string): Result | { problem: string } {
  const text = file.replaceAll("\r\n", "\n");
  const end = text.indexOf("\n---\n", 3);
  if (!text.startsWith("---\n") || end < 0)
    return { problem: "it does not begin with front matter between two lines ---" };
  let yaml: unknown;
  try {
    yaml = parse(text.slice(4, end + 1), { schema: "core" });
  } catch (error) {
    return { problem: `its front matter is no YAML: ${oneLine(String(error), 120)}` };
  }
  const front = Front.safeParse(yaml);
  if (!front.success) return { problem: oneLine(z.prettifyError(front.error), 200) };
  const { id, title, outcome, why, worker, token, attempt, started, ended, tried, facts } = front.data;
  const asked = Object.fromEntries(
    requestKeys.flatMap((key) => {
      const value = front.data[key];
      return typeof value === "string" || typeof value === "number" ? [[key, String(value)]] : [];
    }),
  );
  return {
    id,
    title,
    outcome,
    why,
    lease: worker && token ? { by: worker, token } : undefined,
    attempt,
    started,
    ended,
    request: Request.safeParse(asked).data ?? {},
    tried: tried ?? [],
    facts: facts ?? {},
    text: text
      .slice(end + 5)
      .replace(/^\n/, "")
      .replace(/\n+$/, ""),
  };
}
