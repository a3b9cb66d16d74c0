import { describe, expect, test } from "vitest";

import { readFields, splitFrontMatter, writeFields } from "../../src/format/front-matter.ts";

describe("front matter", () => {
  test("ends at the first line --- behind its first", () => {
    expect(splitFrontMatter("---\na: 1\n----\n--- \nbody\n---\n")).toEqual({
      yaml: "a: 1\n----\n",
      body: "body\n---\n",
      eol: "\n",
    });
    expect(splitFrontMatter("\ufeff---\r\na: 1\r\n---")).toEqual({ yaml: "a: 1\r\n", body: "", eol: "\r\n" });
    expect(splitFrontMatter("---\n---\n")).toEqual({ yaml: "", body: "", eol: "\n" });
  });

  test.each(["", "---", "---\n", "---\na: 1\n", "a\n---\nb\n---\n", " ---\na: 1\n---\n", "----\n---\n"])(
    "is not seen in %j",
    (text) => {
      expect(splitFrontMatter(text)).toBeUndefined();
    },
  );

  test("is read as written, or with numbers for numbers", () => {
    const yaml = "a: 0012\nb: 1.50\nc: yes\nd:\ne: [x, 2]\nf: true\n";
    expect(readFields(yaml, "text")).toEqual(
      new Map(Object.entries({ a: "0012", b: "1.50", c: "yes", d: "", e: ["x", "2"], f: "true" })),
    );
    expect(readFields(yaml, "typed")).toEqual(
      new Map(Object.entries({ a: 12, b: 1.5, c: "yes", d: null, e: ["x", 2], f: true })),
    );
    expect(readFields("# only a comment\n", "typed")).toEqual(new Map());
  });

  test("puts every scalar on one line and reads it back", () => {
    const fields = {
      a: "two\nlines\n---\n",
      b: "\0 \udcff \u2028 \ufeff \u0085",
      c: "- x: y # z",
      d: "12",
      e: ["null", "~", "", " "],
      f: { "odd: key": -0.5, ["__proto__"]: "x".repeat(500) },
      g: undefined,
    };
    const yaml = writeFields(fields);
    expect(yaml.split("\n")).toHaveLength(13);
    expect(readFields(yaml, "typed")).toEqual(
      new Map<string, unknown>([
        ["a", fields.a],
        ["b", fields.b],
        ["c", fields.c],
        ["d", fields.d],
        ["e", fields.e],
        ["f", new Map<string, unknown>(Object.entries(fields.f))],
      ]),
    );
  });

  test.each<[string, string, string]>([
    [
      "keys that are maps, which would keep the library busy for minutes",
      "? ".repeat(400),
      "more than plain keys",
    ],
    ["references, which grow when they are followed", "a: &a [x]\nb: *a\n", "more than plain keys"],
    ["five levels", "a: {b: {c: {d: {e: f}}}}\n", "more than plain keys"],
    ["ten thousand levels", `a: ${"[".repeat(10_000)}`, "cannot be read"],
    ["a key twice", "a: 1\na: 2\n", "cannot be read (line 3)"],
    ["a quote that does not end", "a: 'b\n", "cannot be read"],
    ["a list", "- a\n- b\n", "must consist of lines"],
    ["a word", "a\n", "must consist of lines"],
  ])("with %s is refused", (_, yaml, problem) => {
    expect(readFields(yaml, "typed")).toEqual({ problem: expect.stringContaining(problem) });
    expect(readFields(yaml, "text")).toEqual({ problem: expect.stringContaining(problem) });
  });
});
