import type { z } from "zod";

import { blanker } from "../../format/secrets.ts";
import type { Chance } from "../../ports/chance.ts";
import type { Clock } from "../../ports/clock.ts";
import { cloudFault, unknownOutcome, unreadable } from "./cloud-fault.ts";
import type { Manners } from "./manners.ts";
import type { Ask, Outcome } from "./outcome.ts";
import { patience } from "./patience.ts";

export type CallsOptions = { token: string; clock: Clock; chance: Chance };

/** Requests to a provider: what is tried again, what a refusal means, and what an answer has to look like. */
export type CloudCalls = {
  /** Asks with patience. */
  read<Value>(task: string, ask: Ask, schema: z.ZodType<Value>): Promise<Value>;
  /** Asks with patience for something that may not be there. */
  find<Value>(task: string, ask: Ask, schema: z.ZodType<Value>): Promise<Value | undefined>;
  /** Changes something, in one try. An answer that cannot be read leaves open what was done. */
  write<Value>(task: string, ask: Ask, schema: z.ZodType<Value>): Promise<Value>;
  /** Removes something, in one try; answers whether it was there. */
  remove(task: string, ask: Ask): Promise<boolean>;
};

export function cloudCalls(manners: Manners, { token, clock, chance }: CallsOptions): CloudCalls {
  const { blank } = blanker([token]);

  async function patiently(ask: Ask): Promise<Outcome> {
    const failures = { all: 0, silent: 0 };
    for (;;) {
      const outcome = await ask();
      if (outcome.kind === "answered") return outcome;
      failures.all += 1;
      if (outcome.kind === "silent") failures.silent += 1;
      const pauseMs = patience(outcome, failures, chance());
      if (pauseMs === undefined) return outcome;
      await clock.sleep(pauseMs);
    }
  }

  function faultOf(task: string, outcome: Exclude<Outcome, { kind: "answered" }>, changes: boolean) {
    const clean = outcome.kind === "refused" ? { ...outcome, said: oneLine(blank(outcome.said)) } : outcome;
    return cloudFault(manners, task, clean, changes);
  }

  async function find<Value>(task: string, ask: Ask, schema: z.ZodType<Value>): Promise<Value | undefined> {
    const outcome = await patiently(ask);
    if (isMissing(outcome)) return undefined;
    if (outcome.kind !== "answered") throw faultOf(task, outcome, false);
    const read = schema.safeParse(outcome.body);
    if (!read.success) throw unreadable(manners, task, problemOf(read.error));
    return read.data;
  }

  return {
    find,
    async read(task, ask, schema) {
      const found = await find(task, ask, schema);
      if (found === undefined) throw faultOf(task, { kind: "refused", status: 404, said: "" }, false);
      return found;
    },
    async write(task, ask, schema) {
      const outcome = await ask();
      if (outcome.kind !== "answered") throw faultOf(task, outcome, true);
      const read = schema.safeParse(outcome.body);
      if (!read.success) throw unknownOutcome(manners.provider, task, problemOf(read.error));
      return read.data;
    },
    async remove(task, ask) {
      const outcome = await ask();
      if (isMissing(outcome)) return false;
      if (outcome.kind !== "answered") throw faultOf(task, outcome, true);
      return true;
    },
  };
}

function isMissing(outcome: Outcome): boolean {
  return outcome.kind === "refused" && outcome.status === 404;
}

/** Where an answer differs from what is expected; never what it holds. */
function problemOf(error: z.ZodError): string {
  const { path = [], code = "unknown" } = error.issues[0] ?? {};
  return `${path.join(".") || "all of it"} (${code})`;
}

/** What a stranger wrote, on one line of a terminal. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, 300);
}
