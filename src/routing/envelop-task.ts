import { durationText } from "../core/duration.ts";
import type { Action } from "../core/envelope.ts";
import type { Event } from "../core/event.ts";
import type { TaskId } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import type { Outcome } from "../core/task.ts";
import type { About } from "./envelop.ts";
import type { Fact } from "./fact.ts";
import { verbs } from "./verbs.ts";

type Told<Kind extends Event["kind"]> = Extract<Event, { kind: Kind }>;

/**
 * A result. What a task of some other category brought is news of that category, unless it failed, or is a part for
 * another task, whose result is the one that somebody wanted there.
 */
export function ended(event: Told<"task-ended">, { result, offerRetry }: About): Fact {
  const { task, title, outcome, why, by } = event;
  const failed = isFailure(outcome);
  const isPart = result?.request.parent !== undefined;
  const usual = failed || isPart ? "result.subagent" : reportCategory(event.category);
  return {
    identity: ["task-ended", task],
    source: by === undefined ? "main" : `worker:${by}`,
    category: usual,
    severity: failed ? "warning" : outcome === "expired" ? "notice" : "info",
    subject: `task:${task}`,
    title,
    summary: why,
    body: result?.text,
    labels: {
      task,
      worker: by,
      outcome: outcome === "succeeded" ? undefined : outcome,
      duration: result && durationOf(result),
      cost: result && costOf(result),
      // A name of the person's own is nothing that routing knows, but rules may.
      job: event.category === undefined || usual === event.category ? undefined : event.category,
      needs: result?.request.needs?.join(", "),
    },
    ...(failed && offerRetry ? { ask: askWhatNext(task, { label: "Leave it", verb: verbs.reject }) } : {}),
  };
}

/** Its attempts are used up, and nobody but a person can say what is to become of it. */
export function needsHuman(event: Told<"task-needs-human">, { attempt, at, offerRetry }: About): Fact {
  const { task, title, why } = event;
  return {
    identity: ["task-needs-human", task, attempt === undefined ? at : String(attempt), why],
    category: offerRetry ? "action.choose" : "heartbeat.alert",
    severity: "warning",
    subject: `task:${task}`,
    title,
    summary: `It needs a person: ${why}`,
    labels: { task },
    ...(offerRetry ? { ask: askWhatNext(task, { label: "Cancel", verb: verbs.cancel }) } : {}),
  };
}

/**
 * All that the digest is of is shown, the prompt word by word: as Markdown some of it would not be seen. Asked at another
 * time it is another question: what was edited and put back has to be asked again.
 */
export function approvalWanted(event: Told<"approval-wanted">, { at }: About): Fact {
  const { task, title, by, prompt, asks, digest, expires, again } = event;
  const { needs, ...others } = asks;
  return {
    identity: ["approval-wanted", task, digest, at],
    category: "action.approve",
    severity: "notice",
    subject: `task:${task}`,
    title,
    summary: again ? "It was edited after it had been approved, so it is asked again." : "",
    body: verbatim(prompt),
    labels: { ...others, task, "asked-by": by, capabilities: needs },
    expires,
    ask: {
      kind: "approve",
      options: [
        { verb: verbs.approve, label: "Approve", style: "success" },
        { verb: verbs.reject, label: "Reject", style: "danger" },
      ],
      ...(expires === undefined ? {} : { deadline: expires }),
      risk: "low",
      target: { kind: "approve-task", task, digest },
    },
  };
}

/** Ends the question, where it is still open, and its buttons. */
export function decided({ task, title, asked, how }: Told<"task-decided">, { at }: About): Fact {
  return {
    identity: ["task-decided", task, asked, at],
    category: asked === "needs-approval" ? "action.approve" : "action.choose",
    severity: "info",
    status: "resolved",
    subject: `task:${task}`,
    title,
    summary: `It ${how}.`,
    labels: { task },
  };
}

function askWhatNext(task: TaskId, other: { label: string; verb: string }): NonNullable<Fact["ask"]> {
  const options: Action["options"] = [
    { verb: verbs.retry, label: "Retry", style: "primary" },
    { ...other, style: "danger" },
  ];
  return { kind: "choose", options, risk: "low", target: { kind: "failed-task", task } };
}

/** Cancelled is what somebody wanted; a task that expired never ran. */
function isFailure(outcome: Outcome): boolean {
  return outcome === "failed" || outcome === "timed-out";
}

/** What the `category` of a task may say, and the short forms that people write. */
export const reportCategories: Readonly<Record<string, string>> = {
  briefing: "briefing.morning",
  "briefing.morning": "briefing.morning",
  "briefing.weekly": "briefing.weekly",
  memory: "memory.update",
  "memory.update": "memory.update",
  cron: "result.cron",
  "result.cron": "result.cron",
  heartbeat: "heartbeat.ok",
  "heartbeat.ok": "heartbeat.ok",
  "heartbeat.alert": "heartbeat.alert",
  chat: "chat",
};

/** No task can make itself an incident or a question by what it is called. */
function reportCategory(asked: string | undefined): string {
  if (asked === undefined) return "result.subagent";
  if (/^x(\.[a-z0-9-]+)+$/.test(asked)) return asked;
  return Object.hasOwn(reportCategories, asked) ? (reportCategories[asked] ?? "") : "result.subagent";
}

/** Both times are of the same clock, the worker's. */
function durationOf({ started, ended: end }: Result): string | undefined {
  const seconds = (Date.parse(end) - Date.parse(started ?? "")) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? durationText(seconds) : undefined;
}

function costOf({ facts }: Result): string | undefined {
  const cost = facts["cost-usd"];
  if (typeof cost !== "number" || !Number.isFinite(cost)) return undefined;
  return `$${cost.toFixed(cost < 0.1 ? 4 : 2)}`;
}

/** Shown as it is written, in a fence longer than any of its own. */
function verbatim(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
