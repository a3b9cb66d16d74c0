import type { Envelope } from "../core/envelope.ts";
import { afterIllegal, sentence, type Event } from "../core/event.ts";
import type { Result } from "../core/outcome.ts";
import { approvalWanted, decided, ended, needsHuman } from "./envelop-task.ts";
import { envelopeOf, type Fact } from "./fact.ts";

/** What is known about an event besides what it says. */
export type About = {
  /** Now, by main's clock; ISO 8601. */
  at: string;
  /** Of a task that ended. */
  result?: Result;
  /** How many leases a task has had so far, where the event is about one. */
  attempt?: number;
  /** Whether a task that failed for good asks what to do with it: `Routing.offerRetry`. */
  offerRetry: boolean;
};

/**
 * The event as something to be told to people; undefined if nobody needs to be told. The same event has the same id,
 * however often it is announced, unless it is the kind of thing that happens again and again: then it is its time
 * that tells one from the next.
 */
export function envelop(event: Event, about: About): Envelope | undefined {
  const fact = factOf(event, about);
  return fact && envelopeOf(fact, about.at);
}

function factOf(event: Event, about: About): Fact | undefined {
  switch (event.kind) {
    case "task-ended":
      return ended(event, about);
    case "task-needs-human":
      return needsHuman(event, about);
    case "approval-wanted":
      return approvalWanted(event, about);
    case "task-decided":
      return decided(event, about);
    case "worker-silent":
    case "worker-stands-still":
      return workerTrouble(event, about, "firing");
    case "worker-seen":
    case "worker-goes-on":
      return workerTrouble(event, about, "resolved");
    case "remote-trouble":
    case "remote-back":
      return remoteTrouble(event, about);
    case "history-rewound":
    case "history-forked":
    case "history-restored":
    case "history-accepted":
      return historyTrouble(event, about);
    case "commit-illegal":
      return illegalCommit(event);
    case "spool-trouble":
      return {
        ...plain(event, about),
        category: "incident",
        severity: "critical",
        subject: `node:${event.node}`,
      };
    case "worker-unhealthy":
    case "worker-unwatched":
    case "worker-cut-off":
      return { ...alert(event, about), subject: `worker:${event.worker}`, labels: { worker: event.worker } };
    case "budget-spent": {
      const { kind, worker, day } = event;
      const subject = `worker:${worker}`;
      // One a day, whoever of two mains or two lives of one hears of it.
      const identity = [kind, worker, day];
      return { ...alert(event, about), category: "budget", identity, subject, labels: { worker } };
    }
    case "result-bad":
    case "result-late":
      return { ...alert(event, about), subject: `task:${event.task}`, labels: { task: event.task } };
    case "section-bad":
    case "inbox-bad":
      return { ...alert(event, about), subject: "ledger:files" };
    case "node-started":
    case "node-draining":
    case "node-stopped":
    case "settings-reread":
      return { ...plain(event, about), subject: `node:${event.node}` };
    case "settings-refused":
      return { ...plain(event, about), severity: "warning", subject: `node:${event.node}` };
    case "schedule-missed":
    case "schedule-failed":
      return { ...alert(event, about), subject: `schedule:${event.schedule}` };
    case "worker-left":
      return { ...plain(event, about), subject: `worker:${event.worker}`, labels: { worker: event.worker } };
    case "task-queued":
    case "task-adopted":
    case "task-claimed":
    case "task-progress":
    case "task-requeued":
    case "task-blocked":
    case "task-stopped":
    case "results-archived":
      return undefined;
    default:
      return event satisfies never;
  }
}

/** Its sentence says all there is to say. */
function plain(event: Event, { at }: About): Omit<Fact, "subject"> {
  const title = asTitle(event);
  return {
    identity: [event.kind, at, title],
    category: "system.lifecycle",
    title: firstWords(title),
    summary: rest(title),
  };
}

function alert(event: Event, about: About): Omit<Fact, "subject"> {
  return { ...plain(event, about), category: "heartbeat.alert", severity: "warning" };
}

function workerTrouble(
  event: Extract<Event, { worker: string }>,
  about: About,
  status: "firing" | "resolved",
): Fact {
  const { worker } = event;
  return {
    ...plain(event, about),
    category: "outage",
    severity: status === "firing" ? "warning" : "info",
    status,
    subject: `worker:${worker}`,
    labels: { worker },
  };
}

/** Told again with each try, in other words each time: while it goes on, it is one thing. */
function remoteTrouble(
  event: Extract<Event, { kind: "remote-trouble" | "remote-back" }>,
  about: About,
): Fact {
  const firing = event.kind === "remote-trouble";
  return {
    ...plain(event, about),
    category: "outage",
    severity: firing ? "warning" : "info",
    status: firing ? "firing" : "resolved",
    subject: `remote:${event.node}`,
    title: firing ? `${event.node} cannot reach the coordination repository` : asTitle(event),
    summary: firing ? `${event.message} [${event.code}]` : "",
    labels: { node: event.node },
  };
}

/** A rewind that we can put right is a warning; one that stops us needs a person, and what was a warning is told anew. */
function historyTrouble(
  event: Extract<
    Event,
    { kind: "history-rewound" | "history-forked" | "history-restored" | "history-accepted" }
  >,
  about: About,
): Fact {
  const { kind, node } = event;
  const firing = kind === "history-rewound" || kind === "history-forked";
  return {
    ...plain(event, about),
    category: "incident",
    severity: kind === "history-forked" ? "critical" : firing ? "warning" : "info",
    status: firing ? "firing" : "resolved",
    subject: `history:${node}`,
    labels: { node },
  };
}

/** No rule that was broken mends itself, and whoever broke one breaks others: it is a person's, and at once. */
function illegalCommit(event: Extract<Event, { kind: "commit-illegal" }>): Fact {
  const { kind, commit, by, reason, task } = event;
  const short = commit.slice(0, 10);
  return {
    // A main that died before it noted that it had told this tells it again.
    identity: [kind, commit],
    category: "incident",
    severity: "critical",
    subject: `commit:${short}`,
    title: `Commit ${short} of ${by ?? "a person"} breaks the protocol`,
    summary: `${firstWords(reason, 600)}. What to do: ${afterIllegal(commit)}.`,
    labels: { commit: short, worker: by, task },
  };
}

const longestTitle = 120;

/** A title is short; a sentence that is not is said in full below it. */
function firstWords(text: string, most = longestTitle): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/\s+\S*$/, "")} …`;
}

function rest(text: string): string {
  return text.length <= longestTitle ? "" : text;
}

/** The sentence with a capital letter, unless it begins with a node's name, which is written as it is. */
function asTitle(event: Event): string {
  const text = sentence(event);
  if ("node" in event && text.startsWith(event.node)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
