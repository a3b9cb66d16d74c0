import type { TaskId } from "../core/ids.ts";
import { requestLines, type Request } from "../core/request.ts";
import type { OpenState, Task } from "../core/task.ts";
import type { BareItem } from "./bare-items.ts";
import { machineKeys, machineLines, oneLine } from "./queue-header.ts";
import { writePrompt } from "./queue-prompt.ts";
import { firstWords, type Place, type Queue, type UnnamedSection } from "./queue.ts";

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

/** The new text of QUEUE.md. Every byte that is not the subject of an edit stays as it is. */
export function editQueue(queue: Queue, edits: readonly QueueEdit[]): string {
  const eol = queue.text.includes("\r\n") ? "\r\n" : "\n";
  const splices = edits.flatMap((edit): Splice[] => {
    switch (edit.kind) {
      case "set": {
        const place = placeOf(queue, edit.task.id);
        if (!place || edit.task.state.kind === "closed") return [];
        return setMachineLines(
          queue.text,
          place,
          machineLines(edit.task.state, edit.task.attempt, edit.task.tried),
          eol,
        );
      }
      case "remove": {
        const place = placeOf(queue, edit.id);
        return place ? [{ start: place.start, end: place.end, text: "" }] : [];
      }
      case "name":
        return nameSection(queue.text, edit, eol);
      case "take":
        return [{ start: edit.item.start, end: edit.item.end, text: "" }];
      case "add":
        return [];
      default:
        return edit satisfies never;
    }
  });
  const added = edits.flatMap((edit) => (edit.kind === "add" ? [section(edit.task, eol)] : []));
  if (added.length > 0) splices.push(insertion(queue, added.join(""), eol));
  return spliced(queue.text, splices);
}

function placeOf(queue: Queue, id: TaskId): Place | undefined {
  return queue.tasks.find(({ task }) => task.id === id)?.place;
}

/** The old lines go, the new ones stand where the first of the old ones stood. */
function setMachineLines(text: string, place: Place, lines: readonly string[], eol: string): Splice[] {
  const block = lines.map((line) => line + eol).join("");
  const old = place.header.filter(({ key }) => machineKeys.some((own) => own === key));
  const first = old[0];
  if (first) {
    return [
      { start: first.start, end: endOf(text, first.next), text: closeLine(text, first.next, block, eol) },
      ...old.slice(1).map(({ start, next }) => ({ start, end: next, text: "" })),
    ];
  }
  if (place.header.length > 0) return [{ start: place.headerAt, end: place.headerAt, text: block }];
  return [{ start: place.headingEnd, end: place.headingEnd, text: freshHeader(text, place, block, eol) }];
}

function endOf(_text: string, next: number): number {
  return next;
}

/** A file may end without a line break; then the block that replaces its last line does too. */
function closeLine(text: string, next: number, block: string, eol: string): string {
  return next === text.length && !text.endsWith("\n") ? block.slice(0, -eol.length) : block;
}

/** A header for a section that has none: a blank line above it, and one below unless there is one. */
function freshHeader(text: string, place: Place, block: string, eol: string): string {
  const before = text.slice(place.start, place.headingEnd).endsWith("\n") ? eol : eol + eol;
  const promptFollows =
    /^[^\r\n]/.test(text.slice(place.headingEnd, place.headingEnd + 1)) && place.headingEnd < place.end;
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
function insertion(queue: Queue, text: string, eol: string): Splice {
  const at = queue.inbox?.place.start ?? queue.text.length;
  const before = queue.text.slice(0, at);
  const gap = before === "" || /\n\r?\n$/.test(before) ? "" : before.endsWith("\n") ? eol : eol + eol;
  return { start: at, end: at, text: gap + text };
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
    parts.push(text.slice(at, splice.start), splice.text);
    at = Math.max(at, splice.end);
  }
  parts.push(text.slice(at));
  return parts.join("");
}
