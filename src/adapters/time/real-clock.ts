import { setTimeout as timer } from "node:timers/promises";

import type { Clock } from "../../ports/clock.ts";

/** Node fires a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    for (let left = ms; left > 0 && !signal?.aborted; left -= longestTimerMs) {
      await pause(Math.min(left, longestTimerMs), signal);
    }
  },
};

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await timer(ms, undefined, signal && { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
