import { join } from "node:path";

import { JsonSpool } from "../../src/adapters/files/json-spool.ts";
import { openGitRepo } from "../../src/adapters/git/git-repo.ts";
import { realClock as clock } from "../../src/adapters/time/real-clock.ts";
import { NodeName, newTaskId, type TaskId } from "../../src/core/ids.ts";
import { ownHub } from "../../src/core/pace.ts";
import { Nudge } from "../../src/every.ts";
import { readLedger, type Ledger } from "../../src/ledger/view.ts";
import type { MainMemory } from "../../src/main/memory.ts";
import { budgetOfMain } from "../../src/main/budget-of-main.ts";
import { Tending } from "../../src/main/tending.ts";
import type { RunningAttempt } from "../../src/ports/attempt-runner.ts";
import type { SharedRepo } from "../../src/ports/shared-repo.ts";
import { Exchange } from "../../worker/exchange.ts";
import type { WorkerMemory } from "../../worker/memory.ts";
import { startGitHttp, type GitHttp } from "../support/git-http.ts";
import { Repos } from "../support/repos.ts";

/** What the lives of one node share: a cache, a spool, and the git that they call. */
export type Node = { name: string; PATH?: string; cache?: string; spool?: string };

/** One life of a node: what it does in one round, and what it leaves alone once it is over. */
export type Life = AsyncDisposable & { once(): Promise<void> };

/** A hub that no killed git can reach into, and lives of nodes on it. */
export class Ground implements AsyncDisposable {
  readonly repos: Repos;
  /** Attempts that were started, as `<task>/<attempt>`, in all lives. */
  readonly started: string[] = [];
  readonly #host: GitHttp;
  #onlooker: SharedRepo | undefined;
  #seen: Ledger | undefined;

  private constructor(repos: Repos, host: GitHttp) {
    this.repos = repos;
    this.#host = host;
  }

  static async make(): Promise<Ground> {
    const repos = await Repos.make({ "worker/QUEUE.md": "# Queue\n\n## Inbox\n" });
    return new Ground(repos, await startGitHttp(repos.folder));
  }

  open({ name, PATH, cache = this.repos.cacheOf(name) }: Node): Promise<SharedRepo> {
    return openGitRepo({
      remote: `${this.#host.address}/hub.git`,
      branch: "main",
      cache,
      author: { name, email: `${name}@pawl.test` },
      clock,
      // Git hangs over some kinds of damage.
      deadlineSeconds: { fetch: 10 },
      env: PATH === undefined ? {} : { PATH },
    });
  }

  /** What the hub has, seen by somebody who has nothing to do with it. */
  async ledger(): Promise<Ledger> {
    this.#onlooker ??= await this.repos.open("onlooker");
    const known = this.#seen;
    if (known && known.snapshot.commit === this.repos.head()) return known;
    const seen = await readLedger(await this.#onlooker.fetch());
    this.#seen = seen;
    return seen;
  }

  newId(): TaskId {
    return newTaskId(clock.now(), Math.random);
  }

  /** @param end when the attempts that it starts come to an end; without it at once */
  async worker(node: Node, end?: Promise<void>): Promise<Life> {
    const repo = await this.open(node);
    const settings = {
      name: NodeName.parse(node.name),
      slots: 1,
      capabilities: [],
      pollSeconds: 5,
      pace: ownHub,
      drainSeconds: 10,
      defaultExecutor: "command",
      remote: this.repos.hub,
      host: "here",
      version: "0",
    };
    const start = (task: { id: TaskId; attempt: number }): RunningAttempt => {
      this.started.push(`${task.id}/${task.attempt}`);
      const ending = { kind: "succeeded", text: "done", facts: {} } as const;
      return {
        done: (end ?? Promise.resolve()).then(() => ({ ending, facts: {} })),
        progress: () => undefined,
        stop: () => undefined,
      };
    };
    const exchange = await Exchange.open(
      {
        ...deps(repo),
        spool: new JsonSpool<WorkerMemory>(this.spoolOf(node)),
        runner: { executors: ["command"], start, sweep: () => Promise.resolve(0) },
      },
      () => settings,
    );
    return {
      once: async () => void (await exchange.once()),
      [Symbol.asyncDispose]: () => repo[Symbol.asyncDispose](),
    };
  }

  async main(node: Node, keepResults: number): Promise<Life> {
    const repo = await this.open(node);
    const settings = {
      name: NodeName.parse(node.name),
      pollSeconds: 5,
      pace: ownHub,
      keepResults,
      defaults: {},
      remote: this.repos.hub,
      version: "0",
    };
    const spool = new JsonSpool<MainMemory>(this.spoolOf(node));
    const pushes = budgetOfMain(clock, () => undefined);
    const tending = await Tending.open({ ...deps(repo), spool, pushes }, () => settings);
    return {
      once: async () => void (await tending.once()),
      [Symbol.asyncDispose]: () => repo[Symbol.asyncDispose](),
    };
  }

  spoolOf({ name, spool }: Node): string {
    return spool ?? join(this.repos.folder, `${name}.spool.json`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
    await this.repos[Symbol.asyncDispose]();
  }
}

function deps(repo: SharedRepo) {
  return { repo, clock, chance: Math.random, announce: () => undefined, nudge: new Nudge() };
}
