import { readInboxFile } from "../format/inbox.ts";
import { machineKeys } from "../format/queue-header.ts";
import type { Queue, TaskSection } from "../format/queue.ts";
import type { Breach } from "./legal.ts";
import { paths } from "./paths.ts";
import { newTasks, type Step } from "./step.ts";

/** Of what people wrote, nodes change nothing but their own lines, and what they take away becomes a task. */
export function illegalEdit(step: Step): Breach | undefined {
  const [before, after] = [step.before.queue, step.after.queue];
  const born = new Set(newTasks(step));
  const prompts = after.tasks.flatMap(({ task }) => (born.has(task.id) ? task.prompt : []));
  const taken = [...takenLines(before, after), ...takenSections(before, after), ...takenFiles(step)];
  for (const words of taken) {
    const place = prompts.findIndex((prompt) => prompt.startsWith(words));
    if (place < 0) return { reason: `a node took ${JSON.stringify(words.slice(0, 60))} away` };
    prompts.splice(place, 1);
  }
  if (before.text === after.text) return undefined;
  const stays = new Set(after.tasks.map(({ task }) => task.id));
  const kept = peoplesLines(before, (section) => stays.has(section.task.id), goneParts(before, after));
  const now = peoplesLines(after, (section) => !born.has(section.task.id), []);
  const place = kept.findIndex((line, n) => line !== now[n]);
  if (place < 0 && kept.length === now.length) return undefined;
  return {
    reason: `a node changed what people wrote: ${JSON.stringify((kept[place] ?? now[kept.length])?.slice(0, 60))}`,
  };
}

function takenLines(before: Queue, after: Queue): string[] {
  return goneItems(before, after).map(({ text }) => text);
}

function takenSections(before: Queue, after: Queue): string[] {
  return goneSections(before, after).map(({ prompt }) => prompt);
}

function takenFiles({ files }: Step): string[] {
  return Array.from(files).flatMap(([path, change]) => {
    if (!path.startsWith(`${paths.inbox}/`) || change.before === undefined || change.after !== undefined)
      return [];
    const read = readInboxFile(path.slice(paths.inbox.length + 1), change.before);
    return "problem" in read ? [] : read.prompt.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
  });
}

function goneItems(before: Queue, after: Queue) {
  const left = (after.inbox?.items ?? []).map(({ text }) => text);
  return (before.inbox?.items ?? []).filter(({ text }) => !remove(left, text));
}

function goneSections(before: Queue, after: Queue) {
  const left = after.unnamed.map(({ title, prompt }) => `${title}\n${prompt}`);
  return before.unnamed.filter(({ title, prompt }) => !remove(left, `${title}\n${prompt}`));
}

function remove(list: string[], item: string): boolean {
  const place = list.indexOf(item);
  if (place >= 0) list.splice(place, 1);
  return place >= 0;
}

type Part = { start: number; end: number };

function goneParts(before: Queue, after: Queue): Part[] {
  return [...goneItems(before, after), ...goneSections(before, after).map(({ place }) => place)];
}

/** The lines that are people's, without blank ones; sections that do not stay are left out. */
function peoplesLines(
  queue: Queue,
  stays: (section: TaskSection) => boolean,
  gone: readonly Part[],
): string[] {
  const cut: Part[] = [...gone];
  for (const section of queue.tasks) {
    if (!stays(section)) cut.push(section.place);
    else {
      const own = section.place.header.filter(({ key }) => machineKeys.some((known) => known === key));
      cut.push(...own.map(({ start, next }) => ({ start, end: next })));
    }
  }
  let text = "";
  let at = 0;
  for (const { start, end } of cut.toSorted((a, b) => a.start - b.start)) {
    if (start > at) text += `${queue.text.slice(at, start)}\n`;
    at = Math.max(at, end);
  }
  return `${text}${queue.text.slice(at)}`.split(/\r?\n/).filter((line) => line.trim() !== "");
}
