import type { TaskId } from "../core/ids.ts";
import type { Outcome } from "../core/task.ts";
import { plain } from "./markdown-table.ts";
import { replaceMarkedPart } from "./marked-part.ts";

type Line = { id: TaskId; title: string };

export type CurrentView = {
  needsPerson: (Line & { why: string })[];
  running: (Line & { worker: string; attempt: number })[];
  queued: (Line & { waitsFor: string | undefined })[];
  blocked: (Line & { why: string })[];
  workers: { name: string; health: string; doing: string }[];
  badSections: { line: number; reason: string }[];
  badInbox: { name: string; reason: string }[];
  /** Newest first. */
  recent: (Line & { outcome: Outcome; by: string | undefined; path: string })[];
};

/** A long list tells a person nothing that its beginning does not. */
const longest = 20;

/** CURRENT.md for a glance on a phone. There is no clock in it, so nothing changes when nothing happens. */
export function renderCurrent(existing: string, view: CurrentView): string {
  const parts = [
    list(
      "Needs a person",
      view.needsPerson,
      (task) => `**${task.id}** ${plain(task.title)}: ${plain(task.why, 200)}`,
    ),
    list(
      "Cannot be read",
      [...view.badSections.map(badSection), ...view.badInbox.map(badFile)],
      (line) => line,
    ),
    list("Running", view.running, (task) => {
      const attempt = task.attempt > 1 ? `, attempt ${task.attempt}` : "";
      return `${task.id} ${plain(task.title)} (on ${task.worker}${attempt})`;
    }),
    list("Queued", view.queued, (task) => {
      const waits = task.waitsFor === undefined ? "" : `: waits for ${plain(task.waitsFor)}`;
      return `${task.id} ${plain(task.title)}${waits}`;
    }),
    list("Blocked", view.blocked, (task) => `${task.id} ${plain(task.title)}: ${plain(task.why)}`),
    list("Workers", view.workers, (worker) => `${worker.name}: ${worker.health}, ${plain(worker.doing)}`),
    list("Finished lately", view.recent, (task) => {
      const by = task.by === undefined ? "" : ` on ${task.by}`;
      return `${sign[task.outcome]} [${task.id}](${task.path}) ${plain(task.title)} (${task.outcome}${by})`;
    }),
  ];
  const text = parts.filter((part) => part !== "").join("\n\n");
  const open = view.needsPerson.length + view.running.length + view.queued.length + view.blocked.length;
  const calm = open === 0 ? "Nothing to do. Add a task to [worker/QUEUE.md](worker/QUEUE.md).\n\n" : "";
  return replaceMarkedPart(existing, calm + text);
}

const sign: Record<Outcome, string> = {
  succeeded: "✅",
  failed: "❌",
  "timed-out": "⌛",
  cancelled: "🚫",
  lost: "❓",
  expired: "🕰️",
};

function badSection({ line, reason }: CurrentView["badSections"][number]): string {
  return `[worker/QUEUE.md](worker/QUEUE.md) line ${line}: ${plain(reason, 200)}`;
}

function badFile({ name, reason }: CurrentView["badInbox"][number]): string {
  return `worker/INBOX/${plain(name)}: ${plain(reason, 200)}`;
}

function list<Item>(title: string, items: readonly Item[], line: (item: Item) => string): string {
  if (items.length === 0) return "";
  const more = items.length > longest ? [`- and ${items.length - longest} more`] : [];
  const lines = items.slice(0, longest).map((item) => `- ${line(item)}`);
  return [`## ${title} (${items.length})`, "", ...lines, ...more].join("\n");
}
