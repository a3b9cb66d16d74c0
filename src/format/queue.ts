import { TaskId } from "../core/ids.ts";
import type { Request } from "../core/request.ts";
import type { Task } from "../core/task.ts";
import { weighed } from "./approval.ts";
import { bareItems, type BareItem } from "./bare-items.ts";
import { headerLine, isMisspelt, readHeader, headerKeys, type HeaderLine } from "./queue-header.ts";
import { readPrompt } from "./queue-prompt.ts";
import { rawSections, type RawSection } from "./queue-sections.ts";

/** Where a section stands in the text; `headerAt` is where its `- key: value` lines begin or would begin. */
export type Place = {
  line: number;
  start: number;
  end: number;
  headingEnd: number;
  headerAt: number;
  header: readonly HeaderLine[];
};

export type TaskSection = { kind: "task"; task: Task; place: Place };
/** A person's section that has no id yet. */
export type UnnamedSection = {
  kind: "unnamed";
  title: string;
  request: Request;
  prompt: string;
  place: Place;
};
/** Nobody touches it until a person has mended it; the other sections go on. */
export type BadSection = { kind: "bad"; id: TaskId | undefined; line: number; reason: string };
export type InboxSection = { kind: "inbox"; items: readonly BareItem[]; place: Place };

export type Queue = {
  text: string;
  tasks: readonly TaskSection[];
  unnamed: readonly UnnamedSection[];
  bad: readonly BadSection[];
  inbox: InboxSection | undefined;
};

/** Reads QUEUE.md. Never throws: what cannot be understood is named in `bad`, the rest is used. */
export function parseQueue(text: string): Queue {
  const tasks: TaskSection[] = [];
  const unnamed: UnnamedSection[] = [];
  const bad: BadSection[] = [];
  let inbox: InboxSection | undefined;
  for (const { raw, section } of readSections(text)) {
    switch (section.kind) {
      case "task":
        tasks.push(section);
        break;
      case "unnamed":
        unnamed.push(section);
        break;
      case "bad":
        bad.push(section);
        break;
      case "inbox":
        if (inbox) bad.push(badSection(raw, "a second Inbox; move its lines to the first one"));
        else inbox = section;
        break;
      default:
        section satisfies never;
    }
  }
  const doubled = doubledIds(tasks, bad);
  return {
    text,
    tasks: tasks.filter(({ task }) => !doubled.has(task.id)),
    unnamed,
    bad: [
      ...bad,
      ...tasks
        .filter(({ task }) => doubled.has(task.id))
        .map(({ task, place }) => ({
          kind: "bad" as const,
          id: task.id,
          line: place.line,
          reason: `the id ${task.id} stands here twice; remove one of the two sections`,
        })),
    ].toSorted((a, b) => a.line - b.line),
    inbox,
  };
}

function doubledIds(tasks: readonly TaskSection[], bad: readonly BadSection[]): Set<TaskId> {
  const seen = new Set<TaskId>(bad.flatMap(({ id }) => id ?? []));
  const doubled = new Set<TaskId>();
  for (const { task } of tasks) {
    if (seen.has(task.id)) doubled.add(task.id);
    seen.add(task.id);
  }
  return doubled;
}

type Section = TaskSection | UnnamedSection | BadSection | InboxSection;

function readSections(text: string): { raw: RawSection; section: Section }[] {
  const read: { raw: RawSection; section: Section }[] = [];
  for (const raw of rawSections(text)) {
    read.push({ raw, section: readSection(text, raw) });
    // Keeping the lines of a long file costs more than reading it.
    raw.lines = [];
  }
  return read.map(({ raw, section }) =>
    raw.spoiled === undefined
      ? { raw, section }
      : { raw, section: badSection(raw, raw.spoiled, idOf(headingOf(text, raw))) },
  );
}

function headingOf(text: string, { heading }: RawSection): string {
  return text.slice(heading.start + 2, heading.end).trim();
}

function readSection(text: string, raw: RawSection): Section {
  const heading = headingOf(text, raw);
  if (heading.toLowerCase() === "inbox") {
    return { kind: "inbox", items: bareItems(text, raw.lines), place: placeOf(raw, [], raw.heading.next) };
  }
  const word = /^\S*/.exec(heading)?.[0] ?? "";
  const id = idOf(heading);
  if (id === undefined && /^T-\d/i.test(word)) {
    return badSection(
      raw,
      `${JSON.stringify(word.slice(0, 40))} is no task id; one looks like T-20261121-7k3qx`,
    );
  }
  const { header, headerAt, rest } = takeHeader(text, raw);
  const read = readHeader(header);
  if ("reason" in read) {
    return { kind: "bad", id, line: read.line ?? raw.heading.number, reason: read.reason };
  }
  const place = placeOf(raw, header, headerAt);
  const body = readPrompt(text, rest);
  const written = id === undefined ? heading : heading.slice(word.length).trim();
  const title = written || firstWords(body);
  // Whoever writes nothing but a title means that by it.
  const prompt = body || title;
  if (id !== undefined) {
    const approved = weighed(read.approved, { title, prompt, request: read.request });
    return { kind: "task", task: { id, title, prompt, ...read, approved }, place };
  }
  if (prompt === "") return badSection(raw, "an empty section: write a title behind ##");
  if (read.request.parent !== undefined) {
    return badSection(raw, "only what a task hands out has a parent; take the line away");
  }
  if (read.state.kind !== "queued") {
    return badSection(
      raw,
      `a section without an id cannot be ${read.state.kind}; take the line away, or write "- approval: required"`,
    );
  }
  return { kind: "unnamed", title, request: read.request, prompt, place };
}

function idOf(heading: string): TaskId | undefined {
  return TaskId.safeParse(/^\S*/.exec(heading)?.[0]).data;
}

function badSection(raw: RawSection, reason: string, id?: TaskId): BadSection {
  return { kind: "bad", id, line: raw.heading.number, reason };
}

function placeOf(raw: RawSection, header: readonly HeaderLine[], headerAt: number): Place {
  const { number: line, start, next: headingEnd } = raw.heading;
  return { line, start, end: raw.end, headingEnd, headerAt, header };
}

/** The header is the first unbroken run of `- key: value` lines with known keys; everything behind it is the prompt. */
function takeHeader(text: string, raw: RawSection) {
  const header: HeaderLine[] = [];
  let count = 0;
  let headerAt = raw.heading.next;
  for (const { number, start, end, next } of raw.lines) {
    const line = text.slice(start, end);
    if (header.length === 0 && line.trim() === "") {
      count++;
      continue;
    }
    const read = headerLine(line);
    if (!read || (!headerKeys.includes(read.key) && !isMisspelt(read.key))) break;
    if (header.length === 0) headerAt = start;
    header.push({ ...read, number, start, next });
    count++;
  }
  const rest = header.length === 0 ? raw.lines : raw.lines.slice(count);
  return { header, headerAt, rest };
}

/** A title for a text that came without one. */
export function firstWords(text: string): string {
  const line = /\S.*/.exec(text)?.[0].replace(/^#+ */, "").trim() ?? "";
  return line.length <= 80 ? line : `${line.slice(0, 79).replace(/\s+\S*$/, "")}…`;
}
