/** A line of a Markdown file; `end` is where its line break begins, `next` where the next line does. */
export type Line = {
  number: number;
  start: number;
  end: number;
  next: number;
  /** Inside a fenced code block or an HTML comment, where Markdown's signs mean nothing; its first line included. */
  opaque: boolean;
};

/** Walks over the lines once. A fence or comment that is never closed hides nothing. */
export function* markdownLines(text: string): Generator<Line, void> {
  const closers = lastClosers(text);
  let open: { closes: (line: string) => boolean } | undefined;
  for (const { number, start, end, next } of lines(text)) {
    if (open) {
      yield { number, start, end, next, opaque: true };
      if (open.closes(text.slice(start, end))) open = undefined;
      continue;
    }
    open = mayOpen(text, start) ? opening(text.slice(start, end), start, closers) : undefined;
    yield { number, start, end, next, opaque: open !== undefined };
  }
}

/** What has to be appended so that `text` leaves no fence or comment open; undefined when it is closed. */
export function missingCloser(text: string): string | undefined {
  let open: ReturnType<typeof opening>;
  for (const { start, end } of lines(text)) {
    const line = text.slice(start, end);
    if (open) {
      if (open.closes(line)) open = undefined;
    } else if (mayOpen(text, start)) {
      open = opening(line, start, undefined);
    }
  }
  return open?.closer;
}

function* lines(text: string): Generator<{ number: number; start: number; end: number; next: number }, void> {
  let number = 1;
  for (let start = 0; start < text.length; number++) {
    const lineFeed = text.indexOf("\n", start);
    const next = lineFeed < 0 ? text.length : lineFeed + 1;
    let end = lineFeed < 0 ? text.length : lineFeed;
    if (end > start && text.charCodeAt(end - 1) === 13) end--;
    yield { number, start, end, next };
    start = next;
  }
}

type Closers = { fences: Map<string, number>; comment: number };

/** Where the last line stands that could close a fence of each kind and length, and the last end of a comment. */
function lastClosers(text: string): Closers {
  const fences = new Map<string, number>();
  if (text.includes("```") || text.includes("~~~")) {
    for (const found of text.matchAll(/^ {0,3}(`{3,}|~{3,})[ \t]*\r?$/gm)) {
      if (found[1]) fences.set(found[1], found.index);
    }
  }
  return { fences, comment: text.lastIndexOf("-->") };
}

function mayOpen(text: string, start: number): boolean {
  const code = text.charCodeAt(start);
  return code === 32 || code === 96 || code === 126 || code === 60;
}

function opening(line: string, start: number, closers: Closers | undefined) {
  const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
  if (fence) {
    const sign = fence.charAt(0);
    const closable =
      !closers ||
      Array.from(closers.fences).some(
        ([marks, at]) => at > start && marks.startsWith(sign) && marks.length >= fence.length,
      );
    if (!closable) return undefined;
    const closes = (later: string) => {
      const marks = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(later)?.[1];
      return marks !== undefined && marks.startsWith(sign) && marks.length >= fence.length;
    };
    return { closes, closer: fence };
  }
  if (/^ {0,3}<!--/.test(line) && !line.includes("-->") && (!closers || closers.comment > start)) {
    return { closes: (later: string) => later.includes("-->"), closer: "-->" };
  }
  return undefined;
}
