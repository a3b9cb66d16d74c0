import { describe, expect, test } from "vitest";

import { isInboxFile, readInboxFile } from "../../src/format/inbox.ts";

describe("a file in INBOX/", () => {
  test.each(["task.md", "Nightly report.MD", "T-20261121-00001.md", "日本.md", "a.b.md"])(
    "may be called %s",
    (name) => {
      expect(isInboxFile(name)).toBe(true);
    },
  );

  test.each(["README.md", "readme.MD", ".gitkeep", ".hidden.md", "notes.txt", "md", ".md", "task.md.swp"])(
    "is no task when it is called %s",
    (name) => {
      expect(isInboxFile(name)).toBe(false);
    },
  );

  test("is a prompt from beginning to end when it says nothing else", () => {
    expect(read("Find the slowest step.\n\n- of the backup\n- of the report\n")).toEqual({
      title: "Find the slowest step.",
      request: {},
      prompt: "Find the slowest step.\n\n- of the backup\n- of the report",
    });
  });

  test("takes its title from a first heading", () => {
    expect(read("\n# Find the slowest step\n\nOf the backup.\n")).toEqual({
      title: "Find the slowest step",
      request: {},
      prompt: "Of the backup.",
    });
  });

  test("may be nothing but a heading", () => {
    expect(read("# Find the slowest step")).toMatchObject({ prompt: "Find the slowest step" });
  });

  test.each([
    [
      "lines below its heading",
      "# Find it\n\n- priority: high\n- needs: gpu, linux\n- timeout: 1h\n\nPlease.",
    ],
    ["front matter", "---\ntitle: Find it\npriority: high\nneeds: [gpu, linux]\ntimeout: 1h\n---\nPlease."],
    [
      "front matter and a heading",
      "---\npriority: high\nneeds: gpu, linux\ntimeout: 1h\n---\n# Find it\n\nPlease.",
    ],
    ["both", "---\npriority: high\n---\n# Find it\n\n- needs: gpu, linux\n- timeout: 1h\n\nPlease."],
    ["keys in capitals", "---\nTitle: Find it\nPriority: high\nNeeds: gpu, linux\nTimeout: 1h\n---\nPlease."],
  ])("says what it asks for in %s", (_, text) => {
    expect(read(text)).toEqual({
      title: "Find it",
      request: { priority: "high", needs: ["gpu", "linux"], timeout: 3600 },
      prompt: "Please.",
    });
  });

  test.each([
    ["line breaks of Windows", (text: string) => text.replaceAll("\n", "\r\n")],
    ["a byte order mark", (text: string) => `\uFEFF${text}`],
    ["no final line break", (text: string) => text.trimEnd()],
  ])("may have %s", (_, changed) => {
    const plain = "---\npriority: high\n---\n# Find it\n\nOne.\n\nTwo.\n";
    expect(read(changed(plain))).toEqual(read(plain));
  });

  test("keeps numbers and the like as they were written", () => {
    expect(read("---\nkey: 007\nby: 2026-11-21\nmodel: 1e3\ntitle: true\n---\nx")).toMatchObject({
      title: "true",
      request: { key: "007", by: "2026-11-21", model: "1e3" },
    });
  });

  test("passes over keys without a value", () => {
    expect(read("---\npriority:\nneeds: []\ntitle:\n---\nDo it.")).toMatchObject({
      title: "Do it.",
      request: {},
    });
  });

  test("may begin with a line --- that is no front matter", () => {
    expect(read("---\nA rule above.\n")).toMatchObject({ prompt: "---\nA rule above." });
    expect(read("---\nWords: between\ntwo rules.\n\nAnd more.")).toMatchObject({ request: {} });
  });

  test.each([
    ["# Ask Acme", "Ask Acme"],
    ["#\tAsk\tAcme ##  ", "Ask\tAcme"],
    ["###### Learn C#", "Learn C#"],
    ["# ##", "##"],
  ])("reads the heading %j", (heading, title) => {
    expect(read(`${heading}\n\nfor a price`)).toMatchObject({ title, prompt: "for a price" });
  });

  test("is read at once, however many spaces its heading has", () => {
    const gap = " ".repeat(200_000);
    expect(read(`# a${gap}b\n\nc`)).toMatchObject({ title: `a${gap}b` });
  });

  test("keeps what looks like a task of the queue as words", () => {
    const words = "## T-20261121-00001 Not this\n\n- state: running\n- lease: ada aaaaaaaa\n\ntext";
    expect(read(`Look at this:\n\n${words}`)).toMatchObject({
      request: {},
      prompt: expect.stringContaining(words),
    });
  });
});

describe("a file in INBOX/ that makes no task", () => {
  test.each<[string, string, string]>([
    ["is empty", "", "is empty"],
    ["is blank", " \n\t\n", "is empty"],
    ["is front matter and nothing else", "---\npriority: high\n---\n", "is empty"],
    ["is too long", "x".repeat(300_000), "longer than 256 KB"],
    ["is no text", "abc\0def", "not a text file"],
    ["has an unknown key", "---\nurgency: high\n---\nx", "unknown key urgency"],
    ["has a misspelt key", "---\nprioritiy: high\n---\nx", "did you mean priority?"],
    ["has a misspelt key below its heading", "# x\n\n- prioritiy: high\n\ny", "did you mean priority?"],
    ["has a key twice", "# x\n\n- priority: high\n- priority: low\n\ny", "twice"],
    ["has a key in both places", "---\npriority: high\n---\n# x\n\n- priority: low\n\ny", "twice"],
    ["has a key twice in its front matter", "---\npriority: high\npriority: low\n---\nx", "unique"],
    ["wants to write the machine's lines", "---\nstate: running\n---\nx", "state: only Pawl itself"],
    ["wants to hold a lease", "# x\n\n- lease: ada aaaaaaaa\n\ny", "lease: only Pawl itself"],
    ["asks for an unknown priority", "---\npriority: asap\n---\nx", 'not "asap"'],
    ["asks for a strange time", "---\ntimeout: soon\n---\nx", "90s, 15m"],
    ["comes after what is no task", "---\nafter: ../../x\n---\nx", "a task id looks like"],
    ["has YAML with an error", '---\npriority: "high\n---\nx', "cannot be read"],
    ["has a map for a value", "---\npriority: { high: 1 }\n---\nx", "must be a text"],
    ["has an alias to nothing", "---\npriority: *nobody\n---\nx", ""],
    ["has a billion laughs", `---\na: &a [x, x]\n${laughs()}---\nx`, ""],
    ["has thousands of keys", `---\n${"k: 1\n".repeat(2000)}---\nx`, "front matter is longer than 4 KB"],
    ["is nested deeply", `---\npriority: ${"[".repeat(20_000)}\n---\nx`, ""],
  ])("says so when it %s", (_, text, problem) => {
    expect(readInboxFile("task.md", text)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

function read(text: string) {
  return readInboxFile("task.md", text);
}

function laughs(): string {
  return Array.from(
    { length: 30 },
    (_, n) => `a${n}: &a${n} [${`*a${n === 0 ? "" : n - 1}, `.repeat(9)}]\n`,
  ).join("");
}
