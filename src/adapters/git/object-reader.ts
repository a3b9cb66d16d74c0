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
  header?: { oid: string; type: string; size: number } | undefined;
};

const largest = 16 * 1024 * 1024;

/**
 * Reads objects through one `git cat-file --batch` that stays. A file over 64 KiB is fetched by git when it is first
 * read, so a read may take as long as a fetch; a process that dies or says nothing is replaced with the next read.
 */
export class ObjectReader implements AsyncDisposable {
  readonly #env: Env;
  readonly #doing: Doing;
  readonly #deadlineMs: number;
  #batch: Batch | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #asked: Request | undefined;
  #closed = false;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(env: Env, doing: Omit<Doing, "verb">, deadlineMs: number) {
    this.#env = env;
    this.#doing = { verb: "local", ...doing };
    this.#deadlineMs = deadlineMs;
  }

  /** @param name an object id or a full ref; undefined when there is no such thing */
  read(name: string): Promise<GitObject | undefined> {
    const answer = this.#queue
      .then(() => this.#ask(name))
      .catch((error: unknown) => {
        // Somebody ended the process; the next one may live.
        if (error instanceof Fault && /^GIT_(KILLED|FAILED)$/.test(error.code)) return this.#ask(name);
        throw error;
      });
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#queue;
    await this.#end();
  }

  async #ask(name: string): Promise<GitObject | undefined> {
    // Otherwise it would start a process that nobody ends.
    if (this.#closed) throw new Error(`${name} is read after the repository was closed`);
    this.#batch ??= this.#start();
    const { stdin } = this.#batch;
    let patience: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#asked = { name, resolve, reject };
        patience = setTimeout(
          () => reject(gitFault({ ...this.#doing, verb: "fetch" }, late)),
          this.#deadlineMs,
        );
        stdin.write(`${name}\n`);
      });
    } catch (error) {
      await this.#end();
      throw error;
    } finally {
      clearTimeout(patience);
      this.#asked = undefined;
    }
  }

  #start(): Batch {
    [this.#chunks, this.#bytes] = [[], 0];
    const batch = spawn("git", ["cat-file", "--batch"], {
      cwd: "/",
      env: this.#env,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stderr = "";
    batch.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-8192)));
    batch.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    batch.stdin.on("error", () => undefined);
    batch.once("error", (error) => this.#asked?.reject(notStarted(error)));
    batch.once("close", (code, signal) => {
      if (this.#batch !== batch) return;
      this.#batch = undefined;
      this.#asked?.reject(gitFault(this.#doing, { code, signal, late: false, stdout: "", stderr }));
    });
    return batch;
  }

  async #end(): Promise<void> {
    const batch = this.#batch;
    this.#batch = undefined;
    if (!batch) return;
    batch.stdin.end();
    await endGroup(batch);
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const asked = this.#asked;
    if (!asked) return;
    asked.header ??= this.#header(asked);
    const { header } = asked;
    if (!header || this.#bytes < header.size + 1) return;
    const body = Buffer.concat(this.#chunks);
    [this.#chunks, this.#bytes] = [[], 0];
    asked.resolve({ oid: header.oid, type: header.type, body: body.subarray(0, header.size) });
  }

  /** `<oid> <type> <size>`, then the bytes and a line feed; or the name and a word, such as `missing`. */
  #header(asked: Request): Request["header"] {
    const bytes = Buffer.concat(this.#chunks);
    const end = bytes.indexOf("\n");
    if (end < 0) return undefined;
    const line = bytes.toString("utf8", 0, end);
    [this.#chunks, this.#bytes] = [[bytes.subarray(end + 1)], bytes.length - end - 1];
    const [, oid, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(line) ?? [];
    if (oid === undefined || type === undefined) {
      asked.resolve(undefined);
      return undefined;
    }
    if (Number(size) > largest) asked.reject(tooLarge(oid, Number(size)));
    return { oid, type, size: Number(size) };
  }
}

const late = { code: null, signal: "SIGKILL", late: true, stdout: "", stderr: "" };

function tooLarge(oid: string, size: number): Fault {
  return new Fault(
    "FILE_TOO_LARGE",
    `A file of the ledger has ${Math.round(size / 1024 / 1024)} MiB (object ${oid})`,
    {
      hint: `Files over ${largest / 1024 / 1024} MiB are not read. Find it with \`git log --find-object=${oid}\` and take it out.`,
    },
  );
}
