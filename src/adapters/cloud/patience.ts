import { backoff } from "../../core/retry.ts";
import type { Outcome } from "./outcome.ts";

const mostTries = 5;
/** Each silence may already have lasted a whole time limit. */
const mostSilences = 3;
/** A limit that counts by the hour is not waited for: a person wants to know. */
const longestWaitSeconds = 60;

/** How often a read failed, and how often of these times nobody said anything. */
export type Failures = { all: number; silent: number };

/**
 * After how many milliseconds a read is worth another try; undefined: never.
 *
 * @param failures this one included
 * @param random in [0, 1)
 */
export function patience(
  outcome: Exclude<Outcome, { kind: "answered" }>,
  failures: Failures,
  random: number,
): number | undefined {
  if (failures.all >= mostTries || failures.silent >= mostSilences) return undefined;
  const pause = backoff(failures.all, random, { firstMs: 500, ceilingMs: 8000 });
  if (outcome.kind === "silent" || outcome.status >= 500) return pause;
  if (outcome.status !== 429) return undefined;
  const { waitSeconds = 0 } = outcome;
  return waitSeconds <= longestWaitSeconds ? waitSeconds * 1000 + pause : undefined;
}
