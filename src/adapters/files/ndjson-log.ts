import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

const largest = 10_000_000;

/**
 * Appends one line of JSON for each entry; a file past 10 MB becomes `<path>.1` and replaces the one before. Written at
 * once, so that the line before a crash is there.
 */
export function ndjsonLog(path: string): (entry: object) => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (entry) => {
    const line = `${JSON.stringify(entry)}\n`;
    if (size > largest) {
      renameSync(path, `${path}.1`);
      size = 0;
    }
    appendFileSync(path, line, { mode: 0o600 });
    size += Buffer.byteLength(line);
  };
}
