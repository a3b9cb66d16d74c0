import { fastImport } from "../../src/adapters/git/commit.ts";
import type { Env } from "../../src/adapters/git/environment.ts";
import { runGit } from "../../src/adapters/git/run-git.ts";

/** A node that does nothing but the git commands that nobody gets around, started as our own are. */
export class GitFloor {
  readonly #env: Env;
  #count = 0;

  /** @param cache folder of a cache that a node has made, so that its settings are the same */
  constructor(cache: string, env: Env) {
    this.#env = { ...env, GIT_DIR: cache };
  }

  /** Commits this text on `parent` and answers the commit. */
  async build(parent: string, path: string, text: string): Promise<string> {
    const stream = fastImport({
      author: { name: "floor", email: "floor@pawl.invalid" },
      second: Math.floor(Date.now() / 1000),
      beatSecond: 0,
      change: {
        parent: { oid: parent, committedAt: 0 },
        message: `floor: ${this.#count++}\n`,
        files: new Map([[path, text]]),
      },
    });
    return (await this.#git(["fast-import", "--quiet", "--force", "--done"], stream)).trim();
  }

  async push(commit: string): Promise<void> {
    await this.#git(["push", "--porcelain", "--no-verify", "origin", `${commit}:refs/heads/main`]);
  }

  async fetch(): Promise<void> {
    await this.#git(["fetch", "--no-tags", "--no-write-fetch-head", "origin"]);
  }

  async #git(args: string[], input?: Buffer): Promise<string> {
    const exit = await runGit(args, {
      env: this.#env,
      deadlineMs: 60_000,
      ...(input === undefined ? {} : { input }),
    });
    if (exit.code !== 0) throw new Error(`git ${args.join(" ")}: ${exit.stderr}`);
    return exit.stdout;
  }
}
