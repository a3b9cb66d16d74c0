import { describe, expect, test } from "vitest";

import { Token } from "../../src/core/ids.ts";
import type { Ending } from "../../src/core/outcome.ts";
import type { Task } from "../../src/core/task.ts";
import { parseResult } from "../../src/format/result.ts";
import { decideExchange, type Intent } from "../../worker/decide-exchange.ts";
import type { Finished } from "../../worker/memory.ts";
import { after, aLedger, resultOf } from "../support/ledgers.ts";
import { ada, adasTask, adasToken, anId, aPastAttempt, aTask, bob, bobsToken } from "../support/tasks.ts";

const fresh = ["1111111111111111", "2222222222222222"].map((token) => Token.parse(token));
const done: Ending = { kind: "succeeded", text: "All of it.", facts: { exit: 0 } };

describe("an idle worker", () => {
  test("claims as many tasks as it has free slots, in one change", async () => {
    const ledger = await aLedger([1, 2, 3].map((n) => aTask({ id: anId(n) })));
    const { change, answer } = await decideExchange(ledger, intent({ free: 2, fresh }));
    expect(answer.claimed.map(({ task, token }) => [task.id, token])).toEqual([
      [anId(1), fresh[0]],
      [anId(2), fresh[1]],
    ]);
    const next = await after(ledger, change);
    expect(next.tasks.map(({ state, attempt }) => [state.kind, attempt])).toEqual([
      ["running", 1],
      ["running", 1],
      ["queued", 0],
    ]);
  });

  test("finds a claim of its own that did land though no answer came", async () => {
    const ledger = await aLedger([aTask()]);
    const first = await decideExchange(ledger, intent({ free: 1, fresh: fresh.slice(0, 1) }));
    const landed = await after(ledger, first.change);
    const again = await decideExchange(landed, intent({ free: 1, fresh: fresh.slice(0, 1) }));
    expect(again.change.edits).toEqual([]);
    expect(again.answer.claimed).toMatchObject([{ task: { attempt: 1 }, token: fresh[0] }]);
  });

  test("gives back a lease of a former life that was never begun, as nobody's fault", async () => {
    const ledger = await aLedger([adasTask()]);
    const { change, answer } = await decideExchange(
      ledger,
      intent({ free: 1, unstarted: new Set([adasToken]) }),
    );
    expect(answer.claimed).toEqual([]);
    expect((await after(ledger, change)).tasks).toMatchObject([
      { state: { kind: "queued" }, tried: [{ by: "ada", end: "released" }] },
    ]);
  });

  test("does not begin what was edited after it was approved, though it has claimed it", async () => {
    const approved = { by: "aaron", at: "2026-11-21T12:00:00Z", digest: "0".repeat(32), stands: false };
    const ledger = await aLedger([adasTask({ request: { approval: "required" }, approved })]);
    const tokens = new Set([adasToken]);
    const asked = intent({ free: 1, unstarted: tokens, adoptable: tokens });
    const { change, answer } = await decideExchange(ledger, asked);
    expect(answer.claimed).toEqual([]);
    expect((await after(ledger, change)).tasks).toMatchObject([{ state: { kind: "queued" } }]);
  });

  test("does not begin what has expired on the way, though it has claimed it", async () => {
    const ledger = await aLedger([adasTask({ request: { expires: "2026-11-21T11:00:00Z" } })]);
    const tokens = new Set([adasToken]);
    const asked = intent({ free: 1, unstarted: tokens, adoptable: tokens });
    const { change, answer } = await decideExchange(ledger, asked);
    expect(answer.claimed).toEqual([]);
    expect((await after(ledger, change)).tasks).toMatchObject([
      { state: { kind: "queued" }, tried: [{ by: "ada", end: "released" }] },
    ]);
  });

  test("adopts a lease that it drew a moment ago", async () => {
    const ledger = await aLedger([adasTask()]);
    const tokens = new Set([adasToken]);
    const asked = intent({ free: 1, unstarted: tokens, adoptable: tokens });
    const { change, answer } = await decideExchange(ledger, asked);
    expect(change.edits).toEqual([]);
    expect(answer.claimed).toMatchObject([{ token: adasToken }]);
  });

  test("gives back a lease in its name that nobody works on any more", async () => {
    const ledger = await aLedger([adasTask()]);
    const { change, answer } = await decideExchange(ledger, intent({}));
    expect(answer.claimed).toEqual([]);
    expect((await after(ledger, change)).tasks).toMatchObject([
      { state: { kind: "queued" }, attempt: 1, tried: [{ by: "ada", end: "lost" }] },
    ]);
  });

  test("of an executor on probation begins nothing beside what runs, and the next one when that has ended", async () => {
    const running = adasTask({ request: { attempts: 2 } });
    const bobs = aTask({ id: anId(4), attempt: 1, state: { kind: "running", by: bob, token: bobsToken } });
    const ledger = await aLedger([running, bobs, ...[2, 3].map((n) => aTask({ id: anId(n) }))]);
    const offer = { executors: ["openclaw"], capabilities: [], probing: ["openclaw"] };
    const about = { free: 2, fresh, offer };
    const active = new Set([adasToken]);
    expect((await decideExchange(ledger, intent({ ...about, active }))).answer.claimed).toEqual([]);
    const failed: Ending = { kind: "failed", why: "exit 3", text: "", facts: {} };
    const { answer } = await decideExchange(ledger, intent({ ...about, finished: [ended(failed)] }));
    expect(answer.claimed.map(({ task }) => task.id)).toEqual([anId(2)]);
  });

  test("begins nothing more with an executor that has just turned out to be misconfigured", async () => {
    const command = aTask({ id: anId(3), request: { executor: "command" } });
    const ledger = await aLedger([adasTask(), aTask({ id: anId(2) }), command]);
    const finished = [ended({ kind: "misconfigured", why: "HTTP 401" })];
    const offer = { executors: ["openclaw", "command"], capabilities: [] };
    const { answer } = await decideExchange(ledger, intent({ free: 2, fresh, offer, finished }));
    expect(answer.claimed.map(({ task }) => task.id)).toEqual([anId(3)]);
  });

  test("leaves alone a task that has a result already, whatever its section says", async () => {
    const result = { "worker/RESULTS/T-20261121-00001.md": "anything" };
    const { answer } = await decideExchange(await aLedger([aTask()], result), intent({ free: 1, fresh }));
    expect(answer.claimed).toEqual([]);
  });

  test("gives a lost worker's task to others when main does not", async () => {
    const others = aTask({ attempt: 1, state: { kind: "running", by: bob, token: bobsToken } });
    const ledger = await aLedger([others]);
    const lost = new Map([[anId(1), { token: bobsToken as string, silentSeconds: 900 }]]);
    const { change } = await decideExchange(ledger, intent({ free: 1, fresh, lost }));
    expect((await after(ledger, change)).tasks).toMatchObject([
      { state: { kind: "queued" }, attempt: 1, tried: [{ by: "bob", end: "lost" }] },
    ]);
  });

  test("leaves alone what another runs, and what it has put aside for a while", async () => {
    const others = aTask({ id: anId(2), state: { kind: "running", by: bob, token: bobsToken } });
    const ledger = await aLedger([aTask(), others]);
    const { change } = await decideExchange(ledger, intent({ free: 2, fresh, resting: new Set([anId(1)]) }));
    expect(change.edits).toEqual([]);
  });
});

describe("a worker with a finished attempt", () => {
  test("publishes the result, takes the section off the queue, and claims the next task in the same change", async () => {
    const ledger = await aLedger([adasTask(), aTask({ id: anId(2) })]);
    const { change, answer } = await decideExchange(
      ledger,
      intent({ free: 1, fresh, finished: [ended(done)] }),
    );
    expect(answer.settled).toMatchObject([{ kind: "result", outcome: "succeeded" }]);
    const next = await after(ledger, change);
    expect(next.tasks).toMatchObject([{ id: anId(2), state: { kind: "running" } }]);
    expect(await resultIn(next.snapshot)).toMatchObject({
      outcome: "succeeded",
      lease: { by: "ada", token: adasToken },
      attempt: 1,
      text: "All of it.",
    });
  });

  test("knows that its result was accepted though no answer came", async () => {
    const ledger = await aLedger([adasTask()]);
    const first = await decideExchange(ledger, intent({ finished: [ended(done)] }));
    const landed = await after(ledger, first.change);
    const again = await decideExchange(landed, intent({ finished: [ended(done)] }));
    expect(again.answer.settled).toMatchObject([{ kind: "known" }]);
    expect(again.change.files.size).toBe(0);
  });

  test("never publishes over a lease that was given to another; the text is kept beside", async () => {
    const others = adasTask({ attempt: 2, state: { kind: "running", by: bob, token: bobsToken } });
    const ledger = await aLedger([others]);
    const { change, answer } = await decideExchange(ledger, intent({ finished: [ended(done)] }));
    expect(answer.settled).toMatchObject([{ kind: "late", why: "the task was given to bob meanwhile" }]);
    expect(change.edits).toEqual([]);
    expect([...change.files.keys()]).toEqual(["worker/RESULTS/T-20261121-00001.late-1.md"]);
  });

  test("never publishes over a former lease of its own", async () => {
    const again = adasTask({ attempt: 2, state: { kind: "running", by: ada, token: bobsToken } });
    const { answer } = await decideExchange(
      await aLedger([again]),
      intent({ finished: [ended(done)], active: new Set([bobsToken]) }),
    );
    expect(answer.settled).toMatchObject([{ kind: "late" }]);
  });

  test("says how the task ended when a cancel was faster", async () => {
    const ledger = await aLedger([], resultOf(anId()));
    const { answer } = await decideExchange(ledger, intent({ finished: [ended(done)] }));
    expect(answer.settled).toMatchObject([
      { kind: "late", why: "the task has ended as cancelled without it" },
    ]);
  });

  test("waits with it while a person's mistake keeps the section from being read", async () => {
    const ledger = await aLedger([], {
      "worker/QUEUE.md": "## T-20261121-00001 Title\n\n- state: running\n- state: queued\n",
    });
    const { answer, change } = await decideExchange(ledger, intent({ finished: [ended(done)] }));
    expect(answer.settled).toMatchObject([{ kind: "waiting" }]);
    expect(change.files.size).toBe(0);
  });
});

describe("an attempt that failed", () => {
  const failed: Ending = { kind: "failed", why: "exit 3", text: "Oh.", facts: { exit: 3 } };

  test("is the result when the task allows no more of them", async () => {
    const ledger = await aLedger([adasTask()]);
    const { change } = await decideExchange(ledger, intent({ finished: [ended(failed)] }));
    const next = await after(ledger, change);
    expect(await resultIn(next.snapshot)).toMatchObject({ outcome: "failed", why: "exit 3", text: "Oh." });
  });

  test("goes back to the queue when the task allows more, and is remembered", async () => {
    const ledger = await aLedger([adasTask({ request: { attempts: 2 } })]);
    const { change } = await decideExchange(ledger, intent({ finished: [ended(failed)] }));
    expect((await after(ledger, change)).tasks).toMatchObject([
      { state: { kind: "queued" }, tried: [{ end: "failed", why: "exit 3" }] },
    ]);
  });

  test("is the result when the allowed attempts are used up, with the former ones in it", async () => {
    const tried = [aPastAttempt({ end: "failed" })];
    const ledger = await aLedger([adasTask({ request: { attempts: 2 }, attempt: 2, tried })]);
    const { change } = await decideExchange(ledger, intent({ finished: [ended(failed)] }));
    expect(await resultIn((await after(ledger, change)).snapshot)).toMatchObject({
      outcome: "failed",
      tried,
    });
  });

  test.each([
    [{ kind: "transient", why: "HTTP 429" }, "transient"],
    [{ kind: "misconfigured", why: "HTTP 401" }, "misconfigured"],
    [{ kind: "stopped", because: "draining" }, "released"],
  ] as const)("as %o uses up none of the task's attempts", async (ending, end) => {
    const ledger = await aLedger([adasTask()]);
    const { change } = await decideExchange(ledger, intent({ finished: [ended(ending)] }));
    expect((await after(ledger, change)).tasks).toMatchObject([
      { state: { kind: "queued" }, tried: [{ end }] },
    ]);
  });
});

describe("a task that was cancelled while it ran", () => {
  const cancelled = adasTask({ state: { kind: "cancelled", lease: { by: ada, token: adasToken } } });

  test.each<[Ending, string, string | undefined]>([
    [{ kind: "stopped", because: "cancelled", output: "half of it" }, "half of it", undefined],
    [{ kind: "stopped", because: "draining" }, "", undefined],
    [done, "All of it.", "it had ended as succeeded before its worker saw that"],
    [
      { kind: "transient", why: "HTTP 429" },
      "",
      "it had ended as transient before its worker saw that: HTTP 429",
    ],
  ])("ends as cancelled, with what its attempt %o has to show", async (ending, text, why) => {
    const ledger = await aLedger([cancelled]);
    const { change, answer } = await decideExchange(ledger, intent({ finished: [ended(ending)] }));
    expect(answer.settled).toMatchObject([{ kind: "result", outcome: "cancelled" }]);
    const next = await after(ledger, change);
    expect(next.tasks).toEqual([]);
    const lease = { by: ada, token: adasToken };
    const expected = { outcome: "cancelled", lease, attempt: 1, started: "2026-11-21T11:00:00Z", text, why };
    expect(await resultIn(next.snapshot)).toMatchObject(expected);
  });

  test("is left alone while its attempt still ends", async () => {
    const { change } = await decideExchange(
      await aLedger([cancelled]),
      intent({ active: new Set([adasToken]) }),
    );
    expect(change.edits).toEqual([]);
  });

  test.each([
    ["was restarted", new Set<Token>(), "the worker was restarted"],
    ["had not begun it", new Set([adasToken]), "its worker lost sight of it before it had begun"],
  ])("is ended by a worker that %s, which has nothing to show", async (_, unstarted, why) => {
    const ledger = await aLedger([cancelled]);
    const { change } = await decideExchange(ledger, intent({ unstarted }));
    const next = await after(ledger, change);
    expect(next.tasks).toEqual([]);
    expect(await resultIn(next.snapshot)).toMatchObject({
      outcome: "cancelled",
      lease: { by: ada },
      text: "",
      why,
    });
  });

  test("is not ended by a worker that does not hold it, and what that stopped is no late result", async () => {
    const ledger = await aLedger([cancelled]);
    const mine = { ...ended({ kind: "stopped", because: "cancelled", output: "half" }), token: bobsToken };
    const { change, answer } = await decideExchange(ledger, intent({ me: bob, finished: [mine] }));
    expect(answer.settled).toMatchObject([{ kind: "known" }]);
    expect([...change.edits, ...change.files]).toEqual([]);
  });
});

function intent(about: Partial<Intent>): Intent {
  return {
    me: ada,
    offer: { executors: ["openclaw"], capabilities: [] },
    around: { defaultExecutor: "openclaw", now: new Date("2026-11-21T12:00:00Z") },
    free: 0,
    fresh: [],
    unstarted: new Set(),
    adoptable: new Set(),
    active: new Set(),
    finished: [],
    lost: new Map(),
    resting: new Set(),
    ...about,
  };
}

function ended(ending: Ending, task: Task = adasTask()): Finished {
  return {
    task,
    token: adasToken,
    ending,
    facts: "facts" in ending ? ending.facts : {},
    started: "2026-11-21T11:00:00Z",
    ended: "2026-11-21T11:30:00Z",
  };
}

async function resultIn(snapshot: { read(path: string): Promise<string | undefined> }) {
  return parseResult((await snapshot.read("worker/RESULTS/T-20261121-00001.md")) ?? "");
}
