import type { AttemptEnd, PastAttempt } from "./task.ts";

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

export type Next = { kind: "again" } | { kind: "ask-person"; why: string };

/** What becomes of a task whose last attempt brought no result; `tried` includes that attempt. */
export function afterAttempt(tried: readonly PastAttempt[], allowed: number | undefined): Next {
  const last = tried.at(-1);
  if (!last) return { kind: "again" };
  const count = tried.filter(({ end }) => end === last.end).length;
  const limit = Math.max(patience[last.end], last.end === "lost" ? (allowed ?? 0) : 0);
  return count < limit
    ? { kind: "again" }
    : { kind: "ask-person", why: `${count} attempts ended as ${last.end}, the last one: ${last.why}` };
}

/** May a failed or timed-out attempt be followed by another, or is the failure the result? */
export function mayFailAgain(tried: readonly PastAttempt[], allowed: number | undefined): boolean {
  const failures = tried.filter(({ end }) => end === "failed" || end === "timed-out").length;
  return failures + 1 < (allowed ?? 1);
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
