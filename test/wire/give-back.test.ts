import { expect, test } from "vitest";

import { giveBackMemory } from "../../src/wire/give-back.ts";

test("a daemon gives back the memory that nothing refers to any more", () => {
  let garbage: string[] | undefined = Array.from({ length: 500_000 }, (_, n) => `line ${n}`);
  const before = process.memoryUsage().heapTotal;
  expect(garbage.length).toBe(500_000);
  garbage = undefined;
  giveBackMemory();
  expect(process.memoryUsage().heapTotal).toBeLessThan(before);
});
