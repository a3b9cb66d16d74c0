import { backoff } from "../../core/retry.ts";
import type { Outcome } from "./outcome.ts";

const mostTries = 5;
/** Each silence may already have lasted a whole time limit. */
const mostSilences = 3;
/** A limit that counts by the hour is not waited for: a person wants to know. */
const longestWaitSeconds = 60;

/**
 * After how many milliseconds a read is worth another try; undefined: never.
 *
 * @param tries how many there were, this one included
 * @param random in [0, 1)
 */
export function patience(
  outcome: Exclude<Outcome, { kind: "answered" }>,
  tries: number,
  random: number,
): number | undefined {
  if (tries >= mostTries) return undefined;
  const pause = backoff(tries, random, { firstMs: 500, ceilingMs: 8000 });
  if (outcome.kind === "silent") return tries < mostSilences ? pause : undefined;
  if (outcome.status >= 500) return pause;
  if (outcome.status !== 429) return undefined;
  const { waitSeconds = 0 } = outcome;
  return waitSeconds <= longestWaitSeconds ? waitSeconds * 1000 + pause : undefined;
}
