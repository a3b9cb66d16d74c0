import { describe, expect, test } from "vitest";

import { defaultSlots } from "../../src/config/default-slots.ts";

const GB = 1e9;

describe("how many tasks run at once, where nobody said so", () => {
  test.each([
    { memory: 0.5 * GB, cores: 1, slots: 1 },
    { memory: 1 * GB, cores: 1, slots: 1 },
    { memory: 2 * GB, cores: 2, slots: 1 },
    { memory: 4 * GB, cores: 2, slots: 2 },
    { memory: 8 * GB, cores: 4, slots: 4 },
    { memory: 8 * GB, cores: 16, slots: 6 },
    { memory: 64 * GB, cores: 2, slots: 2 },
    { memory: 4000 * GB, cores: 512, slots: 64 },
  ])("is $slots with $memory bytes and $cores cores", ({ memory, cores, slots }) => {
    expect(defaultSlots({ memoryBytes: memory, cores })).toBe(slots);
  });

  test("goes by what a task may use, where that is limited", () => {
    expect(defaultSlots({ memoryBytes: 8 * GB, cores: 16 }, 0.3 * GB)).toBe(16);
    expect(defaultSlots({ memoryBytes: 8 * GB, cores: 16 }, 4 * GB)).toBe(1);
  });
});
