import { TaskId } from "../core/ids.ts";

/** The day file of an id: its date makes the path, so that finding an archived result needs no index. */
export function archivePath(id: TaskId, part: number): string {
  const [, year, month, day] = /^T-(\d{4})(\d\d)(\d\d)/.exec(id) ?? [];
  return `worker/ARCHIVE/${year}/${month}/${day}${part === 1 ? "" : `-${part}`}.md`;
}

/**
 * Appends results to a day file, verbatim. The line before each says how many bytes it has, so that nothing a result
 * says can be taken for the beginning of another.
 */
export function appendResults(
  day: string | undefined,
  results: readonly { id: TaskId; text: string }[],
): string {
  const entries = results.map(({ id, text }) => `<!-- pawl result ${id} ${lengthOf(text)} -->\n${text}\n`);
  return (day ?? "") + entries.join("");
}

export function findArchived(day: string, id: TaskId): string | undefined {
  for (const entry of entriesOf(day)) if (entry.id === id) return entry.text;
  return undefined;
}

export function archivedIds(day: string): TaskId[] {
  return Array.from(entriesOf(day), ({ id }) => id);
}

function* entriesOf(day: string): Generator<{ id: TaskId; text: string }, void> {
  const head = /<!-- pawl result (\S+) (\d+) -->\n/y;
  for (let at = 0; at < day.length;) {
    head.lastIndex = at;
    const found = head.exec(day);
    if (!found) {
      // A person wrote something between two entries: go on at the next line.
      const lineFeed = day.indexOf("\n", at);
      if (lineFeed < 0) return;
      at = lineFeed + 1;
      continue;
    }
    const begin = head.lastIndex;
    const text = sliceOf(day, begin, Number(found[2]));
    const id = TaskId.safeParse(found[1]);
    if (id.success) yield { id: id.data, text };
    at = begin + text.length;
  }
}

/** Length in UTF-8; a byte that was no UTF-8 is a lone surrogate here and one byte in the file. */
function lengthOf(text: string): number {
  let bytes = 0;
  for (const letter of text) bytes += widthOf(letter);
  return bytes;
}

function sliceOf(text: string, begin: number, bytes: number): string {
  let at = begin;
  for (let rest = bytes; rest > 0 && at < text.length;) {
    const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
    rest -= widthOf(letter);
    at += letter.length;
  }
  return text.slice(begin, at);
}

function widthOf(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  if (code < 0x80 || (code >= 0xdc80 && code <= 0xdcff)) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
