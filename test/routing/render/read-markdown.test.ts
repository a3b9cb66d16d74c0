import { describe, expect, test } from "vitest";

import { readMarkdown } from "../../../src/routing/render/rich-text/read-markdown.ts";

describe("Markdown read as text and marks", () => {
  test.each<[what: string, markdown: string, text: string, marks: string[]]>([
    ["styles", "**a** *b* ~~c~~ `d`", "a b c d", ["bold:a", "italic:b", "strikethrough:c", "code:d"]],
    ["code in bold, with nothing in or around it", "**a `b` c**", "a b c", ["bold:a", "code:b", "bold:c"]],
    ["a style within itself once", "**a __b__ c**", "a b c", ["bold:a b c"]],
    [
      "a heading and what is under it",
      "# A **b**\ntext\n\n## C",
      "A b\ntext\n\nC",
      ["heading:A b", "heading:C"],
    ],
    ["a list and a list in it", "- a\n- b\n  1. c\n  2. d\n- e", "• a\n• b\n  1. c\n  2. d\n• e", []],
    ["a list that counts from seven", "7. a\n8. b", "7. a\n8. b", []],
    ["paragraphs of an item under its first", "- a\n\n  b\n- c", "• a\n\n  b\n\n• c", []],
    ["code in an item below its dot", "- ```\n  x\n  ```", "•\nx", ["pre:x"]],
    ["a quote, and one in it as one", "> a\n> > b\n\nc", "a\n\nb\n\nc", ["quote:a\n\nb"]],
    ["code with its language", "```js x\nlet a;\n\n```", "let a;\n", ["pre:let a;"]],
    [
      "a link with its address behind it",
      "[a](http://b.c/ä)",
      "a (http://b.c/%C3%A4)",
      ["link:http://b.c/%C3%A4"],
    ],
    [
      "a link that says its address once",
      "[http://b.c](http://b.c) <http://d.e>",
      "http://b.c http://d.e",
      ["link:http://b.c", "link:http://d.e"],
    ],
    ["an address in a sentence", "See http://b.c/d_e_f.", "See http://b.c/d_e_f.", ["link:http://b.c/d_e_f"]],
    ["an address of a mailbox", "<a@b.c> [me](mailto:a@b.c)", "a@b.c me (a@b.c)", []],
    [
      "other protocols as words",
      "[a](tg://user?id=1) [b](javascript:x)",
      "a (tg://user?id=1) [b](javascript:x)",
      [],
    ],
    [
      "an image as what it is",
      "![a *b*](http://c.d/e.png)",
      "[image: a b] http://c.d/e.png",
      ["link:http://c.d/e.png"],
    ],
    ["HTML as it was written", "<b>a</b>\n\n<img src=x>", "<b>a</b>\n\n<img src=x>", []],
    ["line ends as they were", "a\nb  \nc", "a\nb\nc", []],
    ["a rule", "a\n\n---\n\nb", "a\n\n———\n\nb", []],
  ])("shows %s", (_, markdown, text, marks) => {
    const read = readMarkdown(markdown);
    expect(read.text).toBe(text.trimEnd());
    expect(read.marks.map(({ kind, start, end }) => `${kind}:${read.text.slice(start, end)}`)).toEqual(marks);
  });

  test("keeps the columns of a table straight, wide letters too", () => {
    const { text, marks } = readMarkdown(
      "| name | n |\n|--|--|\n| 東京 | 1 |\n| 👩‍👩‍👧 | 22 |\n| e\u0301 | `3` |",
    );
    expect(text.split("\n")).toEqual(["name  n", "────  ──", "東京  1", "👩‍👩‍👧    22", "e\u0301     3"]);
    expect(marks).toEqual([{ kind: "pre", start: 0, end: text.length }]);
  });

  test("turns a table that is too wide into a list", () => {
    const cell = "word ".repeat(20).trim();
    expect(readMarkdown(`| name | what |\n|--|--|\n| a | ${cell} |\n| b | |`).text).toBe(
      `• name: a\n  what: ${cell}\n• name: b`,
    );
  });

  test("shows as it was written what nests deeper than anybody reads", () => {
    const deep = `${"> ".repeat(60)}deep`;
    expect(readMarkdown(deep)).toEqual({ text: deep, marks: [] });
  });

  test("reads the first 200,000 characters", () => {
    expect(readMarkdown("a".repeat(250_000)).text).toHaveLength(200_000);
  });
});
