import * as z from "zod";

import { NodeName, TaskId, Token } from "../core/ids.ts";
import type { Facts, Result } from "../core/outcome.ts";
import { endedAttempts, outcomes, type PastAttempt } from "../core/task.ts";
import { readFields, splitFrontMatter, writeFields, type Value } from "./front-matter.ts";
import { remembering } from "./remembering.ts";
import { readKnownRequest, requestFields } from "./request-fields.ts";

/**
 * RESULTS/<id>.md: front matter, a blank line, the text as it is, and one line break more. `parseResult` takes exactly
 * that one off again, so that a text comes back with as many at its end as it had.
 */
export function renderResult(result: Result): string {
  const { id, title, outcome, why, lease, attempt, started, ended, request, tried, facts, text } = result;
  const fields = {
    id,
    title,
    outcome,
    why,
    worker: lease?.by,
    token: lease?.token,
    attempt,
    started,
    ended,
    ...requestFields(request),
    tried: tried.length === 0 ? undefined : tried,
    facts: Object.keys(facts).length === 0 ? undefined : facts,
  };
  return `---\n${writeFields(fields)}---\n${text === "" ? "" : `\n${text}\n`}`;
}

/** Keys that only a newer version knows are passed over. Never throws. */
export function parseResult(text: string): Result | { problem: string } {
  const parts = splitFrontMatter(text);
  if (!parts) return { problem: "it does not begin with front matter between two lines ---" };
  const head = readHead(parts.yaml);
  return "problem" in head ? head : { ...head, text: bodyText(parts.body, parts.eol) };
}

/** A result is written once and read by many, among them main, which looks at all of RESULTS/ before it archives. */
const readHead = remembering(parseHead, { most: 256, longest: 4096 });

function parseHead(yaml: string): Omit<Result, "text"> | { problem: string } {
  const fields = readFields(yaml, "typed");
  if ("problem" in fields) return fields;
  const head = Head.safeParse(Object.fromEntries(fields));
  if (!head.success) {
    const issue = head.error.issues[0];
    return { problem: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}` };
  }
  const { id, title, outcome, why, worker: by, token, attempt, started, ended } = head.data;
  return {
    id,
    title,
    outcome,
    why,
    lease: by === undefined || token === undefined ? undefined : { by, token },
    attempt,
    started,
    ended,
    request: readKnownRequest(fields),
    tried: readTried(fields.get("tried")),
    facts: readFacts(fields.get("facts")),
  };
}

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const Head = z.object({
  id: TaskId,
  title: Text,
  outcome: z.enum(outcomes),
  why: Text.optional(),
  worker: NodeName.optional(),
  token: Token.optional(),
  attempt: z.int().nonnegative(),
  started: Text.optional(),
  ended: Text,
});

const Past = z.object({
  attempt: z.int().nonnegative(),
  by: NodeName,
  end: z.enum(endedAttempts),
  ended: Text,
  why: Text,
});

function readTried(value: Value | undefined): PastAttempt[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) =>
    entry instanceof Map ? (Past.safeParse(Object.fromEntries(entry)).data ?? []) : [],
  );
}

function readFacts(value: Value | undefined): Facts {
  if (!(value instanceof Map)) return {};
  return Object.fromEntries(
    Array.from(value).flatMap(([key, fact]): [string, string | number | boolean][] =>
      typeof fact === "object" ? [] : [[key, fact]],
    ),
  );
}

function bodyText(body: string, eol: string): string {
  const text = body.startsWith(eol) ? body.slice(eol.length) : body;
  return text.endsWith(eol) ? text.slice(0, -eol.length) : text;
}
