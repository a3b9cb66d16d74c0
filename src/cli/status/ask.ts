import { Fault } from "../../fault.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Look } from "../../../provision/status/look.ts";

/**
 * Asks one source, and does not wait for it longer than so many seconds: one that hangs must not keep the others from
 * being shown. What it answers after that is dropped.
 */
export async function ask<Value>(
  clock: Clock,
  { seconds, what }: { seconds: number; what: string },
  question: () => Promise<Value>,
): Promise<Look<Value>> {
  const startMs = clock.monotonicMs();
  const answered = new AbortController();
  const asked = question().then(
    (value): Look<Value> => ({ is: "seen", value, ms: Math.round(clock.monotonicMs() - startMs) }),
    (error: unknown): Look<Value> => {
      if (!(error instanceof Fault)) throw error;
      return { is: "unreachable", code: error.code, why: error.message };
    },
  );
  const tooLate = clock.sleep(seconds * 1000, answered.signal).then((): Look<Value> => ({
    is: "unreachable",
    code: "TIMEOUT",
    why: `${what} did not answer within ${seconds} seconds`,
  }));
  try {
    return await Promise.race([asked, tooLate]);
  } finally {
    answered.abort();
  }
}
