import type { TaskId } from "../core/ids.ts";
import { TaskId as TaskIdSchema } from "../core/ids.ts";
import { encodeText } from "./bytes.ts";

/** Where a result is archived: in a file of the day that its id names. `part` counts from 1. */
export function archivePath(id: TaskId, part: number): string {
  return dayPath(dayOf(id), part);
}

/** The day that an id names and those around it, the newest first, as 2026-11-21. */
export function daysAround(id: TaskId, { before, after }: { before: number; after: number }): string[] {
  const noonMs = Date.parse(`${dayOf(id)}T12:00Z`);
  return Array.from({ length: before + 1 + after }, (_, n) =>
    new Date(noonMs + (after - n) * 86_400_000).toISOString().slice(0, 10),
  );
}

/** The days from the one that an id names to the day after today, the newest first: clocks may be ahead of ours. */
export function daysSince(id: TaskId, today: Date): string[] {
  const firstMs = Date.parse(`${dayOf(id)}T12:00Z`);
  const lastMs = Date.parse(`${today.toISOString().slice(0, 10)}T12:00Z`) + 86_400_000;
  const count = Math.max(1, Math.round((lastMs - firstMs) / 86_400_000) + 1);
  return Array.from({ length: count }, (_, n) =>
    new Date(Math.max(firstMs, lastMs) - n * 86_400_000).toISOString().slice(0, 10),
  );
}

/** @param day as 2026-11-21 */
export function dayPath(day: string, part: number): string {
  return `worker/ARCHIVE/${day.replaceAll("-", "/")}${part > 1 ? `-${part}` : ""}.md`;
}

function dayOf(id: TaskId): string {
  return id.replace(/^T-(\d{4})(\d\d)(\d\d)-.*$/, "$1-$2-$3");
}

/** The day file with results at its end, each as it was and under a line that says how many bytes it has. */
export function appendResults(
  day: string | undefined,
  results: readonly { id: TaskId; text: string }[],
): string {
  const before = day ?? "";
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  return before + gap + results.map(({ id, text }) => `${marker(id, byteLength(text))}\n${text}\n`).join("");
}

/** The archived result of a task, as it was in RESULTS/. */
export function findArchived(day: string, id: TaskId): string | undefined {
  // Nearly always it is not there, and this search is a thousand times faster than the walk.
  if (!day.includes(`${markerStart}${id} `)) return undefined;
  for (const entry of entries(day)) if (entry.id === id) return day.slice(entry.start, entry.end);
  return undefined;
}

/** The archived results that contain `words`, as they were in RESULTS/. */
export function archivedWith(day: string, words: string): string[] {
  return day.includes(words) ? archivedTexts(day).filter((text) => text.includes(words)) : [];
}

/** All results of the day, as they were in RESULTS/. */
export function archivedTexts(day: string): string[] {
  return Array.from(entries(day), ({ start, end }) => day.slice(start, end));
}

export function archivedIds(day: string): TaskId[] {
  return Array.from(new Set(Array.from(entries(day), ({ id }) => id)));
}

const markerStart = "<!-- pawl result ";

function marker(id: TaskId, bytes: number): string {
  return `${markerStart}${id} ${bytes} -->`;
}

/**
 * Walks from entry to entry by their lengths, so that nothing inside a result is taken for an entry. When an edit has
 * made a length wrong, that entry goes up to the next machine line instead.
 */
function* entries(day: string): Generator<{ id: TaskId; start: number; end: number }, void> {
  let at = day.startsWith(markerStart) ? 0 : nextMarker(day, 0);
  while (at !== undefined) {
    const lineEnd = day.indexOf("\n", at);
    if (lineEnd < 0) return;
    const [, word, bytes] = /^<!-- pawl result (\S+) (\d{1,9}) -->\r?$/.exec(day.slice(at, lineEnd)) ?? [];
    const id = TaskIdSchema.safeParse(word).data;
    if (id === undefined) {
      at = nextMarker(day, at);
      continue;
    }
    const start = lineEnd + 1;
    const exact = afterBytes(day, start, Number(bytes));
    if (exact !== undefined && (exact === day.length || day.charCodeAt(exact) === 10)) {
      yield { id, start, end: exact };
      at = day.startsWith(markerStart, exact + 1) ? exact + 1 : nextMarker(day, exact);
    } else {
      at = nextMarker(day, lineEnd - 1);
      yield { id, start, end: at === undefined ? day.length : at - 1 };
    }
  }
}

function nextMarker(day: string, from: number): number | undefined {
  const found = day.indexOf(`\n${markerStart}`, from);
  return found < 0 ? undefined : found + 1;
}

function byteLength(text: string): number {
  return text.isWellFormed() ? Buffer.byteLength(text) : encodeText(text).length;
}

/** Where in `text` the bytes from `from` on are used up; undefined when that is inside a character or beyond the end. */
function afterBytes(text: string, from: number, bytes: number): number | undefined {
  // Where all of it is ASCII, bytes are letters.
  // eslint-disable-next-line no-control-regex -- that is how ASCII begins
  if (from + bytes <= text.length && /^[\u0000-\u007f]*$/.test(text.slice(from, from + bytes)))
    return from + bytes;
  let at = from;
  let left = bytes;
  while (left > 0 && at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    left -= code < 0x80 || isEscapedByte(code) ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code < 0x10000 ? 1 : 2;
  }
  return left === 0 ? at : undefined;
}

/** See `decodeText`: a byte that was no UTF-8. */
function isEscapedByte(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff;
}
