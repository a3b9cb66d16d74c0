import { describe, expect, test } from "vitest";

import { markdownLines } from "../../src/format/markdown-lines.ts";
import { readPrompt, writePrompt } from "../../src/format/queue-prompt.ts";

describe("a prompt", () => {
  test.each<[string, string, string]>([
    ["a heading", "## x", "\\## x"],
    ["a heading that was escaped by hand", "\\## x", "\\\\## x"],
    ["a smaller heading", "### x", "### x"],
    ["a heading inside of code", "```\n## x\n```", "```\n## x\n```"],
    ["a task's heading inside of code", "```\n## Inbox\n```", "```\n\\## Inbox\n```"],
    ["merge markers", "<<<<<<< a\n=======\n>>>>>>> b", "\\<<<<<<< a\n=======\n\\>>>>>>> b"],
    ["code that is never closed", "```sh\nx", "\\```sh\nx"],
    ["a comment that is never closed", "<!-- x", "\\<!-- x"],
    ["a comment of its own", "<!--\n## x\n-->", "<!--\n## x\n-->"],
    ["the end of a comment", "-->", "\\-->"],
    ["an arrow", "a --> b", "a --> b"],
  ])("with %s comes back as it was", (_, prompt, written) => {
    expect(writePrompt(prompt)).toBe(written);
    expect(readBack(prompt)).toBe(prompt);
  });

  test("comes back with the line breaks that files here have, and without space around it", () => {
    expect(readBack("\r\n \n  one\r\r\n\rtwo\r\n\n\n")).toBe("  one\n\rtwo");
  });

  test.each([
    ["carriage returns", "\r"],
    ["line breaks", "\n"],
    ["spaces", " "],
    ["backslashes", "\\"],
    ["backticks", "`"],
    ["beginnings of code", "```js\n"],
    ["beginnings of comments", "<!--\n"],
    ["headings", "## a\n"],
  ])("of 300 KB of %s is read and written in good time", (_, piece) => {
    const prompt = `x\n${piece.repeat(300_000 / piece.length)}y`;
    expect(readBack(prompt)).toBe(prompt);
  });
});

function readBack(prompt: string): string {
  const written = `${writePrompt(prompt)}\n`;
  return readPrompt(written, Array.from(markdownLines(written)));
}
