import { describe, expect, test } from "vitest";

import type { NodeName } from "../../src/core/ids.ts";
import type { Task } from "../../src/core/task.ts";
import { legal, type Legality } from "../../src/ledger/legal.ts";
import { readStep } from "../../src/ledger/step.ts";
import { aSnapshot, queueText } from "../support/ledgers.ts";
import { aPastAttempt, aTask, ada, adasTask, anId, bob } from "../support/tasks.ts";

const parent = adasTask();
const child = aTask({ id: anId(2), request: { parent: anId() } });
const waited = aPastAttempt({ end: "waiting", why: "compare them" });
const waits = (about: Partial<Task> = {}) =>
  aTask({
    attempt: 1,
    tried: [waited],
    children: [child.id],
    state: { kind: "blocked", why: `waits for ${child.id}` },
    ...about,
  });
const goesOn = waits({ state: { kind: "queued" } });

type Case = { before: Task[]; after: Task[]; by?: NodeName };

describe("the tasks that a task hands out", () => {
  test.each<[string, Case]>([
    ["come from the worker that runs it", { before: [parent], after: [parent, child] }],
    ["come in the commit in which it waits", { before: [parent], after: [waits(), child] }],
    ["hold it back until they have ended", { before: [waits()], after: [goesOn], by: bob }],
    [
      "no longer hold it back when a person says so",
      { before: [waits(), child], after: [goesOn, child], by: "person" as NodeName },
    ],
  ])("%s", async (_, given) => {
    expect(await judged(given)).toEqual({ kind: "legal" });
  });

  test.each<[RegExp, Case]>([
    [
      /bob handed T-20261121-00002 out for T-20261121-00001, which it does not run/,
      { before: [parent], after: [parent, child], by: bob },
    ],
    [/which it does not run/, { before: [aTask()], after: [aTask(), child] }],
    [/which it does not run/, { before: [], after: [child] }],
    [
      /needs no approval, but T-20261121-00001/,
      {
        before: [adasTask({ request: { approval: "required" } })],
        after: [adasTask({ request: { approval: "required" } }), child],
      },
    ],
    [/bob ended an attempt of ada/, { before: [parent, child], after: [waits(), child], by: bob }],
    [/went from running to blocked/, { before: [parent], after: [waits({ children: undefined })] }],
    [
      /went from running to blocked/,
      { before: [parent, child], after: [waits({ tried: [aPastAttempt()] }), child] },
    ],
    [/without a word/, { before: [adasTask({ tried: [waited] }), child], after: [waits(), child] }],
    [
      /which it has not handed out/,
      { before: [parent, aTask({ id: child.id })], after: [waits(), aTask({ id: child.id })] },
    ],
    [
      /waits for nothing new/,
      {
        before: [adasTask({ attempt: 1, children: [child.id] }), child],
        after: [waits(), child],
      },
    ],
    [
      /waits, but is not blocked/,
      { before: [parent, child], after: [waits({ children: undefined, state: { kind: "queued" } }), child] },
    ],
    [
      /what T-20261121-00001 waits for was changed/,
      { before: [waits()], after: [waits({ children: [anId(7)] })] },
    ],
    [
      /what T-20261121-00001 waits for was changed/,
      { before: [parent], after: [adasTask({ children: [anId(7)] })] },
    ],
    [
      /went on before the tasks that it waits for had ended/,
      { before: [waits(), child], after: [goesOn, child], by: bob },
    ],
    [
      /went on before/,
      { before: [waits(), child], after: [waits({ state: { kind: "queued" }, tried: [] }), child], by: bob },
    ],
  ])("are illegal: %s", async (reason, given) => {
    expect(await judged(given)).toMatchObject({ kind: "illegal", reason: expect.stringMatching(reason) });
  });
});

async function judged({ before, after, by = ada }: Case): Promise<Legality> {
  const file = (tasks: Task[]) =>
    aSnapshot({ "worker/QUEUE.md": queueText(tasks) }, String(tasks.length + 1).repeat(40));
  const step = await readStep(file(before), file(after));
  return legal(step, by === ("person" as NodeName) ? undefined : by);
}
