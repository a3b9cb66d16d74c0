import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { diskFault, Fault } from "../../fault.ts";
import type { Spool } from "../../ports/spool.ts";

/** A draft is renamed within moments; nobody who lives works on one that is as old as this. */
const staleMs = 3_600_000;

let drafts = 0;

/** A spool in one JSON file. Of several writers, such as two commands at once, the last one counts, whole. */
export class JsonSpool<Value> implements Spool<Value> {
  readonly #path: string;
  #isTidy = false;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<Value | undefined> {
    const text = await this.#text();
    if (text === undefined) return undefined;
    try {
      // Nobody else writes it, so it is what `write` was given.
      return JSON.parse(text) as Value;
    } catch (error) {
      throw new Fault("SPOOL_BROKEN", `${this.#path} holds no JSON`, {
        hint: "It is left as it is. Look whether it can be saved; otherwise move it away and start again.",
        cause: error,
      });
    }
  }

  async #text(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, "utf8").catch(ifMissing);
    } catch (error) {
      throw spoolFault(this.#path, "read", error as NodeJS.ErrnoException);
    }
  }

  async write(value: Value): Promise<void> {
    try {
      await writeDurably(this.#path, `${JSON.stringify(value, undefined, 1)}\n`);
    } catch (error) {
      throw spoolFault(this.#path, "written", error as NodeJS.ErrnoException);
    }
    if (this.#isTidy) return;
    this.#isTidy = true;
    // What was to be written is; a draft too many is no trouble.
    await removeStaleDrafts(this.#path).catch(() => undefined);
  }
}

/** The new file is on the disk before it takes the old one's name, and the name is on the disk before we say so. */
async function writeDurably(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}-${drafts++}.new`;
  try {
    await writeDraft(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  const entry = await open(folder, "r");
  try {
    await entry.sync();
  } finally {
    await entry.close();
  }
}

async function writeDraft(path: string, text: string): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** By age, since a process id says nothing about another machine or container with the same folder. */
async function removeStaleDrafts(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith(".new")) continue;
    const draft = join(folder, name);
    const { mtimeMs = Infinity } = (await stat(draft).catch(ifMissing)) ?? {};
    if (Date.now() - mtimeMs > staleMs) await rm(draft, { force: true });
  }
}

function spoolFault(path: string, doing: "read" | "written", error: NodeJS.ErrnoException): unknown {
  const known = diskFault(path, error);
  if (known instanceof Fault) return known;
  return new Fault("SPOOL_BROKEN", `${path} cannot be ${doing}: ${error.message}`, {
    hint: "Look at the folder's owner and permissions, and at the disk.",
    cause: error,
  });
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
