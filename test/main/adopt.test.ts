import { describe, expect, test } from "vitest";

import { adopt } from "../../src/main/adopt.ts";
import type { Result } from "../../src/core/outcome.ts";
import { appendResults } from "../../src/format/archive.ts";
import { renderResult } from "../../src/format/result.ts";
import { readLedger } from "../../src/ledger/view.ts";
import { drawing } from "../support/draws.ts";
import { after, aSnapshot, queueText } from "../support/ledgers.ts";
import { anId, aTask } from "../support/tasks.ts";

const today = new Date("2026-11-21T10:00:00.5Z");

describe("main makes a task", () => {
  test("of a bare line in the Inbox, with what is indented below it", async () => {
    const { tasks, text } = await adopted(
      "## Inbox\n\n- [ ] water the plants\n  the cactus too\n- [x] done\n",
    );
    expect(tasks).toMatchObject([
      { title: "water the plants", prompt: "water the plants\nthe cactus too", state: { kind: "queued" } },
    ]);
    expect(tasks[0]?.request).toEqual({ executor: "openclaw", created: "2026-11-21T10:00:00Z" });
    expect(text).toMatch(/## Inbox\n\n- \[x\] done\n$/);
  });

  test("of a section without an id, and leaves what was written there as it is", async () => {
    const { tasks, text } = await adopted(
      "## Sort the mail\n\n- priority: high\n\nAll of *it*.\n\n## Inbox\n",
    );
    expect(tasks).toMatchObject([
      { title: "Sort the mail", prompt: "All of *it*.", request: { priority: "high", executor: "openclaw" } },
    ]);
    expect(text).toContain("- priority: high\n\nAll of *it*.\n\n## Inbox\n");
  });

  test("of a file in INBOX/, and takes the file away", async () => {
    const { tasks, files } = await adopted("## Inbox\n", {
      "worker/INBOX/moon.md": "# Weigh the moon\n\n- executor: command\n\necho heavy\n",
    });
    expect(tasks).toMatchObject([
      { title: "Weigh the moon", prompt: "echo heavy", request: { executor: "command" } },
    ]);
    expect(files.get("worker/INBOX/moon.md")).toBeNull();
  });

  test("that is queued at once when the one it comes after has succeeded", async () => {
    const files = { [`worker/RESULTS/${anId(9)}.md`]: succeeded };
    const { tasks } = await adopted(`## Next\n\n- after: ${anId(9)}\n\nGo on.\n\n## Inbox\n`, files);
    expect(tasks).toMatchObject([{ state: { kind: "queued" } }]);
  });

  test("that is blocked while the one it comes after is not known", async () => {
    const { tasks } = await adopted(`## Next\n\n- after: ${anId(9)}\n\nGo on.\n`);
    expect(tasks).toMatchObject([
      { state: { kind: "blocked", why: `comes after ${anId(9)}, which nobody knows` } },
    ]);
  });

  test("that waits for a person when an approval is required", async () => {
    const { tasks } = await adopted("## Delete the backups\n\n- approval: required\n\nAll of them.\n");
    expect(tasks).toMatchObject([{ state: { kind: "needs-approval" } }]);
  });
});

describe("main cancels at once, for an earlier task has its key,", () => {
  const first = aTask({ request: { key: "nightly" } });
  const file = { "worker/INBOX/a.md": "# Back up\n\n- key: nightly\n\nAll of it.\n" };

  test("a file in INBOX/, which goes", async () => {
    const { tasks, files, notes } = await adopted(queueText([first]), file);
    expect(tasks).toMatchObject([{ id: first.id }, { title: "Back up", state: { kind: "cancelled" } }]);
    expect(files.get("worker/INBOX/a.md")).toBeNull();
    expect(notes).toMatchObject([{ from: "inbox", twin: first.id }]);
  });

  test("a section, also when the earlier one has ended", async () => {
    const result = renderResult({ ...aResult, request: { key: "nightly" } });
    const { tasks, notes } = await adopted("## Back up\n\n- key: nightly\n\nAll.\n", {
      [`worker/RESULTS/${anId(9)}.md`]: result,
    });
    expect(tasks).toMatchObject([{ state: { kind: "cancelled" } }]);
    expect(notes).toMatchObject([{ from: "section", twin: anId(9) }]);
  });

  test("the second of two that come together", async () => {
    const { tasks } = await adopted("## Inbox\n", {
      ...file,
      "worker/INBOX/b.md": file["worker/INBOX/a.md"],
    });
    expect(tasks).toMatchObject([{ state: { kind: "queued" } }, { state: { kind: "cancelled" } }]);
  });
});

test("main gives no task an id that an archived one had", async () => {
  const chance = drawing(anId(9), anId(8));
  const { tasks } = await adopted(
    "## Next\n\nGo on.\n",
    { "worker/ARCHIVE/2026/11/21.md": appendResults("", [{ id: anId(9), text: succeeded }]) },
    chance,
  );
  expect(tasks).toMatchObject([{ id: anId(8) }]);
});

describe("main leaves alone", () => {
  test("a file that makes no task, and says why", async () => {
    const { bad, files } = await adopted("", { "worker/INBOX/x.md": "---\nprioritty: high\n---\nDo it.\n" });
    expect(bad).toEqual([{ name: "x.md", reason: "unknown key prioritty; did you mean priority?" }]);
    expect(files.size).toBe(0);
  });

  test("READMEs, and what is no Markdown", async () => {
    const { tasks } = await adopted("", { "worker/INBOX/README.md": "Hello", "worker/INBOX/a.txt": "b" });
    expect(tasks).toEqual([]);
  });
});

async function adopted(queue: string, files: Record<string, string> = {}, chance = anyChance()) {
  const ledger = await readLedger(aSnapshot({ "worker/QUEUE.md": queue, ...files }));
  const {
    change,
    bad,
    adopted: notes,
  } = await adopt(ledger, { today, chance, defaults: { executor: "openclaw" } });
  const next = await after(ledger, change, files);
  return { tasks: next.tasks, text: next.queue.text, files: change.files, bad, notes };
}

function anyChance(): () => number {
  let seed = 1;
  return () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
}

const aResult: Result = {
  id: anId(9),
  title: "t",
  outcome: "succeeded",
  why: undefined,
  lease: undefined,
  attempt: 1,
  started: undefined,
  ended: "2026-11-21T09:00:00Z",
  request: {},
  tried: [],
  facts: {},
  text: "",
};

const succeeded = renderResult(aResult);
