import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

import { diskFault, Fault } from "../../fault.ts";
import type { Spool } from "../../ports/spool.ts";

/** A spool in one JSON file. It has one writer at a time: whoever holds the lock of its folder. */
export class JsonSpool<Value> implements Spool<Value> {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<Value | undefined> {
    const text = await readFile(this.#path, "utf8").catch(ifMissing);
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

  async write(value: Value): Promise<void> {
    try {
      await writeDurably(this.#path, `${JSON.stringify(value, undefined, 1)}\n`);
    } catch (error) {
      throw spoolFault(this.#path, error as NodeJS.ErrnoException);
    }
  }
}

/** The new file is on the disk before it takes the old one's name, and the name is on the disk before we say so. */
async function writeDurably(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const entry = await open(folder, "r");
  try {
    await entry.sync();
  } finally {
    await entry.close();
  }
}

function spoolFault(path: string, error: NodeJS.ErrnoException): unknown {
  const known = diskFault(path, error);
  if (known instanceof Fault) return known;
  return new Fault("SPOOL_BROKEN", `${path} cannot be written: ${error.message}`, {
    hint: "Look at the folder's owner and permissions, and at the disk.",
    cause: error,
  });
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
