import { describe, expect, test } from "vitest";

import { parseQueue } from "../../src/format/queue.ts";

const full = `# Queue

For people.

## T-20261121-7k3qx Rebuild the nightly report

- state: running
- lease: w3 9f3c21aa0b1d2e3f
- attempt: 2
- tried: 1 w1 lost 2026-11-21T10:00:00Z no sign of life for 6m
- signed: somebody
- executor: openclaw
- priority: high
- needs: gpu, linux
- timeout: 1h30m

The report of last night is empty. 🪼

- a list of the prompt: it stays there

## T-20261121-a91mz Tell them

- state: blocked
- why: comes after T-20261121-7k3qx
- after: T-20261121-7k3qx

## Buy milk

Two litres.

## Inbox

<!-- - [ ] an example is no task -->
- [ ] Water the plants
  - the big one first

      twice
* [ ] Call back
- [x] done already
- not a task
`;

describe("a queue", () => {
  test("is read with all that a section can say", () => {
    const { tasks, unnamed, bad, inbox } = parseQueue(full);
    expect(tasks.map(({ task }) => task)).toEqual([
      {
        id: "T-20261121-7k3qx",
        title: "Rebuild the nightly report",
        prompt: "The report of last night is empty. 🪼\n\n- a list of the prompt: it stays there",
        request: { executor: "openclaw", priority: "high", needs: ["gpu", "linux"], timeout: 5400 },
        attempt: 2,
        tried: [
          { attempt: 1, by: "w1", end: "lost", ended: "2026-11-21T10:00:00Z", why: "no sign of life for 6m" },
        ],
        state: { kind: "running", by: "w3", token: "9f3c21aa0b1d2e3f" },
      },
      {
        id: "T-20261121-a91mz",
        title: "Tell them",
        prompt: "Tell them",
        request: { after: ["T-20261121-7k3qx"] },
        attempt: 0,
        tried: [],
        state: { kind: "blocked", why: "comes after T-20261121-7k3qx" },
      },
    ]);
    expect(unnamed.map(({ title, prompt }) => ({ title, prompt }))).toEqual([
      { title: "Buy milk", prompt: "Two litres." },
    ]);
    expect(inbox?.items.map(({ text, line }) => ({ text, line }))).toEqual([
      { text: "Water the plants\n- the big one first\n\n    twice", line: 34 },
      { text: "Call back", line: 38 },
    ]);
    expect(bad).toEqual([]);
  });

  test.each<[string, (text: string) => string]>([
    ["with the line breaks of Windows", (text) => text.replaceAll("\n", "\r\n")],
    ["with a byte order mark before its first section", (text) => `\ufeff${text.slice(text.indexOf("## "))}`],
    ["without a line break at the end", (text) => text.trimEnd()],
    [
      "with tabs where spaces could be",
      (text) => text.replace(/^- (\w+): /gm, "-\t$1:\t").replace(/^## /gm, "##\t"),
    ],
    [
      "with stars for hyphens and keys in capitals",
      (text) => text.replace(/^- ([a-z])(\w*):/gm, (_, a: string, b: string) => `* ${a.toUpperCase()}${b}:`),
    ],
    [
      "without a space behind the colon",
      (text) => text.replace(/^(- (?:state|lease|needs|timeout)): /gm, "$1:"),
    ],
    [
      "with its headers indented",
      (text) => text.replace(/^(- (?:state|lease|attempt|tried|needs))/gm, "  $1"),
    ],
  ])("is read the same %s", (_, change) => {
    const text = change(full);
    const strip = (all: string) => {
      const { tasks, unnamed, bad, inbox } = parseQueue(all);
      return {
        tasks: tasks.map(({ task: { prompt: _prompt, ...task } }) => task),
        unnamed: unnamed.map(({ title, request }) => ({ title, request })),
        items: inbox?.items.length,
        bad,
      };
    };
    expect(text).not.toBe(full);
    expect(strip(text)).toEqual(strip(full));
  });

  test.each(["", "\n", "# Nothing yet\n", "text only", "\ufeff"])("may have no section: %j", (text) => {
    expect(parseQueue(text)).toEqual({ text, tasks: [], unnamed: [], bad: [], inbox: undefined });
  });

  test("takes a task whose lease line is gone for one that may be claimed", () => {
    expect(states("## T-20261121-7k3qx A\n- state: running\n- attempt: 2\n")).toEqual([{ kind: "queued" }]);
    expect(states("## T-20261121-7k3qx A\n- state: running\n- lease: -\n")).toEqual([{ kind: "queued" }]);
  });

  test("still knows who runs what was cancelled, and nobody where that cannot be read", () => {
    const text = (lease: string) => `## T-20261121-7k3qx A\n- state: cancelled\n- lease: ${lease}\n`;
    const lease = { by: "w3", token: "9f3c21aa0b1d2e3f" };
    expect(states(text("w3 9f3c21aa0b1d2e3f"))).toEqual([{ kind: "cancelled", lease }]);
    expect(states(text("-"))).toEqual([{ kind: "cancelled" }]);
    expect(states(text("what?"))).toEqual([{ kind: "cancelled" }]);
  });

  test.each(["cancelled", "canceled", "Cancel", "CANCELLED"])("understands %s", (word) => {
    expect(states(`## T-20261121-7k3qx A\n- state: ${word}\n`)).toEqual([{ kind: "cancelled" }]);
  });

  test("takes the first words for the title when there is none, and the title for the prompt", () => {
    const { unnamed } = parseQueue("##\n\nBuy milk\nand bread\n\n## Sweep the floor\n");
    expect(unnamed.map(({ title, prompt }) => [title, prompt])).toEqual([
      ["Buy milk", "Buy milk\nand bread"],
      ["Sweep the floor", "Sweep the floor"],
    ]);
  });
});

describe("what is hidden in a queue", () => {
  test("is no structure inside of code", () => {
    const { tasks, bad } = parseQueue(
      "## T-20261121-7k3qx A\n\n````md\n## Not a section\n- state: cancelled\n```\n<<<<<<< HEAD\n````\n\n~~~~\n~~~\n## Nor this\n~~~~\n",
    );
    expect(bad).toEqual([]);
    expect(tasks.map(({ task }) => [task.title, task.state.kind])).toEqual([["A", "queued"]]);
    expect(tasks[0]?.task.prompt).toContain("## Nor this");
  });

  test("is a task that somebody put into a comment", () => {
    const queue =
      "## T-20261121-7k3qx A\n\n<!--\n## T-20261121-a91mz B\n\n- state: queued\n-->\n\n## T-20261121-0c4de C\n";
    expect(titles(queue)).toEqual(["A", "C"]);
  });

  test("is nothing when a code block is not closed before the next task", () => {
    expect(titles("## T-20261121-7k3qx A\n```\nopen\n## T-20261121-a91mz B\n")).toEqual(["A", "B"]);
    const later =
      "## T-20261121-7k3qx A\n```\nopen\n\n## T-20261121-a91mz B\n\n```sh\nmake\n```\n\n## T-20261121-0c4de C\n";
    expect(titles(later)).toEqual(["A", "B", "C"]);
  });

  test("is nothing when a comment is not closed, even if an arrow follows somewhere", () => {
    const queue =
      "## T-20261121-7k3qx A\n<!-- open\n## T-20261121-a91mz B\nfrom a --> b\n## T-20261121-0c4de C\n<!-- x -->\n";
    expect(titles(queue)).toEqual(["A", "B", "C"]);
  });

  test("is left alone when nobody can tell whether a task is quoted or real", () => {
    const { tasks, bad } = parseQueue(
      "## T-20261121-7k3qx Explain this\n\n```\n## T-20261121-a91mz Example\n- state: queued\n```\n\n## T-20261121-0c4de C\n",
    );
    expect(tasks.map(({ task }) => task.title)).toEqual(["C"]);
    const reason = "a code block that begins in line 3 goes on over the next task; close it before that";
    expect(bad).toEqual([
      { kind: "bad", id: "T-20261121-7k3qx", line: 1, reason },
      { kind: "bad", id: "T-20261121-a91mz", line: 4, reason },
    ]);
  });

  test("costs no more than the text is long", () => {
    const fences =
      "## T-20261121-7k3qx A\n" + "```a\n<!--\n~~~~\n".repeat(20_000) + "- [ ] x\n  y\n".repeat(20_000);
    expect(titles(fences)).toEqual(["A"]);
    const items = parseQueue(`## Inbox\n${"- [ ] x\n  y\n\n".repeat(20_000)}`).inbox?.items;
    expect(items).toHaveLength(20_000);
  });
});

describe("a section that cannot be read", () => {
  const good = "## T-20261121-0c4de Good\n\n- state: queued\n\nDo it.\n\n";

  test.each<[string, string, { line?: number; id?: string | undefined; reason: string }]>([
    [
      "merge markers",
      "## T-20261121-7k3qx A\n<<<<<<< HEAD\n- state: cancelled\n=======\n- state: queued\n>>>>>>> theirs\n",
      { reason: "git's merge markers stand here (line 2); settle the conflict" },
    ],
    [
      "the middle of a merge",
      "## T-20261121-7k3qx A\n||||||| base\n",
      { reason: "git's merge markers stand here (line 2); settle the conflict" },
    ],
    [
      "a key twice",
      "## T-20261121-7k3qx A\n- priority: low\n- priority: high\n",
      { line: 3, reason: "the key priority stands here twice" },
    ],
    [
      "an unknown state",
      "## T-20261121-7k3qx A\n- state: quued\n",
      {
        line: 2,
        reason:
          'unknown state "quued"; did you mean queued? (known: queued, running, blocked, needs-approval, needs-human, cancelled)',
      },
    ],
    [
      "a misspelt key",
      "## T-20261121-7k3qx A\n\n- prioritiy: high\n",
      { line: 3, reason: "unknown key prioritiy; did you mean priority?" },
    ],
    [
      "two letters of a key exchanged",
      "## T-20261121-7k3qx A\n- modle: x\n",
      { line: 2, reason: "unknown key modle; did you mean model?" },
    ],
    [
      "a lease nobody can hold",
      "## T-20261121-7k3qx A\n- state: running\n- lease: W3 !\n",
      { line: 3, reason: 'a lease is written like "w3 9f3c21aa0b1d2e3f", not "W3 !"' },
    ],
    [
      "a timeout that is none",
      "## T-20261121-7k3qx A\n- timeout: soon\n",
      { line: 2, reason: 'timeout: a duration is written like 90s, 15m, 2h or 1d, not "soon"' },
    ],
    [
      "an attempt that is no number",
      "## T-20261121-7k3qx A\n- attempt: two\n",
      { line: 2, reason: 'attempt must be a number, not "two"' },
    ],
    [
      "children that are no tasks",
      "## T-20261121-7k3qx A\n- children: Tom, Ann\n",
      { line: 2, reason: 'children must be ids of tasks, not "Tom, Ann"' },
    ],
    [
      "a parent that a person names",
      "## A\n- parent: T-20261121-7k3qx\n",
      { id: undefined, reason: "only what a task hands out has a parent; take the line away" },
    ],
    [
      "a past attempt of another form",
      "## T-20261121-7k3qx A\n- tried: twice\n",
      { line: 2, reason: 'cannot read this past attempt: "twice"' },
    ],
    [
      "an id that climbs",
      "## T-20261121-../../x A\n",
      { id: undefined, reason: '"T-20261121-../../x" is no task id; one looks like T-20261121-7k3qx' },
    ],
    [
      "an id of no day",
      "## T-99999999-abcde A\n",
      { id: undefined, reason: '"T-99999999-abcde" is no task id; one looks like T-20261121-7k3qx' },
    ],
    [
      "an id in capitals",
      "## T-20261121-7K3QX A\n",
      { id: undefined, reason: '"T-20261121-7K3QX" is no task id; one looks like T-20261121-7k3qx' },
    ],
    ["nothing", "##\n\n \n", { id: undefined, reason: "an empty section: write a title behind ##" }],
    [
      "a state but no id",
      "## Pay the bill\n- state: cancelled\n",
      {
        id: undefined,
        reason:
          'a section without an id cannot be cancelled; take the line away, or write "- approval: required"',
      },
    ],
  ])("because of %s is named, and the others are read", (_, text, expected) => {
    const { tasks, bad } = parseQueue(text + good);
    expect(tasks.map(({ task }) => task.title)).toEqual(["Good"]);
    expect(bad).toEqual([{ kind: "bad", id: "T-20261121-7k3qx", line: 1, ...expected }]);
  });

  test("because its id stands there twice is left alone, and so is the other", () => {
    const { tasks, bad } = parseQueue(`## T-20261121-7k3qx A\n${good}## T-20261121-7k3qx A again\n`);
    expect(tasks.map(({ task }) => task.title)).toEqual(["Good"]);
    const reason = "the id T-20261121-7k3qx stands here twice; remove one of the two sections";
    expect(bad.map(({ line, reason: why }) => [line, why])).toEqual([
      [1, reason],
      [8, reason],
    ]);
  });

  test("spoils no other when a merge marker stands alone", () => {
    const queue = `## T-20261121-7k3qx A\n<<<<<<< HEAD\n\n${good}## T-20261121-a91mz B\n>>>>>>> theirs of long ago\n`;
    // Without its end, it is one section's trouble; with one, all between may be half of something.
    expect(parseQueue(`## T-20261121-7k3qx A\n<<<<<<< HEAD\n\n${good}`).bad).toHaveLength(1);
    expect(parseQueue(queue).bad.map(({ id }) => id)).toEqual([
      "T-20261121-7k3qx",
      "T-20261121-0c4de",
      "T-20261121-a91mz",
    ]);
    expect(
      titles(`## T-20261121-7k3qx A\n<<<<<<< HEAD\n${good}## T-20261121-a91mz B\n<<<<<<< HEAD\n>>>>>>> x\n`),
    ).toEqual(["Good"]);
  });

  test("because it is a second Inbox keeps its lines", () => {
    const { inbox, bad } = parseQueue("## Inbox\n- [ ] one\n## Inbox\n- [ ] two\n");
    expect(inbox?.items.map(({ text }) => text)).toEqual(["one"]);
    expect(bad.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "a second Inbox; move its lines to the first one"],
    ]);
  });
});

function titles(text: string): string[] {
  return parseQueue(text).tasks.map(({ task }) => task.title);
}

function states(text: string) {
  return parseQueue(text).tasks.map(({ task }) => task.state);
}
