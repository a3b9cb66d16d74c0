import { describe, expect, test } from "vitest";

import { waitsForChildren } from "../../src/core/move.ts";
import type { Result } from "../../src/core/outcome.ts";
import type { Outcome, Task } from "../../src/core/task.ts";
import { parseResult, renderResult } from "../../src/format/result.ts";
import { tendTask, type Care } from "../../src/main/tend-task.ts";
import { readLedger } from "../../src/ledger/view.ts";
import { after, aLedger, aSnapshot, queueText } from "../support/ledgers.ts";
import { ada, adasTask, adasToken, anId, aPastAttempt, aTask, bobsToken } from "../support/tasks.ts";

const care: Care = { me: ada, now: new Date("2026-11-21T12:00:00Z"), lost: new Map() };

describe("main, on an open task", () => {
  test("leaves it alone when it is as it should be", async () => {
    for (const task of [aTask(), adasTask(), aTask({ state: { kind: "needs-human", why: "" } })]) {
      expect(tendTask(task, await aLedger([task]), care)).toBeUndefined();
    }
  });

  test.each([
    ["was queued", aTask({ state: { kind: "cancelled" } })],
    ["ran before", aTask({ state: { kind: "cancelled" }, attempt: 2 })],
  ])("ends it as cancelled when a person asked for that and it %s", async (_, task) => {
    expect(await outcomeOf(task, care)).toBe("cancelled");
  });

  test("leaves a cancelled one to the worker that runs it, unless that shows no sign of life", async () => {
    const task = adasTask({ state: { kind: "cancelled", lease: { by: ada, token: adasToken } } });
    expect(tendTask(task, await aLedger([task]), care)).toBeUndefined();
    const lost = new Map([[task.id, { token: adasToken, silentSeconds: 361 }]]);
    expect(await outcomeOf(task, { ...care, lost })).toBe("cancelled");
    const others = new Map([[task.id, { token: bobsToken, silentSeconds: 361 }]]);
    expect(tendTask(task, await aLedger([task]), { ...care, lost: others })).toBeUndefined();
  });

  test("ends it as expired when it was not started in time", async () => {
    const late = aTask({ request: { expires: "2026-11-21T12:00:00Z" } });
    expect(await outcomeOf(late, care)).toBe("expired");
  });

  test("says of an expired one whether it ever was started", async () => {
    const late = aTask({ request: { expires: "2026-11-21T12:00:00Z" } });
    expect(await whyOf(late)).toBe("it was not started before 2026-11-21T12:00:00Z");
    expect(await whyOf({ ...late, attempt: 1, tried: [aPastAttempt()] })).toBe(
      "it did not end before 2026-11-21T12:00:00Z, and is not started again",
    );
  });

  test("lets a running one run past the time before which it had to start", async () => {
    const task = adasTask({ request: { expires: "2026-11-21T12:00:00Z" } });
    expect(tendTask(task, await aLedger([task]), care)).toBeUndefined();
  });

  test("takes the section of a finished one off the queue: results win over a bad merge", async () => {
    const ledger = await aLedger([aTask()], { "worker/RESULTS/T-20261121-00001.md": "the result" });
    const change = tendTask(aTask(), ledger, care);
    expect(change?.files.size).toBe(0);
    expect((await after(ledger, change!)).tasks).toEqual([]);
  });
});

describe("main, on a lease without a sign of life", () => {
  const lost = new Map([[anId(), { token: adasToken as string, silentSeconds: 361 }]]);

  test("gives the task back to the queue", async () => {
    const ledger = await aLedger([adasTask()]);
    const change = tendTask(adasTask(), ledger, { ...care, lost });
    expect((await after(ledger, change!)).tasks).toMatchObject([
      { state: { kind: "queued" }, attempt: 1, tried: [{ end: "lost", why: "no sign of life for 361 s" }] },
    ]);
  });

  test("asks a person after the third time", async () => {
    const task = adasTask({ attempt: 3, tried: [aPastAttempt(), aPastAttempt({ attempt: 2 })] });
    const ledger = await aLedger([task]);
    const change = tendTask(task, ledger, { ...care, lost });
    expect((await after(ledger, change!)).tasks).toMatchObject([{ state: { kind: "needs-human" } }]);
  });

  test("does nothing when the task was claimed anew since it was watched", async () => {
    const again = adasTask({ state: { kind: "running", by: ada, token: bobsToken } });
    expect(tendTask(again, await aLedger([again]), { ...care, lost })).toBeUndefined();
  });
});

describe("main, on a task that waits for those it handed out", () => {
  const parent = aTask({
    id: anId(2),
    attempt: 1,
    state: { kind: "blocked", why: waitsForChildren },
    tried: [aPastAttempt({ end: "waiting" })],
    children: [anId(1), anId(3)],
  });
  const other = aTask({ id: anId(3), request: { parent: anId(2) } });

  test("leaves it alone while one of them is open, however many have ended: that is no push", async () => {
    const ledger = await aLedger([parent, other], resultFile("failed"));
    expect(tendTask(ledger.tasks[0]!, ledger, care)).toBeUndefined();
  });

  test("leaves it alone when a person has blocked it meanwhile", async () => {
    const aside: Task = { ...parent, state: { kind: "blocked", why: "until Monday" } };
    for (const tasks of [[aside], [aside, other]]) {
      expect(tendTask(aside, await aLedger(tasks, resultFile("failed")), care)).toBeUndefined();
    }
  });

  test("lets it go on after the time before which it had to begin: it did", async () => {
    const late = { ...parent, request: { expires: "2026-11-21T11:00:00Z" } };
    expect(tendTask(late, await aLedger([late, other], resultFile("failed")), care)).toBeUndefined();
    const change = tendTask(late, await aLedger([late], resultFile("failed")), care);
    expect(change?.edits).toMatchObject([{ task: { state: { kind: "queued" } } }]);
  });

  test.each([
    ["has ended, in whatever way", parent],
    ["was taken away by a person", { ...parent, children: [anId(1), anId(9)] }],
  ])("lets it go on when the last of them %s, and remembers them", async (_, waiting) => {
    const files = { ...resultFile("failed"), [`worker/RESULTS/${anId(3)}.md`]: "whatever it says" };
    const ledger = await aLedger([waiting], files);
    const next = await after(ledger, tendTask(waiting, ledger, care)!, files);
    expect(next.tasks).toMatchObject([{ state: { kind: "queued" }, children: waiting.children }]);
  });

  test("leaves it alone while the section of one cannot be read", async () => {
    const queue = queueText([parent]);
    const spoilt = `## ${anId(3)} Part\n\n- state: quued\n\nx\n\n`;
    const ledger = await readLedger(
      aSnapshot({
        "worker/QUEUE.md": queue.replace("## Inbox", `${spoilt}## Inbox`),
        ...resultFile("failed"),
      }),
    );
    expect(tendTask(ledger.tasks[0]!, ledger, care)).toBeUndefined();
  });
});

describe("main, on a task that comes after another", () => {
  const waiting = aTask({ id: anId(2), request: { after: [anId(1)] } });

  test("blocks it while the other is open, and says which", async () => {
    const ledger = await aLedger([adasTask(), waiting]);
    const change = tendTask(waiting, ledger, care);
    expect((await after(ledger, change!)).tasks[1]?.state).toEqual({
      kind: "blocked",
      why: "comes after T-20261121-00001",
    });
  });

  test("releases it when the other has succeeded", async () => {
    const blocked: Task = { ...waiting, state: { kind: "blocked", why: "comes after T-20261121-00001" } };
    const ledger = await aLedger([blocked], resultFile("succeeded"));
    const change = tendTask(blocked, ledger, care);
    expect((await after(ledger, change!, resultFile("succeeded"))).tasks).toMatchObject([
      { state: { kind: "queued" } },
    ]);
  });

  test.each([
    [resultFile("failed"), "comes after T-20261121-00001, which ended as failed"],
    [{}, "comes after T-20261121-00001, which nobody knows"],
  ])("keeps it blocked when the other will never succeed, and says why", async (files, why) => {
    const change = tendTask(waiting, await aLedger([waiting], files), care);
    expect(change?.edits).toMatchObject([{ task: { state: { kind: "blocked", why } } }]);
  });

  test.each([
    ["has failed", resultFile("failed"), `it comes after ${anId()}, which ended as failed`],
    ["was taken away", {}, `it comes after ${anId()}, which was taken away`],
  ])("ends a child when the other %s: somebody waits for it", async (_, files, why) => {
    const blocked: Task = { ...waiting, state: { kind: "blocked", why: `comes after ${anId()}` } };
    for (const task of [
      { ...waiting },
      blocked,
      { ...waiting, state: { kind: "needs-approval" as const } },
    ]) {
      const child = { ...task, request: { ...task.request, parent: anId(3) } };
      const ledger = await aLedger([child], files);
      const next = await after(ledger, tendTask(child, ledger, care)!, files);
      expect(next.tasks).toEqual([]);
      const result = parseResult((await next.snapshot.read(`worker/RESULTS/${child.id}.md`)) ?? "");
      expect(result).toMatchObject({ outcome: "cancelled", why });
    }
  });

  test("keeps a child blocked while the result of the other cannot be read", async () => {
    const child = { ...waiting, request: { ...waiting.request, parent: anId(3) } };
    const ledger = await aLedger([child], { [`worker/RESULTS/${anId()}.md`]: "spoilt" });
    expect(tendTask(child, ledger, care)?.edits).toMatchObject([{ task: { state: { kind: "blocked" } } }]);
  });

  test("does not block again at each look what comes after more tasks than a line can name", async () => {
    const many = aTask({
      id: anId(40),
      request: { after: Array.from({ length: 15 }, (_, n) => anId(n + 1)) },
    });
    const ledger = await aLedger([many]);
    const next = await after(ledger, tendTask(many, ledger, care)!);
    expect(tendTask(next.tasks[0]!, next, care)).toBeUndefined();
  });

  test("leaves alone what a person blocked, even if it comes after one that has succeeded", async () => {
    const aside: Task = { ...waiting, state: { kind: "blocked", why: "until Monday" } };
    expect(tendTask(aside, await aLedger([aside], resultFile("succeeded")), care)).toBeUndefined();
    expect(tendTask(aside, await aLedger([aside, adasTask()]), care)).toBeUndefined();
  });

  test("leaves alone what a person blocked", async () => {
    const blocked = aTask({ state: { kind: "blocked", why: "until Monday" } });
    expect(tendTask(blocked, await aLedger([blocked]), care)).toBeUndefined();
  });
});

async function outcomeOf(task: Task, about: Care): Promise<Outcome | undefined> {
  return (await resultOf(task, about))?.outcome;
}

async function whyOf(task: Task): Promise<string | undefined> {
  return (await resultOf(task, care))?.why;
}

async function resultOf(task: Task, about: Care): Promise<Result | undefined> {
  const ledger = await aLedger([task]);
  const change = tendTask(task, ledger, about);
  const next = await after(ledger, change!);
  expect(next.tasks).toEqual([]);
  const result = parseResult((await next.snapshot.read(`worker/RESULTS/${task.id}.md`)) ?? "");
  return "problem" in result ? undefined : result;
}

function resultFile(outcome: Outcome): Record<string, string> {
  const text = renderResult({
    id: anId(1),
    title: "t",
    outcome,
    why: undefined,
    lease: undefined,
    attempt: 1,
    text: "",
    started: undefined,
    ended: "2026-11-21T10:00:00Z",
    request: {},
    tried: [],
    facts: {},
  });
  return { "worker/RESULTS/T-20261121-00001.md": text };
}
