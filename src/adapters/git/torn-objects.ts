import { open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inflate } from "node:zlib";

/**
 * Removes objects and packs of which only a part is there; git fetches what it misses.
 * @returns whether there were any
 */
export async function removeTornObjects(cache: string): Promise<boolean> {
  const torn = [
    ...(await tornObjects(join(cache, "objects"))),
    ...(await tornPacks(join(cache, "objects/pack"))),
  ];
  for (const path of torn) await rm(path, { force: true });
  return torn.length > 0;
}

async function tornObjects(folder: string): Promise<string[]> {
  const torn: string[] = [];
  for (const part of await namesIn(folder)) {
    if (!/^[0-9a-f]{2}$/.test(part)) continue;
    for (const name of await namesIn(join(folder, part))) {
      const path = join(folder, part, name);
      if (!(await isWholeObject(path))) torn.push(path);
    }
  }
  return torn;
}

/** With all that belongs to them. */
async function tornPacks(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  const torn: string[] = [];
  for (const name of names.filter((one) => one.endsWith(".pack"))) {
    const base = name.slice(0, -"pack".length);
    const isWhole = base === `pack-${await digestAtEnd(join(folder, name), base)}.`;
    if (!isWhole) torn.push(...names.filter((one) => one.startsWith(base)));
  }
  return torn.map((name) => join(folder, name));
}

async function isWholeObject(path: string): Promise<boolean> {
  try {
    await promisify(inflate)(await readFile(path));
    return true;
  } catch {
    return false;
  }
}

/** Git names a pack after the digest with which it ends. */
async function digestAtEnd(path: string, base: string): Promise<string> {
  const length = (base.length - "pack-.".length) / 2;
  await using file = await open(path, "r");
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, Math.max(0, size - length));
  return buffer.toString("hex");
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
