import type { NodeName, TaskId } from "../core/ids.ts";
import type { Outcome } from "../core/task.ts";
import { replacePart } from "./marked-part.ts";
import { oneLine } from "./queue-header.ts";

/** What CURRENT.md says. There is no time in it: it changes when something has changed, not because time goes by. */
export type CurrentView = {
  /** Tasks that wait for an approval or whose attempts are used up. */
  needsPerson: readonly { id: TaskId; title: string; state: "needs-approval" | "needs-human"; why: string }[];
  running: readonly { id: TaskId; title: string; by: NodeName; attempt: number }[];
  /** `waitsFor` says why no worker takes it now; undefined for one whose turn simply has not come. */
  queued: readonly { id: TaskId; title: string; waitsFor: string | undefined }[];
  blocked: readonly { id: TaskId; title: string; why: string }[];
  workers: readonly {
    name: NodeName;
    /** alive, late, silent */
    health: string;
    state: string;
    running: number;
    slots: number;
    unhealthy: readonly { executor: string; why: string }[];
  }[];
  badSections: readonly { line: number; reason: string }[];
  badInboxFiles: readonly { name: string; reason: string }[];
  /** Newest first; ten are shown. */
  results: readonly { id: TaskId; title: string; outcome: Outcome; why: string | undefined }[];
};

/** Long lists are cut: the page is for a glance, QUEUE.md has the rest. */
const shownAtMost = 20;
const resultsAtMost = 10;

/** CURRENT.md with this view between its markers. */
export function renderCurrent(existing: string, view: CurrentView): string {
  const before = existing.trim() === "" ? "# What is going on\n\n" : existing;
  const sections = [
    section("Needs a person", view.needsPerson, ({ state, why, ...task }) =>
      [
        taskText(task),
        `  ${state === "needs-approval" ? approvalHint : `${plain(why) || "its attempts are used up"}. ${retryHint}`}`,
      ].join("\n"),
    ),
    section(
      "To be mended by hand",
      [...view.badSections.map(badSectionText), ...view.badInboxFiles.map(badFileText)],
      (text) => text,
    ),
    section(
      "Running",
      view.running,
      ({ by, attempt, ...task }) => `${taskText(task)}: on ${by}${attempt > 1 ? `, attempt ${attempt}` : ""}`,
    ),
    section(
      "Queued",
      view.queued,
      ({ waitsFor, ...task }) => taskText(task) + (waitsFor === undefined ? "" : `: ${plain(waitsFor)}`),
    ),
    section(
      "Blocked",
      view.blocked,
      ({ why, ...task }) => `${taskText(task)}: ${plain(why) || "held back by hand"}`,
    ),
    section("Workers", view.workers, workerText),
    section("Last results", view.results.slice(0, resultsAtMost), resultText),
  ];
  return replacePart(before, `${[headline(view), ...sections.filter((text) => text !== "")].join("\n\n")}\n`);
}

const queueLink = "[worker/QUEUE.md](worker/QUEUE.md)";
const approvalHint = `Waits for your approval. In ${queueLink}, change its \`- approval: required\` to \`none\` and its \`- state: needs-approval\` to \`queued\`, or to \`cancelled\`.`;
const retryHint = `In ${queueLink}, change its \`- state: needs-human\` to \`queued\` or \`cancelled\`.`;

function headline(view: CurrentView): string {
  const toMend = view.badSections.length + view.badInboxFiles.length;
  const counts: [number, string][] = [
    [view.needsPerson.length, view.needsPerson.length === 1 ? "needs a person" : "need a person"],
    [toMend, "to be mended"],
    [view.running.length, "running"],
    [view.queued.length, "queued"],
    [view.blocked.length, "blocked"],
  ];
  const said = counts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  if (said.length > 0) return `**${said.join(", ")}**`;
  return `All quiet: nothing is running and nothing waits. A line in ${queueLink} makes a task.`;
}

function section<Item>(title: string, items: readonly Item[], text: (item: Item) => string): string {
  if (items.length === 0) return "";
  const lines = items.slice(0, shownAtMost).map((item) => `- ${text(item)}`);
  const rest = items.length - shownAtMost;
  return [`## ${title}`, "", ...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n");
}

function taskText({ id, title }: { id: TaskId; title: string }): string {
  return `**${plain(title, 80) || "no title"}** (${id})`;
}

function badSectionText({ line, reason }: CurrentView["badSections"][number]): string {
  return `${queueLink} line ${line}: ${plain(reason)}`;
}

function badFileText({ name, reason }: CurrentView["badInboxFiles"][number]): string {
  return `[${plain(name)}](worker/INBOX/${encoded(name)}): ${plain(reason)}`;
}

function workerText({
  name,
  health,
  state,
  running,
  slots,
  unhealthy,
}: CurrentView["workers"][number]): string {
  const doing = health === "silent" ? "silent" : `${state}${health === "alive" ? "" : `, ${health}`}`;
  const troubles = unhealthy.map(({ executor, why }) => `; cannot run ${plain(executor)}: ${plain(why)}`);
  return `**${name}**: ${doing}, ${running} of ${slots} slots used${troubles.join("")}`;
}

function resultText({ id, title, outcome, why }: CurrentView["results"][number]): string {
  return `${outcome}: [${plain(title, 80) || id}](worker/RESULTS/${id}.md)${why ? ` (${plain(why)})` : ""}`;
}

/** Text from outside as one line in which Markdown and HTML mean nothing. */
function plain(text: string, atMost = 200): string {
  return oneLine(text, atMost).replace(/[\\`*_[\]<>&~|]/g, "\\$&");
}

function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /[()]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
}
