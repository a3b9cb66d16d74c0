import { describe, expect, test } from "vitest";

import { renderCurrent, type CurrentView } from "../../src/format/current.ts";
import { nothingGoingOn } from "../support/formats.ts";
import { anId } from "../support/tasks.ts";

const busy: CurrentView = {
  needsPerson: [{ id: anId(1), title: "Send the offer", why: "3 attempts ended as lost" }],
  running: [
    { id: anId(2), title: "Rebuild the report", worker: "ada", attempt: 1 },
    { id: anId(3), title: "Tidy up", worker: "bob", attempt: 2 },
  ],
  queued: [
    { id: anId(4), title: "Water the plants", waitsFor: undefined },
    { id: anId(5), title: "Train a model", waitsFor: "a worker that offers gpu" },
  ],
  blocked: [{ id: anId(6), title: "Tell everybody", why: `comes after ${anId(2)}` }],
  workers: [{ name: "ada", health: "alive", doing: `running ${anId(2)}` }],
  badSections: [{ line: 12, reason: 'unknown state "quued"' }],
  badInbox: [{ name: "note.md", reason: "it is longer than 256 KB" }],
  recent: [
    { id: anId(7), title: "Count", outcome: "succeeded", by: "ada", path: `worker/RESULTS/${anId(7)}.md` },
    { id: anId(8), title: "Sum", outcome: "cancelled", by: undefined, path: `worker/RESULTS/${anId(8)}.md` },
  ],
};

describe("CURRENT.md", () => {
  test("says at a glance what is going on, what needs a person first", () => {
    const page = renderCurrent("", busy);
    expect(page.match(/^## .*/gm)).toEqual([
      "## Needs a person (1)",
      "## Cannot be read (2)",
      "## Running (2)",
      "## Queued (2)",
      "## Blocked (1)",
      "## Workers (1)",
      "## Finished lately (2)",
    ]);
    expect(page).toContain(`- ${anId(3)} Tidy up (on bob, attempt 2)\n`);
    expect(page).toContain(`- ${anId(5)} Train a model: waits for a worker that offers gpu\n`);
    expect(page).toContain(`[${anId(7)}](worker/RESULTS/${anId(7)}.md) Count (succeeded on ada)`);
  });

  test("says when there is nothing to do", () => {
    expect(renderCurrent("", nothingGoingOn)).toContain("nothing to do");
    expect(renderCurrent("", busy)).not.toContain("nothing to do");
  });

  test.each<[string, string]>([
    ["empty", ""],
    ["a person's own", "# Mine\n\nA note"],
    ["with line breaks of Windows", "# Mine\r\n\r\nA note\r\n"],
    ["with a marker that lost its partner", "# Mine\n\n<!-- pawl:begin -->\nA note\n"],
  ])("is the same bytes when it is rendered twice, though it was %s", (_, existing) => {
    const once = renderCurrent(existing, busy);
    expect(renderCurrent(once, busy)).toBe(once);
    expect(renderCurrent(renderCurrent(once, nothingGoingOn), busy)).toBe(once);
  });

  test("leaves a person's words outside of the markers alone", () => {
    const before = "# Mine  \r\n\tunusual \udcff\n";
    const after = "\n\n<!-- a comment -->\nno line break at the end";
    const page = `${before}<!-- pawl:begin -->\nold\n<!-- pawl:end -->${after}`;
    const rendered = renderCurrent(page, nothingGoingOn);
    expect(rendered.startsWith(before)).toBe(true);
    expect(rendered.endsWith(after)).toBe(true);
    expect(rendered).not.toContain("old");
  });

  test("never swallows what stands behind a marker that lost its partner", () => {
    const torn = "<!-- pawl:begin -->\nrendered once\n\nmy note\n";
    const twice = renderCurrent(renderCurrent(torn, busy), nothingGoingOn);
    expect(twice.startsWith(torn)).toBe(true);
    const stray = renderCurrent("<!-- pawl:end -->\nmy note\n", busy);
    expect(renderCurrent(stray, nothingGoingOn)).toContain("my note");
  });

  test("shows the first twenty of a long list, and how many there are", () => {
    const queued = Array.from({ length: 300 }, (_, n) => ({ id: anId(n), title: "t", waitsFor: undefined }));
    const page = renderCurrent("", { ...nothingGoingOn, queued });
    expect(page).toContain("## Queued (300)");
    expect(page.match(/^- T-/gm)).toHaveLength(20);
    expect(page).toContain("- and 280 more");
  });
});

describe("a hostile title in CURRENT.md", () => {
  test.each<[string, string, RegExp]>([
    ["a link", "[click](https://evil.example)", /[^\\]\[click|[^\\]\]\(https/],
    ["an image", "![x](https://evil.example/x.png)", /[^\\]!|[^\\]\[x/],
    ["a tag", "<img src=x onerror=alert(1)>", /[^\\]<img/],
    ["a mention", "ask @everyone", /@everyone/],
    ["a mention by character reference", "ask &#64;everyone", /[^\\]&/],
    ["a bare address", "see https://evil.example and http://evil.example", /https?:\/\//],
    ["a bare address without a scheme", "see www.evil.example", /www\./],
    ["an issue", "fixes #12", /[^\\]#12/],
    ["code", "`rm -rf /`", /[^\\]`/],
    ["emphasis", "**bold** _it_ ~~gone~~", /[^\\*]\*bold|[^\\]_it|[^\\~]~gone/],
    ["a formula", "$x$", /[^\\]\$/],
    ["a table", "a | b", /[^\\]\|/],
    ["the end of our part", "<!-- pawl:end -->", /[^\\]<!--/],
    ["text that runs backwards", "safe \u202Eevil", /\u202E/],
  ])("cannot draw %s", (_, title, drawn) => {
    const page = renderCurrent("", everywhere(title));
    const lines = page.split("\n").filter((line) => line.startsWith("- "));
    expect(lines).toHaveLength(8);
    for (const line of lines) expect(line).not.toMatch(drawn);
  });

  test("stays one line, and short", () => {
    const page = renderCurrent("", everywhere("one\n## two\r\n- three\u2028four ".repeat(100)));
    expect(page.match(/^## /gm)).toHaveLength(7);
    expect(page.split("\n").every((line) => line.length < 700)).toBe(true);
  });

  test("cannot end the part that main renders", () => {
    const page = renderCurrent("before\n", everywhere("x\n<!-- pawl:end -->\n"));
    expect(renderCurrent(page, nothingGoingOn)).toBe(renderCurrent("before\n", nothingGoingOn));
  });
});

function everywhere(words: string): CurrentView {
  const line = { id: anId(), title: words };
  return {
    needsPerson: [{ ...line, why: words }],
    running: [{ ...line, worker: words, attempt: 1 }],
    queued: [{ ...line, waitsFor: words }],
    blocked: [{ ...line, why: words }],
    workers: [{ name: words, health: "alive", doing: words }],
    badSections: [],
    badInbox: [
      { name: words, reason: words },
      { name: words, reason: words },
    ],
    recent: [{ ...line, outcome: "failed", by: words, path: `worker/RESULTS/${anId()}.md` }],
  };
}
