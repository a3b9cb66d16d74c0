import { expect, test } from "vitest";

import { shorten } from "../../worker/shorten.ts";
import { Tail } from "../../worker/tail.ts";

test("a tail keeps the last bytes of whatever passes, in pieces large or small", () => {
  for (const pieces of [[5000], [1, 2, 3], Array<number>(5000).fill(1), [90, 90, 90, 7]]) {
    const tail = new Tail(100);
    let all = "";
    for (const length of pieces) {
      const piece = Array.from({ length }, (_, at) =>
        String.fromCharCode(97 + ((all.length + at) % 26)),
      ).join("");
      all += piece;
      tail.push(Buffer.from(piece));
    }
    expect(tail.text()).toBe(all.slice(-100));
    expect(tail.leftOutBytes).toBe(Math.max(0, all.length - 100));
  }
});

test("a text that is short enough is not shortened", () => {
  expect(shorten("übel", 5, () => "cut")).toBe("übel");
});

test("a shortened text keeps begin and end, and cuts no character in two", () => {
  expect(shorten("ü".repeat(50), 21, (bytes) => `${bytes} left out`)).toBe(
    `${"ü".repeat(5)}\n\n80 left out\n\n${"ü".repeat(5)}`,
  );
});
