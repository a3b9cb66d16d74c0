import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from "node:fs";
import { dirname } from "node:path";

const largest = 10_000_000;

/**
 * Appends one line of JSON for each entry; a file past 10 MB becomes `<path>.1` and replaces the one before. Written at
 * once, so that the line before a crash is there; half a line of a former life stays by itself. It never throws: a node with a full disk goes on without its log, and
 * a later line says with `dropped` how many are missing before it.
 */
export function ndjsonLog(path: string): (entry: object) => void {
  let dropped = 0;
  let isFirst = true;
  return (entry) => {
    try {
      append(path, dropped === 0 ? entry : { ...entry, dropped }, isFirst);
      dropped = 0;
      isFirst = false;
    } catch {
      dropped++;
    }
  };
}

function append(path: string, entry: object, isFirst: boolean): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largest) {
    renameSync(path, `${path}.1`);
    size = 0;
  }
  try {
    const start = isFirst && size > 0 && byteAt(path, size - 1) !== "\n" ? "\n" : "";
    appendFileSync(path, `${start}${JSON.stringify(entry)}\n`, { mode: 0o600 });
  } catch (error) {
    // What still had room of the line would spoil the next one.
    truncateSync(path, size);
    throw error;
  }
}

function byteAt(path: string, position: number): string {
  const file = openSync(path, "r");
  try {
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, position);
    return byte.toString("latin1");
  } finally {
    closeSync(file);
  }
}
