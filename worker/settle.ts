import type { NodeName } from "../src/core/ids.ts";
import { holds, move, windsUp, type Move } from "../src/core/move.ts";
import type { Ending, Result } from "../src/core/outcome.ts";
import { mayFailAgain } from "../src/core/retry.ts";
import type { Lease, Outcome, Task } from "../src/core/task.ts";
import { oneLine } from "../src/format/queue-header.ts";
import { renderResult } from "../src/format/result.ts";
import { mergeChanges, noChange, type Change } from "../src/ledger/change.ts";
import { lateResultPath, resultPath } from "../src/ledger/paths.ts";
import { readResult, taskIn, type Ledger } from "../src/ledger/view.ts";
import type { HandedOut } from "./children/hand-out.ts";
import type { Finished } from "./memory.ts";

/** What became of an attempt that is over, as of one ledger. */
export type Settlement = { finished: Finished; change?: Change } & (
  | { kind: "result"; outcome: Outcome }
  | { kind: "given-up"; task: Task }
  /** The ledger has it already: an earlier push did land. */
  | { kind: "known" }
  /** The lease was no longer this attempt's. A result is kept aside, never pushed over another. */
  | { kind: "late"; why: string }
  /** The section cannot be read at the moment; a person has to mend it first. */
  | { kind: "waiting" }
);

/**
 * @param handed what came of the tasks that it wanted done at its end; undefined where nobody hands anything out
 */
export async function settle(
  ledger: Ledger,
  me: NodeName,
  finished: Finished,
  handed?: HandedOut,
): Promise<Settlement> {
  const { id } = finished.task;
  const task = taskIn(ledger, id);
  const lease = { by: me, token: finished.token };
  if (task && !ledger.finished.has(id)) {
    if (holds(task.state, lease)) return close(task, me, finished, handed);
    if (windsUp(task.state, lease)) return cancelled(task, me, finished);
  }
  if (ledger.queue.bad.some((section) => section.id === id)) return { finished, kind: "waiting" };
  const accepted = await readResult(ledger.snapshot, id);
  if (accepted && !("problem" in accepted) && accepted.lease?.token === finished.token) {
    return { finished, kind: "known" };
  }
  // What we stopped has nothing to show that anybody waits for.
  if (finished.ending.kind === "stopped") return { finished, kind: "known" };
  const past = task?.tried.find(({ attempt, by }) => attempt === finished.task.attempt && by === me);
  // What others noted as lost we never gave back ourselves: what it brought in the end is kept aside.
  if (past && past.end !== "lost") {
    return { finished, kind: "known" };
  }
  return late(ledger, me, finished, whyLate(task, accepted));
}

/** What came too late is put beside the accepted result, for people. */
async function late(ledger: Ledger, me: NodeName, finished: Finished, why: string): Promise<Settlement> {
  const { task, ending } = finished;
  const outcome = outcomeOf(ending);
  if (outcome === undefined) return { finished, kind: "late", why };
  const path = lateResultPath(task.id, task.attempt);
  if ((await ledger.snapshot.read(path)) !== undefined) return { finished, kind: "known" };
  const change = noChange();
  const reason = [whyNotDone(ending), why].filter(Boolean).join("; ");
  change.files.set(path, renderResult(resultOf(task, me, finished, outcome, `late: ${reason}`)));
  change.deeds.push(`keeps a late result of ${task.id}`);
  return { finished, kind: "late", why, change };
}

/** How the program of an attempt ended; undefined where it came to nothing that anybody could read. */
function outcomeOf(ending: Ending): "succeeded" | "failed" | "timed-out" | undefined {
  if (ending.kind === "waits") return "succeeded";
  return "text" in ending ? ending.kind : undefined;
}

function whyNotDone(ending: Ending): string | undefined {
  if (ending.kind === "waits") return "it wanted to go on once what it handed out had ended";
  return "why" in ending ? ending.why : undefined;
}

function whyLate(task: Task | undefined, accepted: Awaited<ReturnType<typeof readResult>>): string {
  if (accepted && !("problem" in accepted)) return `the task has ended as ${accepted.outcome} without it`;
  if (!task) return "the task is no longer in the queue";
  return task.state.kind === "running"
    ? `the task was given to ${task.state.by} meanwhile`
    : `the task is ${task.state.kind} now`;
}

function close(task: Task, me: NodeName, finished: Finished, handed: HandedOut | undefined): Settlement {
  const { ending, token } = finished;
  switch (ending.kind) {
    case "succeeded":
      return withHanded(published(task, me, withRefusals(finished, handed), "succeeded", undefined), handed);
    case "waits":
      return waiting(task, me, { ...finished, ending }, handed);
    case "failed":
    case "timed-out":
      return mayFailAgain(task.tried, task.request.attempts)
        ? givenUp(task, finished, {
            kind: "give-up",
            by: me,
            token,
            end: ending.kind,
            why: ending.why,
            ended: finished.ended,
          })
        : published(task, me, finished, ending.kind, ending.why);
    case "transient":
    case "misconfigured":
      return givenUp(task, finished, {
        kind: "give-up",
        by: me,
        token,
        end: ending.kind,
        why: ending.why,
        ended: finished.ended,
      });
    case "stopped":
      return givenUp(task, finished, {
        kind: "give-up",
        by: me,
        token,
        end: "released",
        why: ending.because === "draining" ? "the worker is going away" : "the attempt was stopped",
        ended: finished.ended,
      });
    default:
      return ending satisfies never;
  }
}

/** Its slot is free until what it handed out has ended; with nothing new to wait for it would only go round in circles. */
function waiting(
  task: Task,
  me: NodeName,
  finished: Finished & { ending: Ending & { kind: "waits" } },
  handed: HandedOut | undefined,
): Settlement {
  const { ending, token, ended } = finished;
  const children = handed?.children ?? [];
  const refusal = firstRefusal(handed);
  if (children.every((child) => task.children?.includes(child))) {
    const why = `it wanted to wait, but for no task that it had handed out since it began${refusal && `: ${refusal}`}`;
    const { answer: text, facts } = ending;
    return close(task, me, { ...finished, ending: { kind: "failed", why, text, facts } }, handed);
  }
  const why = [ending.note || "it goes on when they have ended", refusal && `refused was: ${refusal}`];
  const said = why.filter(Boolean).join("; ");
  return withHanded(
    givenUp(task, finished, { kind: "wait", by: me, token, children, why: said, ended }),
    handed,
  );
}

/** What an attempt wants done at its end is done if it ended well and the end is accepted, in the same commit. */
function withHanded(settlement: Settlement, handed: HandedOut | undefined): Settlement {
  if (handed && settlement.change) mergeChanges(settlement.change, handed.change);
  return settlement;
}

/** The attempt is over and hears no answers any more: so that nothing is dropped in silence, its result has them. */
function withRefusals(finished: Finished, handed: HandedOut | undefined): Finished {
  const refusal = firstRefusal(handed);
  return refusal === "" ? finished : { ...finished, facts: { ...finished.facts, "not-handed-out": refusal } };
}

function firstRefusal(handed: HandedOut | undefined): string {
  const refusals = (handed?.answers ?? []).flatMap(({ name, answer }) =>
    answer.kind === "refused" ? `${oneLine(name, 60)}: ${oneLine(answer.why)}` : [],
  );
  const [first = "", ...others] = refusals;
  return others.length === 0 ? first : `${first}; and ${others.length} more`;
}

/** Whatever the attempt came to: a task that was cancelled ends as cancelled, with what there is to show. */
function cancelled(task: Task, me: NodeName, finished: Finished): Settlement {
  const { ending } = finished;
  const hadEnded = `it had ended as ${ending.kind} before its worker saw that`;
  const why = "why" in ending ? `${hadEnded}: ${ending.why}` : hadEnded;
  return published(task, me, finished, "cancelled", ending.kind === "stopped" ? undefined : why);
}

/** Ends what was cancelled under a lease of a former life: nothing of it runs any more, and nothing is left of it. */
export function windUp(task: Task, lease: Lease, { why, ended }: { why: string; ended: string }): Change {
  const { id, title, attempt, request, tried } = task;
  const change = noChange();
  change.edits.push({ kind: "remove", id });
  const parts = { id, title, outcome: "cancelled", why, lease, attempt, ended, request, tried } as const;
  change.files.set(resultPath(id), renderResult({ ...parts, started: undefined, facts: {}, text: "" }));
  change.deeds.push(`${id} cancelled`);
  return change;
}

function givenUp(task: Task, finished: Finished, asked: Move): Settlement {
  const verdict = move(task, asked);
  if (verdict.kind === "refused") return { finished, kind: "late", why: verdict.because };
  const change = noChange();
  change.edits.push({ kind: "set", task: verdict.task });
  change.deeds.push(`gives back ${task.id}`);
  return { finished, kind: "given-up", task: verdict.task, change };
}

function published(
  task: Task,
  me: NodeName,
  finished: Finished,
  outcome: "succeeded" | "failed" | "timed-out" | "cancelled",
  why: string | undefined,
): Settlement {
  const change = noChange();
  change.edits.push({ kind: "remove", id: task.id });
  change.files.set(resultPath(task.id), renderResult(resultOf(task, me, finished, outcome, why)));
  change.deeds.push(`${task.id} ${outcome}`);
  return { finished, kind: "result", outcome, change };
}

function resultOf(
  task: Task,
  me: NodeName,
  { token, ending, facts, started, ended }: Finished,
  outcome: Outcome,
  why: string | undefined,
): Result {
  return {
    id: task.id,
    title: task.title,
    outcome,
    why,
    lease: { by: me, token },
    attempt: task.attempt,
    started,
    ended,
    request: task.request,
    tried: task.tried,
    facts,
    text: textOf(ending),
  };
}

function textOf(ending: Ending): string {
  switch (ending.kind) {
    case "waits":
      return ending.answer;
    case "stopped":
      return ending.output ?? "";
    case "transient":
    case "misconfigured":
      return "";
    default:
      return ending.text;
  }
}
