import type { Ending, Facts } from "../src/core/outcome.ts";
import type { Usage } from "../src/ports/task-process.ts";

export function usageFacts({ peakMemoryBytes, ranOutOfMemory }: Usage): Facts {
  return {
    ...(peakMemoryBytes !== undefined && { "memory-peak-mb": Math.ceil(peakMemoryBytes / 1e6) }),
    ...(ranOutOfMemory && { "out-of-memory": true }),
  };
}

/** Whatever a program that was ended for its memory looked like from outside, it would come to the same end again. */
export function withMemoryBlamed(ending: Ending, { ranOutOfMemory, peakMemoryBytes }: Usage): Ending {
  if (!ranOutOfMemory) return ending;
  const had = peakMemoryBytes === undefined ? "" : `; it had ${Math.ceil(peakMemoryBytes / 1e6)} MB`;
  const why = `it ran out of memory and was ended${had}`;
  switch (ending.kind) {
    case "failed":
      return { ...ending, why };
    case "transient":
    case "misconfigured":
      return { kind: "failed", why, text: "", facts: {} };
    case "succeeded":
    case "waits":
    case "timed-out":
    case "stopped":
      return ending;
    default:
      return ending satisfies never;
  }
}
