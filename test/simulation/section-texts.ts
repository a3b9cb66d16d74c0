import type { TaskId } from "../../src/core/ids.ts";
import { waitsForChildren } from "../../src/core/move.ts";
import type { Queue, TaskSection } from "../../src/format/queue.ts";

/** Why people block what they do not want done yet. */
export const putAside = "until Monday";

/** Does it wait for what nobody brings any more? What a task has handed out nobody looks after. */
export function isDead({ task: { state, request } }: TaskSection, { tasks }: Queue): boolean {
  if (state.kind !== "blocked" || state.why === waitsForChildren || request.parent !== undefined)
    return false;
  return !tasks.some(({ task }) => state.why.includes(task.id));
}

export function blocked(section: string): string {
  return section
    .replace(/^- why: .*\r?\n/m, "")
    .replace(/^(- state: )\S+(\r?\n)/m, `$1blocked$2- why: ${putAside}$2`);
}

export function queued(section: string): string {
  return section.replace(/^- why: .*\r?\n/m, "").replace("- state: blocked", "- state: queued");
}

export function textOf(queue: Queue, { place }: TaskSection): string {
  return queue.text.slice(place.start, place.end);
}

export function withoutSecond(text: string, id: TaskId): string {
  const second = text.indexOf(`## ${id}`, text.indexOf(`## ${id}`) + 1);
  if (second < 0) return text;
  const end = text.indexOf("\n## ", second);
  return text.slice(0, second) + (end < 0 ? "" : text.slice(end + 1));
}
