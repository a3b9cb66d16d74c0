import { describe, expect, test } from "vitest";

import type { NodeName } from "../../src/core/ids.ts";
import { waitsForChildren } from "../../src/core/move.ts";
import type { Outcome, Task } from "../../src/core/task.ts";
import { renderResult } from "../../src/format/result.ts";
import { legal, type Legality } from "../../src/ledger/legal.ts";
import { readStep } from "../../src/ledger/step.ts";
import { aSnapshot, queueText } from "../support/ledgers.ts";
import { aPastAttempt, aTask, ada, adasTask, anId, bob } from "../support/tasks.ts";

const parent = adasTask();
const own = { parent: anId(), by: anId(), key: `${anId()}/acme` };
const child = aTask({ id: anId(2), request: own });
const waited = aPastAttempt({ end: "waiting", why: "compare them" });
const waits = (about: Partial<Task> = {}) =>
  aTask({
    attempt: 1,
    tried: [waited],
    children: [child.id],
    state: { kind: "blocked", why: waitsForChildren },
    ...about,
  });
const goesOn = waits({ state: { kind: "queued" } });

const dearer = adasTask({ request: { needs: ["gpu", "macos"], priority: "low" } });
const aside = waits({ state: { kind: "blocked", why: "until Monday" } });
const second = aTask({ id: anId(3), request: { ...own, after: [child.id] } });

type Case = {
  before: Task[];
  after: Task[];
  by?: NodeName;
  had?: Record<string, string>;
  brought?: Record<string, string>;
};

describe("the tasks that a task hands out", () => {
  test.each<[string, Case]>([
    ["come from the worker that runs it", { before: [parent], after: [parent, child] }],
    ["come in the commit in which it waits", { before: [parent], after: [waits(), child] }],
    ["hold it back until they have ended", { before: [waits()], after: [goesOn], by: bob }],
    ["may have ended when it begins to wait", { before: [parent], after: [waits()], had: ended(child) }],
    [
      "need all that it needs, and are not more urgent",
      {
        before: [dearer],
        after: [dearer, { ...child, request: { ...own, needs: ["macos", "gpu"], priority: "low" } }],
      },
    ],
    [
      "end without having begun when they come after one that failed",
      {
        before: [second],
        after: [],
        by: bob,
        had: ended(child, "failed"),
        brought: ended(second, "cancelled"),
      },
    ],
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
    [
      /T-20261121-00002 was approved before anybody could read it/,
      {
        before: [parent],
        after: [
          parent,
          {
            ...child,
            request: { ...own, approval: "required" },
            state: { kind: "needs-approval" },
            approved: { by: "aaron", at: "2026-11-21T12:00:00Z", digest: "0f3a".repeat(8), stands: true },
          },
        ],
      },
    ],
    [/began with an attempt behind it/, born({ children: [anId(7)] })],
    [/asked for by nobody/, born({ request: { ...own, by: undefined } })],
    [/asked for by aaron/, born({ request: { ...own, by: "aaron" } })],
    [/the key of T-20261121-00002 is not one of/, born({ request: { ...own, key: "nightly" } })],
    [/the key of T-20261121-00002 is not one of/, born({ request: { ...own, key: undefined } })],
    [
      /does not need macos, but/,
      {
        before: [dearer],
        after: [dearer, { ...child, request: { ...own, needs: ["gpu"], priority: "low" } }],
      },
    ],
    [/is more urgent than/, { before: [adasTask({ request: { priority: "low" } })], after: [parent, child] }],
    [/is more urgent than/, born({ request: { ...own, priority: "high" } })],
    [/waits for T-20261121-00009, which/, { before: [parent], after: [waits({ children: [anId(9)] })] }],
    [
      /waits for T-20261121-00009, which it has not handed out/,
      {
        before: [parent],
        after: [waits({ children: [anId(9)] })],
        had: ended(aTask({ id: anId(9), request: { parent: anId(8) } })),
      },
    ],
    [
      /was blocked by a person/,
      { before: [aside], after: [{ ...aside, state: { kind: "queued" } }], by: bob },
    ],
    [
      /was blocked by a person/,
      { before: [aside, child], after: [{ ...aside, state: waits().state }, child], by: bob },
    ],
    [
      /was blocked, and ended as cancelled/,
      {
        before: [aTask({ ...second, state: { kind: "blocked", why: `comes after ${child.id}` } })],
        after: [],
        by: bob,
        had: ended(child, "succeeded"),
        brought: ended(second, "cancelled"),
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

function born(about: Partial<Task>): Case {
  return { before: [parent], after: [parent, { ...child, ...about }] };
}

function ended({ id, title, request, attempt }: Task, outcome: Outcome = "failed"): Record<string, string> {
  const parts = { why: undefined, lease: undefined, started: undefined, tried: [], facts: {}, text: "" };
  const about = { id, title, request, attempt, outcome, ended: "2026-11-21T12:00:00Z", ...parts };
  return { [`worker/RESULTS/${id}.md`]: renderResult(about) };
}

async function judged({ before, after, by = ada, had = {}, brought = {} }: Case): Promise<Legality> {
  const file = (tasks: Task[], files: Record<string, string>, commit: string) =>
    aSnapshot({ "worker/QUEUE.md": queueText(tasks), ...files }, commit.repeat(40));
  const step = await readStep(file(before, had, "1"), file(after, { ...had, ...brought }, "2"));
  return legal(step, by === ("person" as NodeName) ? undefined : by);
}
