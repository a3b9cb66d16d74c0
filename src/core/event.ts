import type { NodeName, TaskId } from "./ids.ts";
import { durationText } from "./duration.ts";
import type { AttemptEnd, Outcome } from "./task.ts";

/** Everything that the nodes tell. The list is closed: terminal, log, chat and tests are listeners of it. */
export type Event =
  | { kind: "node-started"; node: NodeName; role: "main" | "worker"; remote: string; version: string }
  | { kind: "node-draining"; node: NodeName; running: number }
  | { kind: "node-stopped"; node: NodeName }
  | { kind: "settings-reread"; node: NodeName }
  | { kind: "settings-refused"; node: NodeName; why: string }
  | { kind: "task-queued"; task: TaskId; title: string; by: string | undefined }
  | {
      kind: "task-adopted";
      task: TaskId;
      title: string;
      from: "bare-line" | "section" | "inbox";
      twin?: TaskId;
    }
  | { kind: "task-claimed"; task: TaskId; title: string; by: NodeName; attempt: number }
  | { kind: "task-progress"; task: TaskId; by: NodeName; text: string }
  | { kind: "task-requeued"; task: TaskId; by: NodeName; end: AttemptEnd; why: string }
  | { kind: "task-blocked"; task: TaskId; why: string }
  | { kind: "task-needs-human"; task: TaskId; title: string; why: string }
  | {
      kind: "approval-wanted";
      task: TaskId;
      title: string;
      by: string | undefined;
      /** What it will be told to do, and the digest that an approval has to repeat. */
      prompt: string;
      /** What else the approval is for: executor, model and whatever the task asks for. */
      asks: Readonly<Record<string, string>>;
      digest: string;
      expires: string | undefined;
      /** An approval there was before was voided by an edit. */
      again: boolean;
    }
  /** What a person was asked about a task is settled: by an answer, or because the task is gone. */
  | {
      kind: "task-decided";
      task: TaskId;
      title: string;
      asked: "needs-approval" | "needs-human";
      how: string;
    }
  | { kind: "task-stopped"; task: TaskId; by: NodeName; because: string }
  | {
      kind: "task-ended";
      task: TaskId;
      title: string;
      outcome: Outcome;
      why: string | undefined;
      by: NodeName | undefined;
      category: string | undefined;
    }
  | { kind: "result-bad"; task: TaskId; reason: string }
  | { kind: "result-late"; task: TaskId; by: NodeName; why: string }
  | { kind: "section-bad"; line: number; reason: string }
  | { kind: "inbox-bad"; name: string; reason: string }
  | { kind: "worker-seen"; worker: NodeName }
  | { kind: "worker-left"; worker: NodeName }
  | { kind: "worker-silent"; worker: NodeName; seconds: number }
  | { kind: "worker-stands-still"; worker: NodeName; code: string }
  | { kind: "worker-goes-on"; worker: NodeName }
  | { kind: "worker-unhealthy"; worker: NodeName; executor: string; why: string }
  | { kind: "worker-unwatched"; worker: NodeName }
  | { kind: "budget-spent"; worker: NodeName; day: string; spentUsd: number; perDayUsd: number }
  | { kind: "schedule-missed"; schedule: string; count: number }
  | { kind: "schedule-failed"; schedule: string; why: string }
  | { kind: "results-archived"; count: number }
  | { kind: "worker-cut-off"; worker: NodeName; seconds: number; running: number }
  | { kind: "remote-trouble"; node: NodeName; code: string; message: string; retryInSeconds: number }
  | { kind: "remote-back"; node: NodeName; afterSeconds: number }
  | { kind: "spool-trouble"; node: NodeName; message: string }
  | { kind: "history-rewound"; node: NodeName; message: string }
  | { kind: "history-restored"; node: NodeName }
  | { kind: "history-forked"; node: NodeName; message: string }
  | { kind: "history-accepted"; node: NodeName; commit: string }
  /** `by` is undefined where a person made it. */
  | { kind: "commit-illegal"; commit: string; by: NodeName | undefined; reason: string; task?: TaskId };

export type Announce = (event: Event) => void;

/** Kinds that a person should be able to spot from afar. */
export function isTrouble(event: Event): boolean {
  switch (event.kind) {
    case "task-ended":
      return event.outcome !== "succeeded" && event.outcome !== "cancelled";
    case "settings-refused":
    case "task-needs-human":
    case "section-bad":
    case "inbox-bad":
    case "worker-silent":
    case "worker-stands-still":
    case "worker-unhealthy":
    case "worker-unwatched":
    case "budget-spent":
    case "schedule-failed":
    case "worker-cut-off":
    case "remote-trouble":
    case "spool-trouble":
    case "history-rewound":
    case "history-forked":
    case "commit-illegal":
    case "result-bad":
    case "result-late":
      return true;
    default:
      return false;
  }
}

/** The event as one sentence without a full stop. Every listener that talks to people uses it. */
export function sentence(event: Event): string {
  switch (event.kind) {
    case "node-started":
      return `${event.role === "main" ? "main node" : "worker"} ${event.node} started on ${event.remote} (pawl ${event.version})`;
    case "node-draining":
      return `${event.node} takes no new tasks; ${event.running} running`;
    case "node-stopped":
      return `${event.node} stopped`;
    case "settings-reread":
      return `${event.node} read its configuration again`;
    case "settings-refused":
      return `${event.node} keeps its old configuration: ${event.why}`;
    case "task-queued":
      return `${event.task} queued${event.by ? ` by ${event.by}` : ""}: ${event.title}`;
    case "task-adopted":
      return `${event.task} made from ${adoptedFrom[event.from]}${event.twin ? ` and cancelled, ${event.twin} has its key` : ""}: ${event.title}`;
    case "task-claimed":
      return `${event.task} claimed by ${event.by}, attempt ${event.attempt}: ${event.title}`;
    case "task-progress":
      return `${event.task} on ${event.by}: ${event.text}`;
    case "task-requeued":
      return `${event.task} back in the queue, ${event.by} ended it as ${event.end}: ${event.why}`;
    case "task-blocked":
      return `${event.task} blocked: ${event.why}`;
    case "task-needs-human":
      return `${event.task} needs a person: ${event.why}`;
    case "approval-wanted":
      return `${event.task} waits for approval${event.again ? " again, it was edited after it was approved" : ""}: ${event.title}`;
    case "task-decided":
      return `${event.task} ${event.how}, a person need not be asked any more: ${event.title}`;
    case "task-stopped":
      return `${event.task} stopped on ${event.by}: ${event.because}`;
    case "task-ended":
      return `${event.task} ${event.outcome}${event.by ? ` on ${event.by}` : ""}: ${event.title}${event.why ? ` (${event.why})` : ""}`;
    case "result-bad":
      return `the result of ${event.task} cannot be read: ${event.reason}`;
    case "result-late":
      return `${event.task}: a late result of ${event.by} was kept aside, ${event.why}`;
    case "section-bad":
      return `QUEUE.md line ${event.line} is left alone: ${event.reason}`;
    case "inbox-bad":
      return `INBOX/${event.name} is left alone: ${event.reason}`;
    case "worker-seen":
      return `worker ${event.worker} is there`;
    case "worker-left":
      return `worker ${event.worker} said goodbye`;
    case "worker-stands-still":
      return `worker ${event.worker} lives, but stands still: ${troubleOf(event.code)}`;
    case "worker-goes-on":
      return `worker ${event.worker} goes on`;
    case "worker-silent":
      return `worker ${event.worker} has been silent for ${durationText(event.seconds)}`;
    case "worker-unhealthy":
      return `worker ${event.worker} cannot run ${event.executor}: ${event.why}`;
    case "worker-unwatched":
      return `nothing ends worker ${event.worker} should it hang, while others take over its tasks: there is neither a unit with WatchdogSec nor bash 4`;
    case "budget-spent":
      return `worker ${event.worker} has spent $${event.spentUsd.toFixed(2)} of its $${event.perDayUsd.toFixed(2)} for ${event.day} and takes no paid tasks until the next day`;
    case "worker-cut-off":
      return `worker ${event.worker} could not show a sign of life for ${durationText(event.seconds)} and ends its ${event.running} attempts`;
    case "schedule-missed":
      return `schedule ${event.schedule} left out ${event.count} ${event.count === 1 ? "time" : "times"} that went by unseen`;
    case "schedule-failed":
      return `schedule ${event.schedule} could not submit its task: ${event.why}`;
    case "results-archived":
      return `${event.count} older results moved to the archive`;
    case "remote-trouble":
      return `${event.message} [${event.code}]; next try in ${durationText(event.retryInSeconds)}`;
    case "remote-back":
      return `${event.node} reached the remote again after ${durationText(event.afterSeconds)}`;
    case "spool-trouble":
      return `${event.node} cannot write its spool: ${event.message}`;
    case "history-rewound":
      return `the branch was rewound (${event.message}); ${event.node} tries to put it right`;
    case "history-restored":
      return `${event.node} put back what a rewind had taken from the branch`;
    case "history-forked":
      return `${event.node} stands still: the branch went on from an older state (${event.message}); look why, and run \`pawl accept-history\` if it is to stay so`;
    case "history-accepted":
      return `${event.node} goes on from ${event.commit.slice(0, 10)}, as a person has told it`;
    case "commit-illegal":
      return `commit ${event.commit.slice(0, 10)} of ${event.by ?? "a person"} breaks the protocol: ${event.reason}; ${afterIllegal(event.commit)}`;
    default:
      return event satisfies never;
  }
}

/** What a person does about a commit that was not allowed. */
export function afterIllegal(commit: string): string {
  const short = commit.slice(0, 10);
  return `look at it with \`git show ${short}\`, look for more with \`pawl audit --since ${short}\`, and mend or revert by hand what is wrong`;
}

/** What keeps a node from working, in words, by the code of its fault. */
export function troubleOf(code: string): string {
  return code === "HISTORY_FORKED"
    ? "the branch's history was replaced; look why, and accept it on that machine if it is to stay so"
    : `its own log has more [${code}]`;
}

const adoptedFrom = {
  "bare-line": "a line of QUEUE.md",
  section: "a section of QUEUE.md",
  inbox: "an INBOX file",
} as const;
