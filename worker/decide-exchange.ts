import { chooseNext, isExpired, type Circumstances, type Offer } from "../src/core/choose.ts";
import type { NodeName, TaskId, Token } from "../src/core/ids.ts";
import { holds, move } from "../src/core/move.ts";
import { stamp } from "../src/core/stamp.ts";
import { needsApproval, type Task } from "../src/core/task.ts";
import { mergeChanges, noChange, type Change } from "../src/ledger/change.ts";
import { requeueLost, type Lost } from "../src/ledger/requeue-lost.ts";
import type { Decision } from "../src/ledger/update.ts";
import type { Ledger } from "../src/ledger/view.ts";
import { handOut, type Answered, type Giving, type Handing } from "./children/hand-out.ts";
import type { Finished } from "./memory.ts";
import { settle, windUp, type Settlement } from "./settle.ts";

/** What a worker wants to tell the ledger, and to have from it, in one commit. */
export type Intent = {
  me: NodeName;
  offer: Offer;
  around: Omit<Circumstances, "hasSucceeded">;
  /** How many tasks it could start now. */
  free: number;
  /** Never used tokens, as many as `free`, already in the spool. */
  fresh: readonly Token[];
  /** Tokens of former tries whose attempt was never started. */
  unstarted: ReadonlySet<Token>;
  /** Those of them that are so young that nobody can be about to take their lease away. */
  adoptable: ReadonlySet<Token>;
  /** Tokens of the attempts that run now. */
  active: ReadonlySet<Token>;
  finished: readonly Finished[];
  /** Leases of others that main should have given away long ago. */
  lost: Lost;
  /** Tasks it leaves alone for a while. */
  resting: ReadonlySet<TaskId>;
  /** What running attempts want others to do, and what they may; undefined where nobody hands anything out. */
  handing?: { running: readonly Handing[]; giving: Omit<Giving, "me" | "now" | "taken"> } | undefined;
};

export type Answer = {
  /** Tasks that are this worker's now and have not been started. */
  claimed: { task: Task; token: Token }[];
  settled: Settlement[];
  /** For attempts that run. */
  answered: Answered[];
  /** Whether tasks were handed out that anybody may take now. */
  handedOut: boolean;
};

export async function decideExchange(ledger: Ledger, intent: Intent): Promise<Decision<Answer>> {
  const change = noChange();
  const settled: Settlement[] = [];
  const hand = handerOut(ledger, intent);
  for (const finished of intent.finished) {
    const handed = endsWithWishes(finished)
      ? await hand?.({ ...finished, drops: finished.drops ?? [] })
      : undefined;
    const settlement = await settle(ledger, intent.me, finished, handed);
    settled.push(settlement);
    if (settlement.change) mergeChanges(change, settlement.change);
  }
  const answered: Answered[] = [];
  for (const handing of intent.handing?.running ?? []) {
    // It has ended since we looked, and what it asked for is among what it asked for last.
    if (intent.finished.some(({ token }) => token === handing.token)) continue;
    const handed = await hand?.(handing);
    if (!handed) continue;
    mergeChanges(change, handed.change);
    answered.push(...handed.answers);
  }
  const handedOut = change.edits.some(({ kind }) => kind === "add");
  const held = leasesInMyName(ledger, intent);
  mergeChanges(change, releaseForgotten(intent, held.forgotten));
  mergeChanges(change, windUpCancelled(ledger, intent));
  for (const task of ledger.tasks)
    mergeChanges(change, requeueLost(task, intent.lost, intent.around.now) ?? noChange());
  const room = Math.max(0, intent.free - held.adopted.length);
  const claimed = claim(ledger, intent, room);
  mergeChanges(change, claimed.change);
  return { change, answer: { claimed: [...held.adopted, ...claimed.tasks], settled, answered, handedOut } };
}

function handerOut(ledger: Ledger, { me, around, handing }: Intent) {
  if (!handing) return undefined;
  const giving = { ...handing.giving, me, now: around.now, taken: new Set<TaskId>() };
  return (one: Handing) => handOut(ledger, one, giving);
}

/** Not of every attempt: what a task has handed out before is looked for among all results. */
function endsWithWishes({ ending, drops }: Finished): boolean {
  return drops !== undefined || ending.kind === "waits";
}

function leasesInMyName(ledger: Ledger, { me, around, fresh, adoptable, active, finished }: Intent) {
  const adopted: { task: Task; token: Token }[] = [];
  const forgotten: { task: Task; token: Token }[] = [];
  for (const task of ledger.tasks) {
    const { state } = task;
    if (state.kind !== "running" || state.by !== me || active.has(state.token)) continue;
    if (finished.some(({ token }) => token === state.token)) continue;
    const mine = fresh.includes(state.token) || adoptable.has(state.token);
    // An edit since the claim may have voided the consent to it, or its time may have run out.
    const mayBegin = mine && !needsApproval(task) && !isExpired(task, around.now);
    (mayBegin ? adopted : forgotten).push({ task, token: state.token });
  }
  return { adopted, forgotten };
}

/** Leases of a former life: its processes have been swept, so nobody works on them any more. */
function releaseForgotten(
  { me, around, unstarted }: Intent,
  forgotten: readonly { task: Task; token: Token }[],
): Change {
  const change = noChange();
  for (const { task, token } of forgotten) {
    const verdict = move(task, {
      kind: "give-up",
      by: me,
      token,
      ...(unstarted.has(token) ? neverBegun : cutShort),
      ended: stamp(around.now),
    });
    if (verdict.kind === "refused") continue;
    change.edits.push({ kind: "set", task: verdict.task });
    change.deeds.push(`gives back ${task.id}`);
  }
  return change;
}

/** What was cancelled before a former life could end it. */
function windUpCancelled(ledger: Ledger, { me, active, finished, unstarted, around }: Intent): Change {
  const change = noChange();
  for (const task of ledger.tasks) {
    const lease = task.state.kind === "cancelled" ? task.state.lease : undefined;
    if (lease?.by !== me || active.has(lease.token) || ledger.finished.has(task.id)) continue;
    if (finished.some(({ token }) => token === lease.token)) continue;
    const { why } = unstarted.has(lease.token) ? neverBegun : cutShort;
    mergeChanges(change, windUp(task, lease, { why, ended: stamp(around.now) }));
  }
  return change;
}

function claim(ledger: Ledger, intent: Intent, room: number) {
  const { me, around, fresh, resting } = intent;
  const offer = offerNow(ledger, intent);
  const change = noChange();
  const tasks: { task: Task; token: Token }[] = [];
  const hasSucceeded = (id: TaskId) => ledger.outcomes.get(id) === "succeeded";
  const open = ledger.tasks.filter(({ id }) => !resting.has(id) && !ledger.finished.has(id));
  const unused = fresh.filter((token) => !open.some(({ state }) => holds(state, { by: me, token })));
  for (const task of chooseNext(open, offer, { ...around, hasSucceeded }, Math.min(room, unused.length))) {
    const token = unused[tasks.length];
    if (token === undefined) break;
    const verdict = move(task, { kind: "claim", by: me, token });
    if (verdict.kind === "refused") continue;
    tasks.push({ task: verdict.task, token });
    change.edits.push({ kind: "set", task: verdict.task });
    change.deeds.push(`claims ${task.id}`);
  }
  return { change, tasks };
}

/**
 * Of an executor on probation one task runs at a time; what has just ended is about to make room for the next. One that
 * has just turned out to be misconfigured is offered no more, though nobody has been told of it yet.
 */
function offerNow(ledger: Ledger, { me, offer, around, finished }: Intent): Offer {
  const executorOf = ({ request }: Task) => request.executor ?? around.defaultExecutor;
  const busy = ledger.tasks.flatMap((task) => {
    const { state } = task;
    const isOver = state.kind !== "running" || finished.some(({ token }) => token === state.token);
    return isOver || state.by !== me ? [] : executorOf(task);
  });
  const broken = finished.flatMap(({ task, ending }) =>
    ending.kind === "misconfigured" ? executorOf(task) : [],
  );
  const probed = busy.filter((executor) => offer.probing?.includes(executor));
  const shut = new Set([...probed, ...broken]);
  return { ...offer, executors: offer.executors.filter((executor) => !shut.has(executor)) };
}

const neverBegun = { end: "released", why: "its worker lost sight of it before it had begun" } as const;
const cutShort = { end: "lost", why: "the worker was restarted" } as const;
