import { expect, test } from "vitest";

import { remembering } from "../../src/format/remembering.ts";

function counting(most: number) {
  const read: string[] = [];
  const length = remembering(
    (text) => {
      read.push(text);
      return text.length;
    },
    { most, longest: 5 },
  );
  return { read, length };
}

test("an answer that is remembered is not worked out again", () => {
  const { read, length } = counting(2);
  expect(["a", "bb", "a", "bb", "\udc80"].map(length)).toEqual([1, 2, 1, 2, 1]);
  expect(read).toEqual(["a", "bb", "\udc80"]);
});

test("the oldest answer is forgotten first, and a long text is never remembered", () => {
  const { read, length } = counting(2);
  for (const text of ["a", "b", "c", "b", "a", "longer", "longer"]) length(text);
  expect(read).toEqual(["a", "b", "c", "a", "longer", "longer"]);
});
