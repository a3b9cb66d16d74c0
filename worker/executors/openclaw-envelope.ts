import * as z from "zod";

import type { Facts } from "../../src/core/outcome.ts";

const number = z.number().optional().catch(undefined);
const text = z.string().optional().catch(undefined);

/** What `openclaw agent exec --json` prints, as far as we look at it. Only `ok` must be there. */
const Envelope = z.looseObject({
  ok: z.boolean(),
  status: text,
  final: z.string().catch(""),
  payloads: z.array(z.looseObject({ text, isError: z.boolean().optional().catch(undefined) })).catch([]),
  usage: z.looseObject({ input: number, output: number, cacheRead: number }).optional().catch(undefined),
  costUsd: number,
  assistantTurns: number,
  toolSummary: z
    .looseObject({
      calls: number,
      failures: number,
      tools: z.array(z.string()).catch([]),
      unresolvedError: z
        .looseObject({ toolName: z.string().catch("a tool") })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  model: text,
  provider: text,
  error: z
    .looseObject({ message: z.string().catch(""), kind: text, type: text })
    .optional()
    .catch(undefined),
});
export type Envelope = z.infer<typeof Envelope>;

export type Reading =
  | { kind: "nothing" }
  | { kind: "unreadable" }
  /** It did not understand our command line. */
  | { kind: "cli-error"; message: string }
  | { kind: "envelope"; envelope: Envelope };

export function readEnvelope(stdout: string): Reading {
  if (stdout.trim() === "") return { kind: "nothing" };
  const parsed = Envelope.safeParse(document(stdout));
  if (!parsed.success) return { kind: "unreadable" };
  const { error, status } = parsed.data;
  if (error?.type === "cli_error" && status === undefined)
    return { kind: "cli-error", message: error.message };
  return { kind: "envelope", envelope: parsed.data };
}

export function envelopeFacts({
  model,
  provider,
  usage,
  costUsd,
  assistantTurns,
  toolSummary,
}: Envelope): Facts {
  const facts = {
    model,
    provider,
    "tokens-in": usage?.input,
    "tokens-out": usage?.output,
    "tokens-cached": usage?.cacheRead || undefined,
    "cost-usd": costUsd,
    turns: assistantTurns,
    tools: toolSummary?.tools.join(", ") || undefined,
    "tool-calls": toolSummary?.calls,
    "tool-failures": toolSummary?.failures || undefined,
    "unresolved-tool-error": toolSummary?.unresolvedError?.toolName,
  };
  return Object.fromEntries(
    Object.entries(facts).filter((pair): pair is [string, string | number] => pair[1] !== undefined),
  );
}

/** The one JSON document; something else that is printed to standard output may stand before it. */
function document(stdout: string): unknown {
  const start = stdout.startsWith("{") ? 0 : stdout.lastIndexOf("\n{") + 1;
  try {
    return JSON.parse(stdout.slice(start));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
