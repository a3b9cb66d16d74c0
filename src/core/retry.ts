import { hash32 } from "./hash.ts";
import type { AttemptEnd, PastAttempt, Task } from "./task.ts";

/** How often each way to end without a result may happen before a person is asked. Drains are nobody's fault, and whoever waits for its children is at work. */
const patience: Record<AttemptEnd, number> = {
  failed: Infinity,
  "timed-out": Infinity,
  lost: 3,
  transient: 6,
  misconfigured: 6,
  released: Infinity,
  waiting: Infinity,
};

/** A provider that is away for an hour comes back by itself. Somewhat more, for clocks of machines that do not agree. */
const outageMs = 90 * 60_000;

/** Whatever those clocks say, a section does not grow for ever; by clocks that agree 40 attempts fit into an outage. */
const mostInAnOutage = 50;

/** Between two attempts that met a passing trouble; the same for a task and for an executor. */
export const betweenTries = { firstMs: 10_000, ceilingMs: 300_000 };

export type Next = { kind: "again" } | { kind: "ask-person"; why: string };

/** What becomes of a task whose last attempt brought no result; `tried` includes that attempt. */
export function afterAttempt(tried: readonly PastAttempt[], allowed: number | undefined): Next {
  const last = tried.at(-1);
  if (!last) return { kind: "again" };
  const alike = last.end === "transient" ? outage(tried) : tried.filter(({ end }) => end === last.end);
  const limit = Math.max(patience[last.end], last.end === "lost" ? (allowed ?? 0) : 0);
  return alike.length < limit || mayPass(alike)
    ? { kind: "again" }
    : { kind: "ask-person", why: `${alike.length} attempts ended as ${last.end}, the last one: ${last.why}` };
}

/** May a failed or timed-out attempt be followed by another, or is the failure the result? */
export function mayFailAgain(tried: readonly PastAttempt[], allowed: number | undefined): boolean {
  const failures = tried.filter(({ end }) => end === "failed" || end === "timed-out").length;
  return failures + 1 < (allowed ?? 1);
}

/**
 * How long every worker leaves a queued task alone after its last attempt, so that many of them meet one rate limit
 * no oftener than one would: half of a doubling ceiling, and a part of the other half that depends on the attempt, so
 * that tasks which ended together do not return together.
 *
 * @returns milliseconds since the end of that attempt; 0 unless it met a passing trouble
 */
export function restAfter({ id, tried }: Pick<Task, "id" | "tried">): number {
  const last = tried.at(-1);
  if (last?.end !== "transient") return 0;
  const failures = outage(tried).length;
  const part = hash32(`${id} ${last.attempt}`) / 2 ** 32;
  return (backoff(failures, 1, betweenTries) + backoff(failures, part, betweenTries)) / 2;
}

/** The attempts that met a passing trouble since one of them last got so far that it showed the way to be open. */
export function outage(tried: readonly PastAttempt[]): PastAttempt[] {
  const open = tried.findLastIndex(({ end }) => ["failed", "timed-out", "waiting"].includes(end));
  return tried.slice(open + 1).filter(({ end }) => end === "transient");
}

/** By the stamps in the ledger, so that every node comes to the same; one that cannot be read gives no grace. */
function mayPass(alike: readonly PastAttempt[]): boolean {
  const [first, last] = [alike.at(0), alike.at(-1)];
  if (last?.end !== "transient" || alike.length >= mostInAnOutage) return false;
  return Date.parse(last.ended) - Date.parse(first?.ended ?? "") < outageMs;
}

/**
 * Full jitter: a random wait under a doubling ceiling, so that nodes that failed together do not return together.
 *
 * @param failures how many tries failed so far, from 1
 * @param random in [0, 1)
 * @returns milliseconds
 */
export function backoff(
  failures: number,
  random: number,
  { firstMs = 250, ceilingMs = 60_000 } = {},
): number {
  return random * Math.min(ceilingMs, firstMs * 2 ** Math.min(failures - 1, 30));
}
