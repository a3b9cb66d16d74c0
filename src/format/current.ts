import type { TaskId } from "../core/ids.ts";
import type { Outcome } from "../core/task.ts";
import { replaceMarkedPart } from "./marked-part.ts";
import { plain as inertMarkdown } from "./plain.ts";
import { oneLine } from "./queue-header.ts";

type Line = { id: TaskId; title: string };

/** What CURRENT.md says. There is no time in it: it changes when something has changed, not because time goes by. */
export type CurrentView = {
  needsPerson: (Line & { why: string })[];
  running: (Line & { worker: string; attempt: number })[];
  /** `waitsFor` is undefined for a task whose turn simply has not come. */
  queued: (Line & { waitsFor: string | undefined })[];
  blocked: (Line & { why: string })[];
  workers: { name: string; health: string; doing: string }[];
  badSections: { line: number; reason: string }[];
  badInbox: { name: string; reason: string }[];
  /** Newest first; ten are shown. */
  recent: (Line & { outcome: Outcome; by: string | undefined; path: string })[];
};

/** A long list tells a person nothing that its beginning does not. */
const longest = 20;
const resultsShown = 10;

/** CURRENT.md with this view between its markers, for a glance on a phone. */
export function renderCurrent(existing: string, view: CurrentView): string {
  const parts = [
    welcome(view),
    list(
      "Needs a person",
      view.needsPerson,
      (task) => `**${task.id}** ${plain(task.title)}: ${plain(task.why)}`,
    ),
    view.needsPerson.length > 0 ? whatToDo : "",
    list(
      "Cannot be read",
      [...view.badSections.map(badSection), ...view.badInbox.map(badFile)],
      (line) => line,
    ),
    list("Running", view.running, (task) => {
      const attempt = task.attempt > 1 ? `, attempt ${task.attempt}` : "";
      return `${task.id} ${plain(task.title)} (on ${plain(task.worker)}${attempt})`;
    }),
    list("Queued", view.queued, (task) => {
      const waits = task.waitsFor === undefined ? "" : `: waits for ${plain(task.waitsFor)}`;
      return `${task.id} ${plain(task.title)}${waits}`;
    }),
    list(
      "Blocked",
      view.blocked,
      (task) => `${task.id} ${plain(task.title)}: ${plain(task.why) || "by hand"}`,
    ),
    list(
      "Workers",
      view.workers,
      (worker) => `${plain(worker.name)}: ${worker.health}, ${plain(worker.doing)}`,
    ),
    list("Finished lately", view.recent.slice(0, resultsShown), (task) => {
      const by = task.by === undefined ? "" : ` on ${plain(task.by)}`;
      return `${sign[task.outcome]} [${task.id}](${task.path}) ${plain(task.title)} (${task.outcome}${by})`;
    }),
  ];
  return replaceMarkedPart(existing, parts.filter((part) => part !== "").join("\n\n"));
}

const queue = "[worker/QUEUE.md](worker/QUEUE.md)";

const whatToDo =
  `To let one run, type \`pawl approve <id>\` or \`pawl retry <id>\`; or set its state in ${queue} to \`queued\`, and ` +
  "`approval: required` to `none`. " +
  "To be rid of it, set its state to `cancelled`.";

const sign: Record<Outcome, string> = {
  succeeded: "✅",
  failed: "❌",
  "timed-out": "⌛",
  cancelled: "🚫",
  expired: "🕰️",
};

function welcome({ needsPerson, running, queued, blocked, badSections, badInbox }: CurrentView): string {
  const all = [needsPerson, running, queued, blocked, badSections, badInbox];
  return all.every((one) => one.length === 0) ? `All is quiet: nothing to do. Add a task to ${queue}.` : "";
}

function badSection({ line, reason }: CurrentView["badSections"][number]): string {
  return `${queue} line ${line}: ${plain(reason)}`;
}

function badFile({ name, reason }: CurrentView["badInbox"][number]): string {
  return `worker/INBOX/${plain(name)}: ${plain(reason)}`;
}

function list<Item>(title: string, items: readonly Item[], line: (item: Item) => string): string {
  if (items.length === 0) return "";
  const more = items.length > longest ? [`- and ${items.length - longest} more`] : [];
  const lines = items.slice(0, longest).map((item) => `- ${line(item)}`);
  return [`## ${title} (${items.length})`, "", ...lines, ...more].join("\n");
}

function plain(text: string): string {
  return inertMarkdown(oneLine(text, 200).replace(turnsText, ""));
}

/** Signs that make what follows run from right to left, and with it a title say what it does not. */
const turnsText = /[\u202a-\u202e\u2066-\u2069]/g;
