import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { diskFault } from "../../fault.ts";
import type { DropBox } from "../../ports/drop-box.ts";

/** A draft is renamed within moments; nobody who lives works on one that is as old as this. */
const staleMs = 3_600_000;

/** What nobody can read is kept for whoever looks into it, the newest only: anything may write here without end. */
const badKept = 100;

let drops = 0;

/**
 * Three folders, as a mailbox has them: a thing is written in `tmp`, appears whole in `new` by a rename, and goes to
 * `bad` when nobody can read it. Any number of processes may drop; one takes out.
 */
export class DropFolder<Thing> implements DropBox<Thing> {
  readonly #folder: string;
  readonly #parse: (value: unknown) => Thing;

  /** @param parse throws what is wrong with a thing that is none */
  constructor(folder: string, parse: (value: unknown) => Thing) {
    this.#folder = folder;
    this.#parse = parse;
  }

  async drop(thing: Thing): Promise<string> {
    // By time, so that names sort as things came; the rest tells apart what came in one millisecond.
    const stamp = String(Date.now()).padStart(15, "0");
    const key = `${stamp}-${process.pid}-${drops++}-${randomBytes(4).toString("hex")}.json`;
    const draft = join(this.#folder, "tmp", key);
    try {
      for (const name of ["tmp", "new"]) await makeFolder(join(this.#folder, name));
      await writeWhole(draft, `${JSON.stringify(thing)}\n`);
      await rename(draft, join(this.#folder, "new", key));
      await syncFolder(join(this.#folder, "new"));
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw diskFault(draft, error);
    }
    return key;
  }

  async waiting(): Promise<{ things: { key: string; thing: Thing }[]; bad: { key: string; why: string }[] }> {
    const names = (await readdir(join(this.#folder, "new")).catch(ifMissing)) ?? [];
    const things: { key: string; thing: Thing }[] = [];
    const bad: { key: string; why: string }[] = [];
    for (const key of names.filter((name) => name.endsWith(".json")).toSorted()) {
      const text = await readFile(join(this.#folder, "new", key), "utf8").catch(ifMissing);
      if (text === undefined) continue;
      const read = this.#read(text);
      if ("thing" in read) {
        things.push({ key, thing: read.thing });
      } else {
        await this.#setAside(key);
        bad.push({ key, why: read.why });
      }
    }
    if (bad.length > 0) await this.#forgetBad();
    return { things, bad };
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.#folder, "new", key), { force: true });
  }

  /** Removes drafts whose writers died, and what was set aside long ago. */
  async tidy(): Promise<void> {
    await this.#forgetBad();
    const folder = join(this.#folder, "tmp");
    for (const name of (await readdir(folder).catch(ifMissing)) ?? []) {
      const { mtimeMs = Infinity } = (await stat(join(folder, name)).catch(ifMissing)) ?? {};
      if (Date.now() - mtimeMs > staleMs) await rm(join(folder, name), { force: true });
    }
  }

  #read(text: string): { thing: Thing } | { why: string } {
    try {
      return { thing: this.#parse(JSON.parse(text)) };
    } catch (error) {
      return { why: (error as Error).message };
    }
  }

  async #setAside(key: string): Promise<void> {
    await makeFolder(join(this.#folder, "bad"));
    await rename(join(this.#folder, "new", key), join(this.#folder, "bad", key));
  }

  async #forgetBad(): Promise<void> {
    const folder = join(this.#folder, "bad");
    const names = (await readdir(folder).catch(ifMissing)) ?? [];
    if (names.length <= badKept) return;
    const ages: { path: string; mtimeMs: number }[] = [];
    for (const path of names.toSorted().map((name) => join(folder, name))) {
      const { mtimeMs = 0 } = (await stat(path).catch(ifMissing)) ?? {};
      ages.push({ path, mtimeMs });
    }
    const oldest = ages.toSorted((a, b) => a.mtimeMs - b.mtimeMs).slice(0, -badKept);
    for (const { path } of oldest) await rm(path, { force: true });
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
