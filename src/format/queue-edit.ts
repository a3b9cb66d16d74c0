import type { TaskId } from "../core/ids.ts";
import { requestLines, type Request } from "../core/request.ts";
import type { OpenState, Task } from "../core/task.ts";
import type { BareItem } from "./bare-items.ts";
import { machineKeys, machineLines, oneLine } from "./queue-header.ts";
import { writePrompt } from "./queue-prompt.ts";
import { firstWords, type Place, type Queue, type TaskSection, type UnnamedSection } from "./queue.ts";

export type NewTask = { id: TaskId; title: string; prompt: string; request: Request; state: OpenState };

export type QueueEdit =
  /** Writes the machine's lines of a task anew. */
  | { kind: "set"; task: Task }
  | { kind: "remove"; id: TaskId }
  | { kind: "add"; task: NewTask }
  /** Gives a person's section its id. */
  | { kind: "name"; section: UnnamedSection; id: TaskId; state: OpenState; request: Request }
  /** Takes a bare line away that has become a task. */
  | { kind: "take"; item: BareItem };

type Splice = { start: number; end: number; text: string };

/**
 * The new text of QUEUE.md. Every byte that is not the subject of an edit stays as it is. Of several edits that set one
 * task the last one counts, and one that removes it counts more.
 */
export function editQueue(queue: Queue, edits: readonly QueueEdit[]): string {
  const eol = queue.text.includes("\r\n") ? "\r\n" : "\n";
  const splices: Splice[] = [];
  const changed = new Map<TaskId, Task | "removed">();
  const added: NewTask[] = [];
  for (const edit of edits) {
    switch (edit.kind) {
      case "set":
        if (changed.get(edit.task.id) !== "removed") changed.set(edit.task.id, edit.task);
        break;
      case "remove":
        changed.set(edit.id, "removed");
        break;
      case "name":
        splices.push(...nameSection(queue.text, edit, eol));
        break;
      case "take":
        splices.push({ start: edit.item.start, end: edit.item.end, text: "" });
        break;
      case "add":
        added.push(edit.task);
        break;
      default:
        edit satisfies never;
    }
  }
  if (changed.size > 0)
    splices.push(...queue.tasks.flatMap((section) => change(queue.text, section, changed, eol)));
  if (added.length > 0) splices.push(insertion(queue, added, eol));
  return spliced(queue.text, splices);
}

function change(
  text: string,
  { task: { id }, place }: TaskSection,
  changed: ReadonlyMap<TaskId, Task | "removed">,
  eol: string,
): Splice[] {
  const to = changed.get(id);
  if (to === undefined) return [];
  if (to === "removed") return [{ start: place.start, end: place.end, text: "" }];
  return setMachineLines(text, place, machineLines(to.state, to.attempt, to.tried, to), eol);
}

/** The old lines go, the new ones stand where the first of the old ones stood. */
function setMachineLines(text: string, place: Place, lines: readonly string[], eol: string): Splice[] {
  const block = lines.map((line) => line + eol).join("");
  const [first, ...others] = place.header.filter(({ key }) => machineKeys.some((own) => own === key));
  if (first) {
    const endsFile = first.next === text.length && !text.endsWith("\n");
    return [
      { start: first.start, end: first.next, text: endsFile ? block.slice(0, -eol.length) : block },
      ...others.map(({ start, next }) => ({ start, end: next, text: "" })),
    ];
  }
  if (place.header.length > 0) return [{ start: place.headerAt, end: place.headerAt, text: block }];
  return [{ start: place.headingEnd, end: place.headingEnd, text: freshHeader(text, place, block, eol) }];
}

/** A header for a section that has none: a blank line above it, and one below unless there is one. */
function freshHeader(text: string, place: Place, block: string, eol: string): string {
  const before = text.slice(place.start, place.headingEnd).endsWith("\n") ? eol : eol + eol;
  const promptFollows = place.headingEnd < place.end && !/[\r\n]/.test(text.charAt(place.headingEnd));
  return before + block + (promptFollows ? eol : "");
}

function nameSection(
  text: string,
  { section: { title, request: written, place }, id, state, request }: QueueEdit & { kind: "name" },
  eol: string,
): Splice[] {
  const heading = text.slice(place.start, place.headingEnd);
  const lineBreak = /\r?\n$/.exec(heading)?.[0] ?? "";
  const known = new Set(requestLines(written).map(([key]) => key));
  const added = requestLines(request).filter(([key]) => !known.has(key));
  const lines = [...machineLines(state, 0, []), ...added.map(([key, value]) => `- ${key}: ${value}`)];
  return [
    { start: place.start, end: place.headingEnd, text: `## ${id} ${title}${lineBreak}` },
    ...setMachineLines(text, place, lines, eol),
  ];
}

/** New sections go before the Inbox, so that a line typed at the end of the file always lands in it. */
function insertion(queue: Queue, tasks: readonly NewTask[], eol: string): Splice {
  const at = queue.inbox?.place.start ?? queue.text.length;
  const before = queue.text.slice(0, at);
  const gap = /^\ufeff?$|\n\r?\n$/.test(before.slice(-3)) ? "" : before.endsWith("\n") ? eol : eol + eol;
  return {
    start: at,
    end: at,
    text: gap + tasks.map((task) => section(task, eol)).join(""),
  };
}

function section({ id, title, prompt, request, state }: NewTask, eol: string): string {
  const lines = [
    `## ${id} ${oneLine(title, 120) || oneLine(firstWords(prompt), 120)}`,
    "",
    ...machineLines(state, 0, []),
    ...requestLines(request).map(([key, value]) => `- ${key}: ${value}`),
    "",
    ...writePrompt(prompt).split("\n"),
    "",
    "",
  ];
  return lines.join(eol);
}

function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const splice of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (splice.start < at) continue;
    parts.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}
