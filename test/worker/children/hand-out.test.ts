import { describe, expect, test } from "vitest";

import { parseResult, renderResult } from "../../../src/format/result.ts";
import { readInboxFile } from "../../../src/format/inbox.ts";
import { appendResults } from "../../../src/format/archive.ts";
import type { Result } from "../../../src/core/outcome.ts";
import type { Task } from "../../../src/core/task.ts";
import type { Ending } from "../../../src/core/outcome.ts";
import { legal } from "../../../src/ledger/legal.ts";
import { readStep } from "../../../src/ledger/step.ts";
import type { Ledger } from "../../../src/ledger/view.ts";
import type { Drop } from "../../../src/ports/task-inbox.ts";
import { decideExchange, type Intent } from "../../../worker/decide-exchange.ts";
import type { Finished } from "../../../worker/memory.ts";
import { Random } from "../../support/random.ts";
import { after, aLedger } from "../../support/ledgers.ts";
import { ada, adasTask, adasToken, anId, aPastAttempt, aTask, bob, bobsToken } from "../../support/tasks.ts";

const luck = new Random(1);
const chance = () => luck.next();
const now = new Date("2026-11-21T12:00:00Z");
const waits: Ending = { kind: "waits", note: "compare the offers", answer: "See you.", facts: {} };
const done: Ending = { kind: "succeeded", text: "All of it.", facts: { exit: 0 } };

describe("a task that hands others out while it runs", () => {
  test("has them queued as its own, and hears which they are", async () => {
    const parent = adasTask({ request: { needs: ["linux"], approval: "none" } });
    const { next, answers } = await handed([parent], ["# Ask Acme\n\nWhat is the price?", "Ask Bolt too"]);
    const [, acme, bolt] = next.tasks;
    expect(acme).toMatchObject({
      title: "Ask Acme",
      prompt: "What is the price?",
      state: { kind: "queued" },
      request: { needs: ["linux"], by: parent.id, parent: parent.id, created: "2026-11-21T12:00:00Z" },
    });
    expect(answers).toEqual([
      ["1.md", { kind: "queued", id: acme?.id, existing: false }],
      ["2.md", { kind: "queued", id: bolt?.id, existing: false }],
    ]);
  });

  test("gets the same ones again in another attempt, by their words or by their key", async () => {
    const drops = ["Ask Acme", "---\nkey: bolt\n---\nAsk Bolt"];
    const first = await handed([adasTask()], drops);
    const again = { ...adasTask(), attempt: 2 };
    const children = first.next.tasks.slice(1);
    const second = await handed([again, ...children], ["Ask Acme", "---\nkey: bolt\n---\nAsk Bolt, please"]);
    expect(second.next.tasks.map(({ id }) => id)).toEqual([again.id, ...children.map(({ id }) => id)]);
    expect(second.answers.map(([, answer]) => answer)).toEqual(
      children.map(({ id }) => ({ kind: "queued", id, existing: true })),
    );
  });

  test("gets one that has ended and been archived", async () => {
    const first = await handed([adasTask()], ["Ask Acme"]);
    const child = first.next.tasks[1] as Task;
    const text = renderResult(resultOf(child));
    const archive = { "worker/ARCHIVE/2026/11/21.md": appendResults(undefined, [{ id: child.id, text }]) };
    const second = await handed([adasTask({ attempt: 2 })], ["Ask Acme"], {}, archive);
    expect(second.answers).toEqual([["1.md", { kind: "queued", id: child.id, existing: true }]]);
  });

  test("gets two for the same words twice only under two keys", async () => {
    const twice = await handed([adasTask()], ["Toss a coin", "Toss a coin"]);
    expect(twice.next.tasks).toHaveLength(2);
    const keyed = await handed(
      [adasTask()],
      ["---\nkey: a\n---\nToss a coin", "---\nkey: b\n---\nToss a coin"],
    );
    expect(keyed.next.tasks).toHaveLength(3);
  });

  test("cannot take another task's key", async () => {
    const foreign = aTask({ id: anId(9), request: { key: "weekly" } });
    const { next, answers } = await handed([adasTask(), foreign], ["---\nkey: weekly\n---\nDo it"]);
    expect(answers).toMatchObject([["1.md", { kind: "queued", existing: false }]]);
    expect(next.tasks[2]?.request.key).toBe(`${anId()}/weekly`);
  });

  test.each([
    ["priority: urgent is above the task's own, normal", "---\npriority: urgent\n---\nNow!"],
    ["parent: only Pawl itself writes this key", `---\nparent: ${anId(3)}\n---\nDo it`],
    ["state: only Pawl itself writes this key", "---\nstate: running\n---\nDo it"],
    ["unknown key surprise", "---\nsurprise: yes\n---\nDo it"],
    [`after: ${anId(3)} is not a task that this one has handed out`, `---\nafter: ${anId(3)}\n---\nDo it`],
    ["1.md is empty", "\n\n"],
  ])("hears a clear word: %s", async (why, text) => {
    const { next, answers } = await handed([adasTask(), aTask({ id: anId(3) })], [text]);
    expect(answers).toEqual([["1.md", { kind: "refused", why: expect.stringContaining(why) }]]);
    expect(next.tasks).toHaveLength(2);
  });

  test("may have so many and no more, in all its attempts", async () => {
    const first = await handed([adasTask()], ["a", "b"], { most: 3 });
    const second = await handed(first.next.tasks, ["c", "d"], { most: 3 });
    expect(second.answers.map(([, { kind }]) => kind)).toEqual(["queued", "refused"]);
    expect(second.answers[1]?.[1]).toMatchObject({ why: expect.stringContaining("worker.children.most") });
  });

  test("may have grandchildren where the configuration lets it, and then no further", async () => {
    const parent = aTask({ id: anId(2) });
    const child = adasTask({ request: { parent: parent.id } });
    const one = await handed([parent, child], ["go on"]);
    expect(one.answers[0]?.[1]).toMatchObject({
      kind: "refused",
      why: expect.stringContaining("generations"),
    });
    const two = await handed([parent, child], ["go on"], { depth: 2 });
    expect(two.answers[0]?.[1]).toMatchObject({ kind: "queued" });
  });

  test("counts generations of parents that have ended", async () => {
    const parent = resultOf(aTask({ id: anId(2), request: { parent: anId(3) } }));
    const files = { [`worker/RESULTS/${anId(2)}.md`]: renderResult(parent) };
    const { answers } = await handed(
      [adasTask({ request: { parent: anId(2) } })],
      ["x"],
      { depth: 2 },
      files,
    );
    expect(answers[0]?.[1].kind).toBe("refused");
  });

  test("has nothing done once its lease is another's, and is not answered", async () => {
    const bobs = adasTask({ state: { kind: "running", by: bob, token: bobsToken } });
    const { next, answers } = await handed([bobs], ["Ask Acme"]);
    expect(next.tasks).toHaveLength(1);
    expect(answers).toEqual([]);
  });

  test("that needed an approval hands out what needs one too", async () => {
    const approved = { by: "aaron", at: "2026-11-21T11:00:00Z", digest: "0".repeat(32), stands: true };
    const { next } = await handed(
      [adasTask({ request: { approval: "required" }, approved })],
      ["Spend it all"],
    );
    expect(next.tasks[1]).toMatchObject({
      state: { kind: "needs-approval" },
      request: { approval: "required" },
    });
  });
});

describe("a task that ends", () => {
  test("has what it dropped last queued in the commit that brings its result", async () => {
    const { next } = await ended(adasTask(), done, ["Tell Acme"]);
    expect(next.results.has(anId())).toBe(true);
    expect(next.tasks).toMatchObject([{ title: "Tell Acme", request: { parent: anId() } }]);
  });

  test("says in its result what was refused, because nobody hears an answer any more", async () => {
    const { next } = await ended(adasTask(), done, ["---\npriority: urgent\n---\nNow!"]);
    const text = await next.snapshot.read(`worker/RESULTS/${anId()}.md`);
    expect(parseResult(text ?? "")).toMatchObject({
      facts: { "not-handed-out": expect.stringContaining("priority: urgent") },
    });
  });

  test("waits, without a lease, for what it handed out", async () => {
    const { next } = await ended(adasTask(), waits, ["Ask Acme"]);
    const [parent, child] = next.tasks;
    expect(parent).toMatchObject({
      state: { kind: "blocked", why: "waits for what it handed out" },
      attempt: 1,
      children: [child?.id],
      tried: [{ attempt: 1, by: "ada", end: "waiting", why: "compare the offers" }],
    });
    expect(next.results.size).toBe(0);
  });

  test("waits for those as well that it handed out in an earlier attempt, ended ones too", async () => {
    const child = aTask({ id: anId(5), request: { parent: anId() } });
    const files = { [`worker/RESULTS/${anId(5)}.md`]: renderResult(resultOf(child)) };
    const { next } = await ended(adasTask(), waits, [], { files });
    expect(next.tasks[0]?.children).toEqual([anId(5)]);
  });

  test("fails when it wants to wait for nothing new: it would go round in circles", async () => {
    const child = aTask({ id: anId(5), request: { parent: anId() } });
    const parent = adasTask({ children: [anId(5)], tried: [aPastAttempt({ end: "waiting" })] });
    const { next } = await ended(parent, waits, ["---\npriority: urgent\n---\nNow!"], { others: [child] });
    const text = await next.snapshot.read(`worker/RESULTS/${anId()}.md`);
    expect(parseResult(text ?? "")).toMatchObject({
      outcome: "failed",
      why: expect.stringMatching(/it wanted to wait, but for no task.*priority: urgent/),
      text: "See you.",
    });
  });

  test("does not have its last wishes done when it was given up", async () => {
    const { next } = await ended(adasTask(), { kind: "transient", why: "no network" }, ["Ask Acme"]);
    expect(next.tasks).toMatchObject([{ state: { kind: "queued" } }]);
  });

  test("has what it asked for done once when it ended between the look at its inbox and the commit", async () => {
    const running = [{ task: adasTask(), token: adasToken, drops: drops(["Ask Acme"]) }];
    const { next } = await ended(adasTask(), waits, ["Ask Acme"], { running });
    expect(next.tasks).toHaveLength(2);
  });

  test("is found to wait when the push did land though no answer came", async () => {
    const { next, intent } = await ended(adasTask(), waits, ["Ask Acme"]);
    const again = await decideExchange(next, intent);
    expect(again.change.edits).toEqual([]);
    expect(again.answer.settled).toMatchObject([{ kind: "known" }]);
  });
});

async function handed(
  tasks: readonly Task[],
  texts: readonly string[],
  rights: Partial<Rights> = {},
  files: Record<string, string> = {},
) {
  const ledger = await aLedger(tasks, files);
  const running = [
    { task: tasks.find(({ id }) => id === anId()) as Task, token: adasToken, drops: drops(texts) },
  ];
  const { change, answer } = await decideExchange(ledger, intentOf({ running }, rights));
  const next = await lawfully(ledger, change, files);
  return { next, answers: answer.answered.map(({ name, answer }) => [name, answer] as const) };
}

async function ended(
  parent: Task,
  ending: Ending,
  texts: readonly string[],
  {
    others = [],
    files = {},
    running = [],
  }: { others?: Task[]; files?: Record<string, string>; running?: Given["running"] } = {},
) {
  const ledger = await aLedger([parent, ...others], files);
  const finished: Finished = {
    task: parent,
    token: adasToken,
    ending,
    facts: {},
    started: "2026-11-21T11:00:00Z",
    ended: "2026-11-21T11:30:00Z",
    drops: drops(texts),
  };
  const intent = intentOf({ finished: [finished], running });
  const { change } = await decideExchange(ledger, intent);
  return { next: await lawfully(ledger, change, files), intent };
}

/** Whatever is decided has to be legal. */
async function lawfully(ledger: Ledger, change: Parameters<typeof after>[1], files: Record<string, string>) {
  const next = await after(ledger, change, files);
  expect(legal(await readStep(ledger.snapshot, next.snapshot), ada)).toEqual({ kind: "legal" });
  return next;
}

function drops(texts: readonly string[]): Drop[] {
  return texts.map((text, n) => ({ name: `${n + 1}.md`, asked: readInboxFile(`${n + 1}.md`, text) }));
}

type Given = NonNullable<Intent["handing"]>;
type Rights = Given["giving"]["rights"];

function intentOf(
  { running = [], finished = [] }: { running?: Given["running"]; finished?: Finished[] },
  rights: Partial<Rights> = {},
): Intent {
  const few = { most: 8, depth: 1, executors: [], models: [], needs: [], categories: [] };
  const usual = { executor: "shell", timeoutSeconds: 1800 };
  return {
    me: ada,
    offer: { executors: ["shell"], capabilities: [] },
    around: { defaultExecutor: "shell", now },
    free: 0,
    fresh: [],
    unstarted: new Set(),
    adoptable: new Set(),
    active: new Set(running.map(({ token }) => token)),
    finished,
    lost: new Map(),
    resting: new Set(),
    handing: { running, giving: { chance, rights: { ...few, ...rights }, usual } },
  };
}

function resultOf({ id, title, request }: Task): Result {
  return {
    id,
    title,
    outcome: "succeeded",
    why: undefined,
    lease: undefined,
    attempt: 1,
    started: undefined,
    ended: "2026-11-21T11:00:00Z",
    request,
    tried: [],
    facts: {},
    text: "Fine.",
  };
}
