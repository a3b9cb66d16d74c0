import { describe, expect, test } from "vitest";

import { TaskId } from "../../src/core/ids.ts";
import { appendResults } from "../../src/format/archive.ts";
import { renderResult } from "../../src/format/result.ts";
import { isEmpty } from "../../src/ledger/change.ts";
import { readLedger } from "../../src/ledger/view.ts";
import { submission, submitTask } from "../../src/main/submit-task.ts";
import { drawing } from "../support/draws.ts";
import { aResult } from "../support/formats.ts";
import { after, aLedger, aSnapshot, queueText } from "../support/ledgers.ts";
import { anId, aTask } from "../support/tasks.ts";

const id = anId();
const asked = { id, title: "Rebuild the nightly report", prompt: "Do it.", request: {} };

const succeeded = renderResult({
  ...asked,
  outcome: "succeeded",
  why: undefined,
  lease: undefined,
  attempt: 1,
  started: undefined,
  ended: "2026-11-21T10:00:00Z",
  tried: [],
  facts: {},
  text: "done",
});

/** The push landed, but no answer came, and this is what the next look shows. */
describe("a submission that is decided again", () => {
  test("adds nothing when the task is in the queue", async () => {
    const { change, answer } = await submitTask(await aLedger([aTask()]), asked);
    expect(isEmpty(change)).toBe(true);
    expect(answer).toMatchObject({ id, state: "queued", existing: false });
  });

  test("adds nothing when the task has ended meanwhile, and its result is archived already", async () => {
    const ledger = await aLedger([], {
      "worker/ARCHIVE/2026/11/21.md": appendResults("", [{ id, text: succeeded }]),
    });
    const { change, answer } = await submitTask(ledger, asked);
    expect(isEmpty(change)).toBe(true);
    expect(answer).toMatchObject({ state: "succeeded" });
  });

  test("adds nothing when a person has spoilt its section meanwhile", async () => {
    const spoilt = queueText([aTask()]).replace("- state: queued", "- state: qeued");
    const { change } = await submitTask(await readLedger(aSnapshot({ "worker/QUEUE.md": spoilt })), asked);
    expect(isEmpty(change)).toBe(true);
  });
});

describe("a submission whose id is taken", () => {
  const { id: _, ...words } = asked;
  const mine = { ...words, request: { created: "2026-11-21T10:00:00Z" } };
  const today = new Date("2026-11-21T10:00:00Z");

  test.each([
    ["of an open task", { "worker/QUEUE.md": queueText([aTask()]) }],
    [
      "of a section that cannot be read",
      { "worker/QUEUE.md": queueText([aTask()]).replace("queued", "qeued") },
    ],
    ["of a result that cannot be read", { [`worker/RESULTS/${id}.md`]: "?" }],
    [
      "of an archived result",
      { "worker/ARCHIVE/2026/11/21.md": appendResults("", [{ id, text: succeeded }]) },
    ],
  ])("draws another: it is that %s", async (__, files) => {
    const ledger = await readLedger(aSnapshot({ "worker/QUEUE.md": queueText([]), ...files }));
    const { change, answer } = await submission(mine, { today, chance: drawing(id, anId(2)) })(ledger);
    expect(answer).toEqual({ id: anId(2), state: "queued", existing: false });
    expect(isEmpty(change)).toBe(false);
  });

  test("keeps its id when its own push has landed, and draws another when that was another's", async () => {
    const empty = await aLedger([]);
    const decide = submission(mine, { today, chance: drawing(id, anId(2)) });
    const { change } = await decide(empty);
    const again = await decide(await after(empty, change));
    expect(again).toMatchObject({ answer: { id } });
    expect(isEmpty(again.change)).toBe(true);
    const { answer } = await decide(await aLedger([aTask({ request: { created: "2026-11-21T09:00:00Z" } })]));
    expect(answer).toMatchObject({ id: anId(2) });
  });
});

describe("a key", () => {
  const keyed = { ...asked, id: anId(3), request: { key: "nightly" } };

  test("is answered with the task that has it, before one that was cancelled", async () => {
    const cancelled = aTask({ state: { kind: "cancelled" }, request: { key: "nightly" } });
    const open = aTask({ id: anId(2), request: { key: "nightly" } });
    const { answer } = await submitTask(await aLedger([cancelled, open]), keyed);
    expect(answer).toEqual({ id: anId(2), state: "queued", existing: true });
    const { answer: only } = await submitTask(await aLedger([cancelled]), keyed);
    expect(only).toEqual({ id, state: "cancelled", existing: true });
  });

  test("is taken by a task whose section cannot be read, until that is mended", async () => {
    const spoilt = queueText([aTask({ request: { key: "nightly" } }), aTask({ id: anId(2) })]).replace(
      "- key: nightly",
      "- key: nightly\n- prioritty: high",
    );
    const { answer } = await submitTask(await aLedger([], { "worker/QUEUE.md": spoilt }), keyed);
    expect(answer).toEqual({ id, state: "queued", existing: true });
  });

  test.each([
    ["is taken", "of an archived task of the same day", "T-20261121-a0000", "2026/11/21.md"],
    ["is taken", "of one in the second file of a day", "T-20261121-a0000", "2026/11/21-2.md"],
    ["is taken", "of one a week old", "T-20261114-a0000", "2026/11/14.md"],
    ["is taken", "of one of tomorrow, by another clock", "T-20261122-a0000", "2026/11/22.md"],
    ["is free again", "of one older than a week", "T-20261113-a0000", "2026/11/13.md"],
  ])("%s that is that %s", async (word, _, archived, file) => {
    const old = TaskId.parse(archived);
    const text = renderResult(aResult({ id: old, request: { key: "nightly" } }));
    const decoy = renderResult(aResult({ id: anId(9), text: "monkey: nightly\nkey: nightly\n" }));
    const entries = [
      { id: anId(9), text: decoy },
      { id: old, text },
    ];
    const day = `worker/ARCHIVE/${file}`;
    const full = { "worker/ARCHIVE/2026/11/21.md": "", [day]: appendResults("", entries) };
    const { answer } = await submitTask(await aLedger([], full), keyed);
    expect(answer.id).toBe(word === "is taken" ? old : anId(3));
  });
});
