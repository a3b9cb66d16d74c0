import { mkdir, open, readFile, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

import { diskFault, Fault } from "../../fault.ts";
import type { Journal } from "../../ports/journal.ts";

/**
 * A journal in one file, a line of JSON for each entry. It has one writer. A line counts when it ends with a line feed:
 * what a crash left of the last one is cut off before anything follows it.
 */
export class JournalFile<Entry> implements Journal<Entry> {
  readonly #path: string;
  #file: FileHandle | undefined;
  /** Bytes that are whole lines. */
  #size = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<Entry[]> {
    const bytes = await readFile(this.#path).catch(ifMissing);
    if (!bytes) return [];
    const end = bytes.lastIndexOf(0x0a) + 1;
    const lines = bytes.toString("utf8", 0, end).split("\n");
    lines.pop();
    return lines.map((line, n) => this.#parse(line, n + 1));
  }

  async append(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const bytes = linesOf(entries);
    try {
      const file = await this.#open();
      await writeAll(file, bytes, this.#size);
      await file.datasync();
      this.#size += bytes.length;
    } catch (error) {
      await this.#cutBack();
      throw this.#fault(error);
    }
  }

  async compact(entries: readonly Entry[]): Promise<void> {
    const draft = `${this.#path}.new`;
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = await open(draft, "w", 0o600);
      try {
        await file.writeFile(linesOf(entries));
        await file.sync();
      } finally {
        await file.close();
      }
      await this[Symbol.asyncDispose]();
      await rename(draft, this.#path);
      await syncFolder(dirname(this.#path));
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw this.#fault(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #open(): Promise<FileHandle> {
    if (this.#file) return this.#file;
    const folder = dirname(this.#path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const whole = await wholeLines(this.#path);
    const file = await open(this.#path, whole === undefined ? "w+" : "r+", 0o600);
    try {
      await file.truncate(whole ?? 0);
      if (whole === undefined) await syncFolder(folder);
    } catch (error) {
      await file.close();
      throw error;
    }
    this.#size = whole ?? 0;
    this.#file = file;
    return file;
  }

  /** What still had room of a batch must not stand before the next one; opening cuts it off too. */
  async #cutBack(): Promise<void> {
    await this.#file?.truncate(this.#size).catch(() => undefined);
    await this[Symbol.asyncDispose]().catch(() => undefined);
  }

  #parse(line: string, number: number): Entry {
    try {
      // Nobody else writes it, so it is what `append` was given.
      return JSON.parse(line) as Entry;
    } catch (error) {
      throw new Fault("SPOOL_BROKEN", `Line ${number} of ${this.#path} is no JSON`, {
        hint: "It is left as it is. Repair or remove that line; what is lost with it may be posted once more.",
        cause: error,
      });
    }
  }

  #fault(error: unknown): unknown {
    const known = diskFault(this.#path, error);
    if (known instanceof Fault) return known;
    return new Fault("SPOOL_BROKEN", `${this.#path} cannot be written: ${(error as Error).message}`, {
      hint: "Look at the folder's owner and permissions, and at the disk.",
      cause: error,
    });
  }
}

function linesOf(entries: readonly unknown[]): Buffer {
  return Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
}

/** A disk that is nearly full takes a part and complains at the next one. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** How many bytes of a file are whole lines; undefined when there is none. */
async function wholeLines(path: string): Promise<number | undefined> {
  const file = await open(path, "r").catch(ifMissing);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const window = Buffer.alloc(65_536);
    for (let end = size; end > 0;) {
      const begin = Math.max(0, end - window.length);
      const { bytesRead } = await file.read(window, 0, end - begin, begin);
      const at = window.subarray(0, bytesRead).lastIndexOf(0x0a);
      if (at >= 0) return begin + at + 1;
      end = begin;
    }
    return 0;
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const entry = await open(folder, "r");
  try {
    await entry.sync();
  } finally {
    await entry.close();
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
