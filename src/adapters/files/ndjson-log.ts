import { appendFileSync, mkdirSync, renameSync, statSync, truncateSync } from "node:fs";
import { dirname } from "node:path";

const largest = 10_000_000;

/**
 * Appends one line of JSON for each entry; a file past 10 MB becomes `<path>.1` and replaces the one before. Written at
 * once, so that the line before a crash is there. It never throws: a node with a full disk goes on without its log, and
 * a later line says with `dropped` how many are missing before it.
 */
export function ndjsonLog(path: string): (entry: object) => void {
  let dropped = 0;
  return (entry) => {
    try {
      append(path, dropped === 0 ? entry : { ...entry, dropped });
      dropped = 0;
    } catch {
      dropped++;
    }
  };
}

function append(path: string, entry: object): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largest) {
    renameSync(path, `${path}.1`);
    size = 0;
  }
  try {
    appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  } catch (error) {
    // What still had room of the line would spoil the next one.
    truncateSync(path, size);
    throw error;
  }
}
