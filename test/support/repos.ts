import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openGitRepo, type GitRepoOptions } from "../../src/adapters/git/git-repo.ts";
import { makeHub } from "../../src/adapters/git/hub.ts";
import type { NodeName } from "../../src/core/ids.ts";
import { realClock } from "../../src/adapters/time/real-clock.ts";
import type { SharedRepo } from "../../src/ports/shared-repo.ts";

export type Files = Record<string, string | Uint8Array>;

/** A hub with a first commit, and as many nodes as are asked for; all of it is gone at the end of the test. */
export class Repos implements AsyncDisposable {
  readonly folder: string;
  readonly hub: string;
  readonly #opened: SharedRepo[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.hub = join(folder, "hub.git");
  }

  static async make(files: Files = { "README.md": "# Ledger\n" }): Promise<Repos> {
    const repos = new Repos(await mkdtemp(join(tmpdir(), "pawl-repos-")));
    await makeHub(repos.hub);
    if (Object.keys(files).length > 0) repos.plant(files);
    return repos;
  }

  /** A node with a cache of its own, `cacheOf(name)`. */
  async open(name: string, options: Partial<GitRepoOptions> = {}): Promise<SharedRepo> {
    const repo = await openGitRepo({
      remote: this.hub,
      branch: "main",
      cache: this.cacheOf(name),
      author: { name, email: `${name}@pawl.test` },
      clock: realClock,
      ...options,
    });
    this.#opened.push(repo);
    return repo;
  }

  cacheOf(name: string): string {
    return join(this.folder, `${name}.cache`);
  }

  /** Somebody else's commit on the branch, with symbolic links if need be. */
  plant(files: Files, links: Record<string, string> = {}): void {
    const head = this.head();
    const modify = (mode: string, [path, content]: [string, string | Uint8Array]) => [
      `M ${mode} inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(content)}\n`,
      content,
      "\n",
    ];
    const parts = [
      "commit refs/heads/main\ncommitter Somebody <else@pawl.test> 1790000000 +0000\ndata 7\nplanted\n",
      head ? `from ${head}\n` : "",
      ...Object.entries(files).flatMap((file) => modify("100644", file)),
      ...Object.entries(links).flatMap((link) => modify("120000", link)),
    ];
    this.git(["fast-import", "--quiet"], Buffer.concat(parts.map((part) => Buffer.from(part))));
  }

  /** Another commit in place of the newest one. */
  rewind(): void {
    this.git(["update-ref", "refs/heads/main", "main~1"]);
    this.plant({ "REWOUND.md": "history was replaced\n" });
  }

  rewindTo(commit: string): void {
    this.git(["update-ref", "refs/heads/main", commit]);
  }

  /** As a push leaves it that was killed while it wrote this worker's beat. */
  lockBeat(worker: NodeName): void {
    const folder = join(this.hub, "refs/worker", worker);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "heartbeat.lock"), "");
  }

  head(): string | undefined {
    const { stdout } = spawnSync("git", ["--git-dir", this.hub, "rev-parse", "--quiet", "--verify", "main"]);
    return stdout.toString().trim() || undefined;
  }

  bytes(path: string): Uint8Array {
    return this.git(["cat-file", "blob", `main:${path}`]);
  }

  /** Runs git in the hub. */
  git(args: string[], input?: Buffer): Buffer {
    const options = { input, maxBuffer: 2 ** 30 };
    const { status, error, stdout, stderr } = spawnSync("git", ["--git-dir", this.hub, ...args], options);
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${error?.message ?? stderr.toString()}`);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const repo of this.#opened) await repo[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
