import { describe, expect, test } from "vitest";

import { NodeName, newTaskId, Token } from "../../src/core/ids.ts";
import { Request } from "../../src/core/request.ts";
import type { OpenState, Task } from "../../src/core/task.ts";
import { editQueue } from "../../src/format/queue-edit.ts";
import { machineKeys } from "../../src/format/queue-header.ts";
import { tidy } from "../../src/format/queue-prompt.ts";
import { parseQueue, type Queue, type TaskSection } from "../../src/format/queue.ts";
import { Random } from "../support/random.ts";

/** Pieces of documents that a person, a merge or a hostile text might leave. */
const pieces = [
  "## T-20261121-7k3qx A title\n",
  "## T-20261121-a91mz Another\n\n",
  "## T-20261121-0c4de\n",
  "## T-99999999-abcde no such day\n",
  "## T-20261121-../../x\n",
  "##\n",
  "## \n",
  "## Buy milk\n",
  "##\tTab\n",
  "## Inbox\n",
  "## inbox \n\n",
  "# Heading\n",
  "### Deeper\n",
  "- state: queued\n",
  "- state: running\n- lease: w3 9f3c21aa0b1d2e3f\n- attempt: 2\n",
  "- state: running\n",
  "- state: quued\n",
  "* state : cancelled\n",
  "  - state:blocked\n- why: by hand\n",
  "- tried: 1 w1 lost 2026-11-21T10:00:00Z no sign of life\n",
  "- tried: nonsense\n",
  "- attempt: 3\n",
  "- needs: gpu, linux\n",
  "- priority: high\n",
  "- prioritiy: high\n",
  "- timeout: soon\n",
  "- signed: somebody\n",
  "- a point: of the prompt\n",
  "\n",
  "\n\n",
  " \t\n",
  "\r\n",
  "\r",
  "text\n",
  "text without an end",
  "Zeile mit Ümläuten 🪼 und\u2028mehr\n",
  "\udcff\udc80\n",
  "\0\n",
  "```\n",
  "```sh\n",
  "````\n",
  "  ~~~\n",
  "~~~~ info ` string\n",
  "\\```\n",
  "<!--\n",
  "<!-- pawl -->\n",
  "-->\n",
  "a --> b\n",
  "--\\> c\n",
  "<<<<<<< HEAD\n",
  "=======\n",
  "||||||| base\n",
  ">>>>>>> theirs\n",
  "\\## escaped\n",
  "\\\\## T-20261121-7k3qx twice\n",
  "- [ ] do this\n",
  "- [ ] do that\n  with more\n\n  lines\n",
  "* [] star\n\tand tab\n",
  "- [x] done\n",
  "    - state: queued\n",
  "\ufeff",
];

const rounds = 20_000;

describe("any document", { timeout: 60_000 }, () => {
  test("is read without a fault, and an edit of nothing changes nothing", () => {
    each(1, (document) => {
      expect(editQueue(parseQueue(document), [])).toBe(document);
    });
  });

  test("keeps each byte but the machine's lines of a section that is set, and says what was set", () => {
    each(2, (document, random) => {
      const queue = parseQueue(document);
      const section = somewhere(queue, random);
      if (!section) return;
      const state = someState(random);
      const task: Task = { ...section.task, state, attempt: 7, tried: [past] };
      const after = editQueue(queue, [{ kind: "set", task }]);
      // A header where there was none has blank lines around it; nothing else may differ.
      const same = section.place.header.length > 0 ? (text: string) => text.replace(/\r?\n$/, "") : squeezed;
      expect(same(withoutMachineLines(after, state))).toBe(same(withoutOwnLines(document, section)));
      expect(find(parseQueue(after), task)).toEqual(task);
      expect(others(parseQueue(after), task)).toEqual(others(queue, task));
    });
  });

  test("keeps all other sections when one is removed", () => {
    each(3, (document, random) => {
      const queue = parseQueue(document);
      const section = somewhere(queue, random);
      if (!section) return;
      const { task, place } = section;
      const after = editQueue(queue, [{ kind: "remove", id: task.id }]);
      expect(after).toBe(document.slice(0, place.start) + document.slice(place.end));
    });
  });

  test("takes a new task of any text, gives it back as it was, and changes nothing else", () => {
    each(4, (document, random) => {
      const queue = parseQueue(document);
      const prompt = random.text(pieces, 8);
      const title = random.pick([
        "Do it",
        "## not a section",
        "- state: cancelled",
        "<!-- x",
        "Ümläute 🪼",
        "T-20261121-7k3qx",
      ]);
      const id = newTaskId(new Date("2030-01-02"), () => random.next());
      const request = Request.parse({ needs: "gpu", timeout: "1h30m", key: "k: - #" });
      const state = someState(random, ["queued", "needs-approval", "blocked"]);
      const after = editQueue(queue, [{ kind: "add", task: { id, title, prompt, request, state } }]);
      const added = { id, title, prompt: tidy(prompt) || title, request, state, attempt: 0, tried: [] };
      const read = parseQueue(after);
      expect(find(read, added)).toEqual(added);
      expect(others(read, added)).toEqual(others(queue, added));
      expect(read.bad.map(({ id, reason }) => ({ id, reason: reason.replace(/\d+/g, "n") }))).toEqual(
        queue.bad.map(({ id, reason }) => ({ id, reason: reason.replace(/\d+/g, "n") })),
      );
    });
  });

  test("gives each section without an id the one it gets, and each bare line can be taken away", () => {
    each(5, (document, random) => {
      const queue = parseQueue(document);
      const named = queue.unnamed.map((section) => ({
        kind: "name" as const,
        section,
        id: newTaskId(new Date("2030-01-02"), () => random.next()),
        state: { kind: "queued" } as const,
        request: Request.parse({ category: "chores" }),
      }));
      const items = queue.inbox?.items ?? [];
      const after = parseQueue(
        editQueue(queue, [...named, ...items.map((item) => ({ kind: "take" as const, item }))]),
      );
      for (const { id, section } of named) {
        const request = { category: "chores", ...section.request };
        const task = { id, title: section.title, prompt: section.prompt, request };
        expect(find(after, task)).toEqual({ ...task, state: { kind: "queued" }, attempt: 0, tried: [] });
      }
      expect(after.unnamed).toEqual([]);
      expect(after.inbox?.items ?? []).toEqual([]);
      expect(after.tasks.length).toBe(queue.tasks.length + named.length);
    });
  });
});

const past = {
  attempt: 6,
  by: NodeName.parse("w2"),
  end: "lost",
  ended: "2026-11-21T10:00:00Z",
  why: "gone",
} as const;

function each(seed: number, check: (document: string, random: Random) => void): void {
  const random = new Random(seed);
  for (let round = 0; round < rounds; round++) {
    const text = random.text(pieces, 16);
    const document = random.below(5) === 0 ? text.replaceAll("\n", "\r\n") : text;
    try {
      check(document, random);
    } catch (error) {
      throw new Error(`round ${round}: ${JSON.stringify(document)}`, { cause: error });
    }
  }
}

function someState(
  random: Random,
  kinds: OpenState["kind"][] = ["queued", "running", "blocked", "needs-human"],
): OpenState {
  const kind = random.pick(kinds);
  if (kind === "running") return { kind, by: NodeName.parse("w9"), token: Token.parse("0123456789abcdef") };
  return kind === "blocked" || kind === "needs-human" ? { kind, why: "it has to" } : { kind };
}

function somewhere(queue: Queue, random: Random): TaskSection | undefined {
  return queue.tasks.length === 0 ? undefined : random.pick(queue.tasks);
}

function find(queue: Queue, { id }: { id: string }): Task | undefined {
  return queue.tasks.find(({ task }) => task.id === id)?.task;
}

function others(queue: Queue, { id }: { id: string }) {
  return {
    tasks: queue.tasks.map(({ task }) => task).filter((task) => task.id !== id),
    unnamed: queue.unnamed.map(({ title, prompt, request }) => ({ title, prompt, request })),
    items: queue.inbox?.items.map(({ text }) => text),
  };
}

/** The document without the section's own machine lines. */
function withoutOwnLines(document: string, { place }: TaskSection): string {
  const own = place.header.filter(({ key }) => machineKeys.some((known) => known === key));
  let text = "";
  let at = 0;
  for (const { start, next } of own) {
    text += document.slice(at, start);
    at = next;
  }
  return text + document.slice(at);
}

/** The document without the lines that `set` wrote. */
function withoutMachineLines(document: string, state: OpenState): string {
  const eol = "\\r?\\n?";
  const block = new RegExp(
    `- state: ${state.kind}${eol}(?:- lease: w9 0123456789abcdef${eol})?- attempt: 7${eol}` +
      `(?:- why: it has to${eol})?- tried: 6 w2 lost 2026-11-21T10:00:00Z gone${eol}`,
  );
  return document.replace(block, "");
}

function squeezed(text: string): string {
  return text.replace(/[\r\n]+/g, "\n").replace(/\n$/, "");
}
