/** A line of a Markdown file; `end` is where its line break begins, `next` where the next line does. */
export type Line = {
  number: number;
  start: number;
  end: number;
  next: number;
  /** Inside a fenced code block or an HTML comment, where Markdown's signs mean nothing; its first line included. */
  opaque: boolean;
  /** Inside an HTML comment. */
  comment: boolean;
  /** The line would begin a code block or comment, but nothing ends that one, so it hides nothing. */
  loose: Opener | undefined;
};

export type Opener = { kind: "fence"; marks: string; bare: boolean } | { kind: "comment" };

/**
 * Walks over the lines once. What a person forgot to close must not hide the tasks behind it: code ends before the next
 * task begins, or it is no code. A comment may hide tasks, because people take them out that way, but then it has to
 * end in a line of its own.
 */
export function* markdownLines(text: string): Generator<Line, void> {
  const isClosable = closability(text);
  let open: Opener | undefined;
  let number = 0;
  for (let start = firstLine(text); start < text.length;) {
    number++;
    const next = nextLine(text, start);
    const end = endOfLine(text, start, next);
    const wasOpen = open;
    const opener = !open && mayOpen(text.charCodeAt(start)) ? opening(text.slice(start, end)) : undefined;
    if (opener && isClosable(opener, start)) open = opener;
    const comment = open?.kind === "comment";
    yield { number, start, end, next, opaque: open !== undefined, comment, loose: open ? undefined : opener };
    if (wasOpen && closes(wasOpen, text.slice(start, end))) open = undefined;
    start = next;
  }
}

/** Does a line begin a task's section, or the Inbox, even where code might stand? */
export function beginsTask(line: string): boolean {
  return taskHeading.test(line);
}

const taskHeading =
  /^##[ \t]+(?:T-2\d{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[0-9a-z]{5}(?:\s|$)|inbox[ \t]*\r?\n?$)/i;

/** Would the line end what `opener` began? */
export function closes(opener: Opener, line: string): boolean {
  if (opener.kind === "comment") return line.includes("-->");
  const marks = bareFence(line);
  return (
    marks !== undefined && marks.length >= opener.marks.length && marks.startsWith(opener.marks.charAt(0))
  );
}

function* lines(text: string, from: number): Generator<{ start: number; end: number }, void> {
  for (let start = from; start < text.length;) {
    const next = nextLine(text, start);
    yield { start, end: endOfLine(text, start, next) };
    start = next;
  }
}

/** An editor on Windows may begin the file with a byte order mark. */
function firstLine(text: string): number {
  return text.charCodeAt(0) === 0xfeff ? 1 : 0;
}

function nextLine(text: string, start: number): number {
  return text.indexOf("\n", start) + 1 || text.length;
}

function endOfLine(text: string, start: number, next: number): number {
  let end = next;
  if (end > start && text.charCodeAt(end - 1) === 10) end--;
  return end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

/** Space, backtick, tilde or less-than. */
function mayOpen(code: number): boolean {
  return code === 32 || code === 96 || code === 126 || code === 60;
}

function opening(line: string): Opener | undefined {
  const marks = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
  if (marks !== undefined) return { kind: "fence", marks, bare: bareFence(line) !== undefined };
  return /^ {0,3}<!--/.test(line) && !line.includes("-->") ? { kind: "comment" } : undefined;
}

function bareFence(line: string): string | undefined {
  return /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
}

/** Tells whether anything further down ends what was opened at `start`; asked from top to bottom, it is linear. */
function closability(text: string): (opener: Opener, start: number) => boolean {
  let stretch = { end: 0, lastFences: new Map<string, number>() };
  let comment = { at: -1, lastTask: -1, lastOpening: -1, alone: false };
  return (opener, start) => {
    if (opener.kind === "comment") {
      if (comment.at < start) comment = firstCommentEnd(text, start);
      const hidesTasks = comment.lastTask > start;
      return comment.at < text.length && (!hidesTasks || (comment.alone && comment.lastOpening === start));
    }
    if (start >= stretch.end) stretch = stretchFrom(text, start);
    for (const [marks, at] of stretch.lastFences) if (at > start && closes(opener, marks)) return true;
    return false;
  };
}

/** Up to the next task, where the last fence of each kind and length stands that could be a closing one. */
function stretchFrom(text: string, start: number) {
  const lastFences = new Map<string, number>();
  for (const line of lines(text, start)) {
    const code = text.charCodeAt(line.start);
    if (code === 35 && beginsTask(text.slice(line.start, line.end))) return { end: line.start, lastFences };
    if (!mayOpen(code)) continue;
    const marks = bareFence(text.slice(line.start, line.end));
    if (marks !== undefined) lastFences.set(marks, line.start);
  }
  return { end: text.length, lastFences };
}

/** The next end of a comment, and what stands before it that speaks against its being the end of one that hides tasks. */
function firstCommentEnd(text: string, start: number) {
  const found = text.indexOf("-->", start);
  const at = found < 0 ? text.length : found;
  let lastTask = -1;
  let lastOpening = -1;
  let alone = false;
  for (const line of lines(text, start)) {
    if (line.start > at) break;
    const code = text.charCodeAt(line.start);
    if (code === 35 && beginsTask(text.slice(line.start, line.end))) lastTask = line.start;
    if (mayOpen(code) && /^ {0,3}<!--/.test(text.slice(line.start, line.end))) lastOpening = line.start;
    alone = text.slice(line.start, line.end).trim() === "-->";
  }
  return { at, lastTask, lastOpening, alone };
}
