import { describe, expect, test } from "vitest";

import type { Ending } from "../../src/core/outcome.ts";
import { usageFacts, withMemoryBlamed } from "../../worker/usage.ts";

const tooMuch = { ranOutOfMemory: true, peakMemoryBytes: 1_300_000_000 } as const;
const why = "it ran out of memory and was ended; it had 1300 MB";

describe("a task that ran out of memory", () => {
  test.each<[Ending, Ending]>([
    [
      { kind: "failed", why: "SIGKILL", text: "so far", facts: { exit: "SIGKILL" } },
      { kind: "failed", why, text: "so far", facts: { exit: "SIGKILL" } },
    ],
    [
      { kind: "transient", why: "network" },
      { kind: "failed", why, text: "", facts: {} },
    ],
    [
      { kind: "misconfigured", why: "it said nothing" },
      { kind: "failed", why, text: "", facts: {} },
    ],
  ])("failed for that reason: %o", (seen, expected) => {
    expect(withMemoryBlamed(seen, tooMuch)).toEqual(expected);
  });

  test.each<Ending>([
    { kind: "succeeded", text: "a child of it was ended, it was not", facts: {} },
    { kind: "timed-out", why: "it was not done after 30m", text: "", facts: {} },
    { kind: "stopped", because: "cancelled" },
  ])("ended otherwise all the same: $kind", (ending) => {
    expect(withMemoryBlamed(ending, tooMuch)).toBe(ending);
  });

  test("says so in its facts", () => {
    expect(usageFacts(tooMuch)).toEqual({ "memory-peak-mb": 1300, "out-of-memory": true });
  });
});

test("what is not known about a task's memory is not said", () => {
  expect(usageFacts({})).toEqual({});
  const failed: Ending = { kind: "failed", why: "exit code 1", text: "", facts: {} };
  expect(withMemoryBlamed(failed, { peakMemoryBytes: 10 })).toBe(failed);
});
