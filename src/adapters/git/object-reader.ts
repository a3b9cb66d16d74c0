import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";

import { Fault } from "../../fault.ts";
import type { Env } from "./environment.ts";
import { gitFault, type Doing } from "./faults.ts";
import type { GitObject } from "./objects.ts";
import { endGroup, notStarted } from "./run-git.ts";

type Batch = ChildProcessByStdio<Writable, Readable, Readable>;
type Request = {
  name: string;
  resolve: (object: GitObject | undefined) => void;
  reject: (error: unknown) => void;
};
type Header = { oid: string; type: string; size: number };

const largest = 16 * 1024 * 1024;

/** The process ended over what was asked before. */
const notReached = new Error("not reached");

/**
 * Reads objects through one `git cat-file --batch` that stays, and asks for those together that are wanted together. A
 * file over 64 KiB is fetched by git when it is first read, so a read may take as long as a fetch; a process that dies
 * or says nothing is replaced with the next read.
 */
export class ObjectReader implements AsyncDisposable {
  readonly #env: Env;
  readonly #doing: Doing;
  readonly #deadlineMs: number;
  readonly #reads = new Set<Promise<unknown>>();
  #batch: Batch | undefined;
  #ending: Promise<void> = Promise.resolve();
  /** What git has still to answer, in the order in which it will. */
  #asked: Request[] = [];
  /** Names that go to git together at the end of this turn of the event loop, since it is at work anyway. */
  #unsent = "";
  #patience: NodeJS.Timeout | undefined;
  #closed = false;
  #header: Header | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(env: Env, doing: Omit<Doing, "verb">, deadlineMs: number) {
    this.#env = env;
    this.#doing = { verb: "local", ...doing };
    this.#deadlineMs = deadlineMs;
  }

  /** @param name an object id or a full ref; undefined when there is no such thing */
  read(name: string): Promise<GitObject | undefined> {
    const answer = this.#persist(name);
    const over: Promise<unknown> = answer.then(
      () => this.#reads.delete(over),
      () => this.#reads.delete(over),
    );
    this.#reads.add(over);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#reads);
    this.#end();
    await this.#ending;
  }

  async #persist(name: string): Promise<GitObject | undefined> {
    for (let deaths = 0; ;) {
      try {
        return await this.#ask(name);
      } catch (error) {
        if (error === notReached) continue;
        // Somebody ended the process; the next one may live.
        const died = error instanceof Fault && /^GIT_(KILLED|FAILED)$/.test(error.code);
        if (!died || ++deaths > 1) throw error;
      }
    }
  }

  async #ask(name: string): Promise<GitObject | undefined> {
    if (!this.#batch) await this.#ending;
    // Otherwise it would start a process that nobody ends.
    if (this.#closed) throw new Error(`${name} is read after the repository was closed`);
    const batch = (this.#batch ??= this.#start());
    return new Promise((resolve, reject) => {
      if (this.#asked.push({ name, resolve, reject }) === 1) {
        this.#wait();
        batch.stdin.write(`${name}\n`);
        return;
      }
      if (this.#unsent === "") setImmediate(() => this.#send(batch));
      this.#unsent += `${name}\n`;
    });
  }

  #send(batch: Batch): void {
    if (this.#batch !== batch) return;
    batch.stdin.write(this.#unsent);
    this.#unsent = "";
  }

  /** Each answer has the whole deadline for itself. */
  #wait(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    if (this.#asked.length === 0) return;
    const expire = () => this.#fail(gitFault({ ...this.#doing, verb: "fetch" }, late));
    this.#patience = setTimeout(expire, this.#deadlineMs);
  }

  #start(): Batch {
    const batch = spawn("git", ["cat-file", "--batch"], {
      cwd: "/",
      env: this.#env,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stderr = "";
    batch.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-8192)));
    batch.stdout.on("data", (chunk: Buffer) => {
      if (this.#batch === batch) this.#receive(chunk);
    });
    batch.stdin.on("error", () => undefined);
    batch.once("error", (error) => {
      if (this.#batch === batch) this.#fail(notStarted(error));
    });
    batch.once("close", (code, signal) => {
      if (this.#batch !== batch) return;
      this.#fail(gitFault(this.#doing, { code, signal, late: false, stdout: "", stderr }));
    });
    return batch;
  }

  /** Whoever waits behind the one that failed asks the next process. */
  #fail(error: unknown): void {
    const [first, ...others] = this.#asked;
    this.#end();
    first?.reject(error);
    for (const { reject } of others) reject(notReached);
  }

  #end(): void {
    const batch = this.#batch;
    [this.#batch, this.#asked, this.#unsent, this.#header] = [undefined, [], "", undefined];
    [this.#chunks, this.#bytes] = [[], 0];
    this.#wait();
    if (!batch) return;
    batch.stdin.end();
    this.#ending = endGroup(batch);
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= (this.#header?.size ?? 0)) return;
    let bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    while (this.#asked[0]) {
      const { header, next } = this.#header ? { header: this.#header, next: 0 } : readHeader(bytes);
      if (next === undefined) break;
      bytes = bytes.subarray(next);
      if (header && header.size > largest) return this.#fail(tooLarge(header));
      this.#header = header;
      if (header && bytes.length <= header.size) break;
      this.#answer(header, bytes);
      bytes = header ? bytes.subarray(header.size + 1) : bytes;
    }
    [this.#chunks, this.#bytes] = [[bytes], bytes.length];
  }

  #answer(header: Header | undefined, bytes: Buffer): void {
    const asked = this.#asked.shift();
    this.#header = undefined;
    this.#wait();
    // A copy, since whoever keeps one object is not to keep all that came with it.
    asked?.resolve(
      header && { oid: header.oid, type: header.type, body: Buffer.from(bytes.subarray(0, header.size)) },
    );
  }
}

/** `<oid> <type> <size>`, then the bytes and a line feed; or the name and a word, such as `missing`. */
function readHeader(bytes: Buffer): { header?: Header | undefined; next: number | undefined } {
  const end = bytes.indexOf("\n");
  if (end < 0) return { next: undefined };
  const line = bytes.toString("utf8", 0, end);
  const [, oid, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(line) ?? [];
  const header = oid === undefined || type === undefined ? undefined : { oid, type, size: Number(size) };
  return { header, next: end + 1 };
}

const late = { code: null, signal: "SIGKILL", late: true, stdout: "", stderr: "" };

function tooLarge({ oid, size }: Header): Fault {
  return new Fault(
    "FILE_TOO_LARGE",
    `A file of the ledger has ${Math.round(size / 1024 / 1024)} MiB (object ${oid})`,
    {
      hint: `Files over ${largest / 1024 / 1024} MiB are not read. Find it with \`git log --find-object=${oid}\` and take it out.`,
    },
  );
}
