import { describe, expect, test } from "vitest";

import { Request } from "../../src/core/request.ts";
import type { Task } from "../../src/core/task.ts";
import { editQueue, type NewTask, type QueueEdit } from "../../src/format/queue-edit.ts";
import { parseQueue } from "../../src/format/queue.ts";
import { adasTask, adasToken, anId, aPastAttempt, aTask } from "../support/tasks.ts";

describe("setting a task", () => {
  test("replaces the machine's lines where they stood and nothing else", () => {
    const before = [
      `## ${anId()} Rebuild it `,
      "",
      "- needs: gpu",
      "- state: queued",
      "- priority: high",
      "* Attempt : 1",
      "- signed: somebody",
      "",
      "- state: of the prompt",
      "",
    ].join("\n");
    expect(edited(before, [{ kind: "set", task: adasTask({ attempt: 2, tried: [aPastAttempt()] }) }])).toBe(
      [
        `## ${anId()} Rebuild it `,
        "",
        "- needs: gpu",
        "- state: running",
        `- lease: ada ${adasToken}`,
        "- attempt: 2",
        "- tried: 1 ada lost 2026-11-21T10:00:00Z silent",
        "- priority: high",
        "- signed: somebody",
        "",
        "- state: of the prompt",
        "",
      ].join("\n"),
    );
  });

  test.each<[string, string, string]>([
    ["none but a prompt", "## ID A\nDo it.\n", "## ID A\n\n- state: running\nLEASE\n\nDo it.\n"],
    [
      "none but a prompt further down",
      "## ID A\n\nDo it.\n",
      "## ID A\n\n- state: running\nLEASE\n\nDo it.\n",
    ],
    ["none at all", "## ID A", "## ID A\n\n- state: running\nLEASE\n"],
    ["only what was asked for", "## ID A\n- key: x\n", "## ID A\n- state: running\nLEASE\n- key: x\n"],
    ["no line break at its end", "## ID A\n- state: queued", "## ID A\n- state: running\nLEASE"],
    [
      "line breaks of Windows",
      "## ID A\r\n- state: queued\r\n\r\nx",
      "## ID A\r\n- state: running\r\nLEASE\r\n\r\nx",
    ],
  ])("works on a header of %s", (_, before, after) => {
    const eol = after.includes("\r") ? "\r\n" : "\n";
    const full = (text: string) =>
      text.replace("ID", anId()).replace("LEASE", `- lease: ada ${adasToken}${eol}- attempt: 1`);
    expect(edited(full(before), [{ kind: "set", task: adasTask() }])).toBe(full(after));
  });

  test("takes the last of several for one task, and its removal before all", () => {
    const text = `## ${anId()} A\n\n- state: queued\n`;
    const blocked: Task = aTask({ state: { kind: "blocked", why: "by hand" } });
    expect(
      edited(text, [
        { kind: "set", task: adasTask() },
        { kind: "set", task: blocked },
      ]),
    ).toBe(`## ${anId()} A\n\n- state: blocked\n- why: by hand\n`);
    expect(
      edited(text, [
        { kind: "remove", id: anId() },
        { kind: "set", task: blocked },
      ]),
    ).toBe("");
  });

  test("leaves a section alone that cannot be read", () => {
    const text = `## ${anId()} A\n\n- state: quued\n`;
    expect(
      edited(text, [
        { kind: "set", task: adasTask() },
        { kind: "remove", id: anId() },
      ]),
    ).toBe(text);
  });

  test("keeps what a stranger says on its line", () => {
    const why = "first\n## T-20261121-00002 second\r- state: cancelled\u2028third \0";
    const text = edited(`## ${anId()} A\n`, [
      { kind: "set", task: aTask({ state: { kind: "needs-human", why } }) },
    ]);
    expect(parseQueue(text).tasks.map(({ task }) => task.state)).toEqual([
      { kind: "needs-human", why: "first ## T-20261121-00002 second - state: cancelled third" },
    ]);
  });

  test("works for ten thousand tasks at once", () => {
    const ids = Array.from({ length: 10_000 }, (_, n) => anId(n));
    const text = ids.map((id) => `## ${id} A\n- state: queued\n\n`).join("");
    const edits = ids.map((id): QueueEdit => ({ kind: "set", task: adasTask({ id }) }));
    expect(parseQueue(edited(text, edits)).tasks.every(({ task }) => task.state.kind === "running")).toBe(
      true,
    );
  });
});

describe("adding a task", () => {
  const task: NewTask = {
    id: anId(),
    title: "Rebuild the report",
    prompt: "Find out why.\n\n## Then\n\nRebuild it.",
    request: Request.parse({ priority: "high", needs: "gpu, linux", timeout: "2h", attempts: "3" }),
    state: { kind: "queued" },
  };
  const section = [
    `## ${anId()} Rebuild the report`,
    "",
    "- state: queued",
    "- priority: high",
    "- needs: gpu, linux",
    "- timeout: 2h",
    "- attempts: 3",
    "",
    "Find out why.",
    "",
    "\\## Then",
    "",
    "Rebuild it.",
    "",
    "",
  ].join("\n");

  test.each<[string, string, string]>([
    ["an empty file", "", "SECTION"],
    ["a file of one line", "# Queue\n", "# Queue\n\nSECTION"],
    ["a file without a line break at its end", "# Queue", "# Queue\n\nSECTION"],
    ["an Inbox", "# Queue\n\n## Inbox\n- [ ] x\n", "# Queue\n\nSECTION## Inbox\n- [ ] x\n"],
    ["an Inbox right below other text", "text\n## Inbox\n", "text\n\nSECTION## Inbox\n"],
  ])("puts it at the end of the tasks of %s", (_, before, after) => {
    expect(edited(before, [{ kind: "add", task }])).toBe(after.replace("SECTION", () => section));
  });

  test("keeps to the line breaks of Windows", () => {
    expect(edited("# Queue\r\n", [{ kind: "add", task }])).toBe(
      `# Queue\r\n\r\n${section.replaceAll("\n", "\r\n")}`,
    );
  });

  test.each<[string, string]>([
    ["sections", "## A\n\\## B\n\\\\## C\n### D\n##E\n  ## F"],
    [
      "whole tasks, in code too",
      "```\n## T-20261121-a91mz x\n- state: queued\n```\n\n## T-20261121-a91mz y\n## Inbox\n- [ ] z",
    ],
    ["header lines", "- state: cancelled\n- lease: w3 9f3c21aa0b1d2e3f\n\n- model: x"],
    ["merge markers", "<<<<<<< HEAD\na\n||||||| base\n=======\nb\n>>>>>>> theirs\n\\<<<<<<< HEAD"],
    ["code that is not closed", "a\n```sh\n## b\n~~~"],
    ["code that is closed", "```sh\n## b\n<<<<<<< HEAD\n```\n~~~\n```\n~~~"],
    ["comments of every kind", "<!-- a -->\n<!--\n## b\n-->\n-->\n\\-->\n<!-- c\n```\n-->\n```\n<!--"],
    ["backslashes", "\\\n\\\\```\n\\a\n`\\##`"],
    ["odd characters", "\0 \u2028```\u2029## x\r\ud83e\udebc\udcff\u0085\ufeff## y"],
    ["front matter", "---\na: b\n---\n"],
    ["300 kB in one line", "x## ".repeat(75_000)],
  ])("gives back a prompt with %s", (_, prompt) => {
    const other = `## ${anId(2)} Other\n\n<!-- open\n\n`;
    const { tasks, bad } = parseQueue(
      edited(`${other}## Inbox\n`, [{ kind: "add", task: { ...task, prompt } }]),
    );
    expect(tasks.find(({ task: { id } }) => id === task.id)?.task.prompt).toBe(prompt.trimEnd());
    expect(tasks).toHaveLength(2);
    expect(bad).toEqual([]);
  });

  test.each([
    ["line breaks", "a\nb\r\n## c", "a b ## c"],
    ["nothing", " ", "Find out why."],
    ["too much", "word ".repeat(50), `${"word ".repeat(23)}word…`],
    ["what looks like an id", "T-20261121-a91mz", "T-20261121-a91mz"],
  ])("writes a title of %s on one line", (_, title, expected) => {
    const { tasks } = parseQueue(edited("", [{ kind: "add", task: { ...task, title } }]));
    expect(tasks.map((one) => one.task.title)).toEqual([expected]);
  });
});

describe("what a person wrote", () => {
  test("gets an id in its heading, and what it did not say itself", () => {
    const text = "## Buy milk\n\n- priority: low\n- note: two litres\n\n## Buy bread\n";
    const queue = parseQueue(text);
    const request = Request.parse({ priority: "high", category: "chores" });
    const edits = queue.unnamed.map((section, n): QueueEdit => ({
      kind: "name",
      section,
      id: anId(n),
      state: { kind: "queued" },
      request,
    }));
    expect(editQueue(queue, edits)).toBe(
      [
        `## ${anId(0)} Buy milk`,
        "",
        "- state: queued",
        "- category: chores",
        "- priority: low",
        "- note: two litres",
        "",
        `## ${anId(1)} Buy bread`,
        "",
        "- state: queued",
        "- priority: high",
        "- category: chores",
        "",
      ].join("\n"),
    );
  });

  test("goes from the Inbox with the lines that belong to it, and leaves the rest", () => {
    const text = "## Inbox\n\nhint\n- [ ] one\n  more\n\n    deep\n\nnote\n- [x] two\n- [ ] three";
    const queue = parseQueue(text);
    const items = queue.inbox?.items ?? [];
    expect(items.map((item) => item.text)).toEqual(["one\nmore\n\n  deep", "three"]);
    const edits = items.map((item): QueueEdit => ({ kind: "take", item }));
    expect(editQueue(queue, edits)).toBe("## Inbox\n\nhint\n\nnote\n- [x] two\n");
  });

  test("stays when nothing is to be done", () => {
    const text = "\ufeff## Inbox\r\n\t- [ ] x\n\0\udcff";
    expect(editQueue(parseQueue(text), [])).toBe(text);
  });
});

function edited(text: string, edits: QueueEdit[]): string {
  return editQueue(parseQueue(text), edits);
}
