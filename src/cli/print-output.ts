import { open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import type { Screen } from "../wire/world.ts";

type Part = { path: string; start: number };

/** Prints what the output has from that byte on. Answers where it ends; undefined when it is gone. */
export async function printOutput(
  out: Pick<Screen, "write">,
  path: string,
  from: number,
): Promise<number | undefined> {
  const parts = await partsOf(path);
  if (parts[0]?.start !== 0) return undefined;
  let at = from;
  for (const part of parts) {
    const bytes = await readFrom(part, at);
    if (!bytes || bytes.length === 0) continue;
    if (part.start > at) {
      out.write(`\n[... ${part.start - at} bytes of output are left out here ...]\n`);
    }
    out.write(bytes.toString());
    at = Math.max(at, part.start) + bytes.length;
  }
  return at;
}

/** A worker writes the begin of an output to `path`, and what follows from a byte on to `path.<byte>`. */
async function partsOf(path: string): Promise<Part[]> {
  const folder = dirname(path);
  const names = (await readdir(folder).catch(ifGone)) ?? [];
  return names
    .flatMap((name) => {
      if (name === basename(path)) return [{ path, start: 0 }];
      const start = name.startsWith(`${basename(path)}.`)
        ? Number(name.slice(basename(path).length + 1))
        : NaN;
      return Number.isSafeInteger(start) ? [{ path: join(folder, name), start }] : [];
    })
    .toSorted((a, b) => a.start - b.start);
}

async function readFrom({ path, start }: Part, at: number): Promise<Buffer | undefined> {
  const file = await open(path, "r").catch(ifGone);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const skip = Math.max(0, at - start);
    if (size <= skip) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - skip), 0, size - skip, skip);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
