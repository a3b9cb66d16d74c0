import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/**
 * Text of a regular file that a task may have written; undefined when there is none. A link, a pipe or a device in its
 * place is not followed, read or waited for.
 *
 * @param end of a file that has more than `limitBytes` only these many of its first or last are read
 */
export function readTaskFile(path: string, limitBytes: number, end: "first" | "last"): string | undefined {
  const file = openQuietly(path);
  if (file === undefined) return undefined;
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return undefined;
    const length = Math.min(stat.size, limitBytes);
    const buffer = Buffer.alloc(length);
    const read = readSync(file, buffer, 0, length, end === "first" ? 0 : stat.size - length);
    return buffer.subarray(0, read).toString();
  } finally {
    closeSync(file);
  }
}

function openQuietly(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "ENXIO"].includes(String(code))) return undefined;
    throw error;
  }
}
