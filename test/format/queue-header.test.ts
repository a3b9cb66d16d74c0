import { describe, expect, test } from "vitest";

import { headerLine, isMisspelt, oneLine } from "../../src/format/queue-header.ts";

describe("a header line", () => {
  test.each([
    ["- state: queued", "state", "queued"],
    ["* state : queued ", "state", "queued"],
    ["-  State:queued", "state", "queued"],
    ["   - by:", "by", ""],
    ["- key: a: b", "key", "a: b"],
  ])("may be written as %j", (line, key, value) => {
    expect(headerLine(line)).toEqual({ key, value });
  });

  test.each([
    "state: queued",
    "-state: queued",
    "    - state: queued",
    "- [ ] state: queued",
    "- two words: x",
    "-",
    "",
  ])("is not %j", (line) => {
    expect(headerLine(line)).toBeUndefined();
  });
});

describe("an unknown key", () => {
  test.each(["sate", "prioritiy", "exectuor", "need", "timout", "attempt-s", "modell"])(
    "such as %s is a slip of the keyboard",
    (key) => {
      expect(isMisspelt(key)).toBe(true);
    },
  );

  test.each(["who", "my", "buy", "notes", "deadline", "where", "http", "step-one", "important"])(
    "such as %s begins the prompt",
    (key) => {
      expect(isMisspelt(key)).toBe(false);
    },
  );

  test("is no slip when it is known", () => {
    expect(["state", "signed", "approved", "why", "key"].map((key) => isMisspelt(key))).not.toContain(true);
  });
});

describe("text made one line", () => {
  test("has no line breaks and no control characters", () => {
    expect(oneLine(" a\r\n\tb\0\u001b[31m\u2028c\u007f ")).toBe("a b [31m c");
  });

  test("is cut at the end of a letter, however many units it has", () => {
    expect(oneLine("🪼".repeat(5), 3)).toBe("🪼🪼…");
    expect(oneLine("ab cd", 4)).toBe("ab…");
  });

  test("is left whole when it has no more letters than it may", () => {
    expect(oneLine("🪼".repeat(5), 5)).toBe("🪼".repeat(5));
    expect(oneLine("abc", 3)).toBe("abc");
  });
});
