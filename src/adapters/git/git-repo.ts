import { devNull } from "node:os";
import { resolve } from "node:path";

import type { NodeName } from "../../core/ids.ts";
import { Fault } from "../../fault.ts";
import type { Clock } from "../../ports/clock.ts";
import type {
  HistoryEntry,
  Proposal,
  Receipt,
  SharedRepo,
  Sight,
  Snapshot,
} from "../../ports/shared-repo.ts";
import { decodeText } from "../../format/bytes.ts";
import { addressOf, goesOverSsh } from "./address.ts";
import { trackingRef } from "./begin-cache.ts";
import { Cache } from "./cache.ts";
import { makeCommits, type Author, type Drafts, type Made } from "./commit.ts";
import { gitEnvironment, stayHere, type Env } from "./environment.ts";
import { gitFault, onlyCache, rewound } from "./faults.ts";
import { GitSnapshot } from "./git-snapshot.ts";
import { readHistory } from "./history.ts";
import { isAncestor, lacksObjects } from "./lineage.ts";
import { parseCommit, type Commit } from "./objects.ts";
import { push, type Verdict } from "./push.ts";
import { runGit, type GitExit } from "./run-git.ts";
import { beatRef, parseSight } from "./sight.ts";
import { closeConnection, makeConnectionFolder } from "./ssh.ts";

export type GitRepoOptions = {
  /** An address as git takes it, or a path. */
  remote: string;
  branch: string;
  /**
   * The folder of the cache. It has one user at a time, and may be deleted whenever it has none: the last commit seen is
   * kept beside it, in `<cache>.seen`.
   */
  cache: string;
  author: Author;
  clock: Clock;
  deadlineSeconds?: { look?: number; fetch?: number; push?: number };
  /** In place of `ssh`; options in it win over ours. */
  sshCommand?: string;
  /** Added to the environment of git. */
  env?: Env;
};

/** Asks the remote nothing yet: a node may start while the network is away. */
export async function openGitRepo(options: GitRepoOptions): Promise<SharedRepo> {
  const { branch, sshCommand, env } = options;
  if (!/^\w[\w./-]*$/.test(branch)) throw new TypeError(`not the name of a branch: ${branch}`);
  const folder = resolve(options.cache);
  const remote = addressOf(options.remote);
  const deadlines = { look: 30, fetch: 120, push: 120, ...options.deadlineSeconds };
  const connectionFolder = goesOverSsh(remote) ? await makeConnectionFolder(folder) : undefined;
  const cache = await Cache.open({
    folder,
    remote,
    branch,
    env: gitEnvironment({ sshCommand, connectionFolder, env }),
    deadlineMs: deadlines.fetch * 1000,
  });
  return new GitRepo(cache, options, deadlines, connectionFolder);
}

/** So many refusals in a row that look like a lost race are no race. */
const contestedAtMost = 5;

/** Holds what a remote has while it is not ours yet. */
const offeredRef = "refs/pawl/offered";

class GitRepo implements SharedRepo {
  readonly #cache: Cache;
  readonly #author: Author;
  readonly #clock: Clock;
  readonly #deadlines: { look: number; push: number };
  readonly #connectionFolder: string | undefined;
  #contested = 0;
  #lastBeatSecond = 0;

  constructor(
    cache: Cache,
    { author, clock }: GitRepoOptions,
    deadlines: { look: number; push: number },
    connectionFolder: string | undefined,
  ) {
    this.#cache = cache;
    this.#author = author;
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#connectionFolder = connectionFolder;
  }

  async look(): Promise<Sight> {
    const { remote, branch, env } = this.#cache.place;
    const exit = await runGit(["ls-remote", "--refs", remote, `refs/heads/${branch}`, "refs/worker/*"], {
      // Beside the cache: were that damaged, git would not even ask.
      env: { ...env, GIT_DIR: devNull },
      deadlineMs: this.#deadlines.look * 1000,
    });
    if (exit.code !== 0) throw gitFault({ verb: "look", ...this.#doing }, exit);
    return parseSight(exit.stdout, branch);
  }

  async fetch(): Promise<Snapshot> {
    const { lost } = this.#cache;
    // As long as the branch stands where it was refused there is nothing new to find out.
    if (lost && (await this.look()).head !== lost.head) this.#cache.distrust();
    return this.#cache.use(async (fresh) => {
      if (!fresh && !this.#cache.lost) await this.#fetch([]);
      return this.#newest();
    });
  }

  readBeat(worker: NodeName, commit: string): Promise<string | undefined> {
    const read = async () => {
      const object = await this.#cache.reader.read(beatRef(worker));
      return object?.oid === commit ? decodeText(parseCommit(object).message) : undefined;
    };
    return this.#cache.use(async (fresh) => {
      const known = await read();
      if (known !== undefined || fresh) return known;
      await this.#fetch(["+refs/worker/*:refs/worker/*"]);
      return read();
    });
  }

  publish({ parent, message, files, beat }: Proposal): Promise<Receipt> {
    return this.#cache.use(async (fresh): Promise<Receipt> => {
      if (files.size === 0 && !beat) return { kind: "accepted", snapshot: parent };
      if (files.size > 0 && this.#cache.lost) return { kind: "outdated" };
      if (files.size > 0 && fresh && (await this.#head()).oid !== parent.commit) return { kind: "outdated" };
      const change =
        files.size > 0 ? { parent: await this.#commit(parent.commit), message, files } : undefined;
      const made = await this.#make({ change, beat });
      // Before the push, since once that has landed nothing may fail any more.
      const snapshot = made.change ? new GitSnapshot(await this.#commit(made.change), this.#cache) : parent;
      const receipt = await this.#push(made, beat?.worker);
      if (receipt.kind !== "accepted") return receipt;
      if (made.change) await this.#cache.seen.keep(made.change);
      if (!beat) return { kind: "accepted", snapshot };
      const arrived = receipt.landed.includes(beatRef(beat.worker));
      return { kind: "accepted", snapshot, beat: arrived ? "arrived" : "refused" };
    });
  }

  async beat(worker: NodeName, text: string): Promise<Receipt["kind"]> {
    const receipt = await this.#cache.use(async () =>
      this.#push(await this.#make({ beat: { worker, text } }), worker),
    );
    return receipt.kind;
  }

  history(since?: string): AsyncIterable<HistoryEntry> {
    return readHistory(this.#cache, since);
  }

  at(commit: string): Promise<Snapshot> {
    return this.#cache.use(async () => new GitSnapshot(await this.#commit(commit), this.#cache));
  }

  async restore(head: string | undefined): Promise<Receipt["kind"]> {
    return this.#cache.use(async () => {
      if (this.#cache.lost) return "outdated";
      const seen = (await this.#head()).oid;
      // The remote would refuse it; but a fork stays until a person has looked, and pushes are scarce.
      if (head !== undefined && !(await this.#isAncestor(head, seen))) return "outdated";
      const verdict = await this.#pushed({ change: seen }, undefined);
      const lacks =
        verdict.kind === "contested" && (await lacksObjects(this.#local, this.#doing, head, seen));
      return lacks ? "outdated" : this.#settle(verdict).kind;
    });
  }

  accept(head?: string): Promise<Snapshot> {
    return this.#cache.use(async () => {
      const { branch } = this.#cache.place;
      if (this.#cache.lost) {
        await this.#cache.remake(head);
      } else {
        if (head !== undefined) await this.#refuseUnless(head);
        await this.#fetch([`+refs/heads/${branch}:${trackingRef(branch)}`]);
      }
      return this.#newest();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cache[Symbol.asyncDispose]();
    if (this.#connectionFolder !== undefined) await closeConnection(this.#connectionFolder);
  }

  get #doing(): { remote: string; cache: string } {
    return { remote: this.#cache.place.remote, cache: this.#cache.place.folder };
  }

  async #fetch(specs: string[]): Promise<void> {
    const exit = await this.#cache.git(
      ["fetch", "--no-tags", "--no-write-fetch-head", "origin", ...specs],
      this.#cache.place.deadlineMs,
    );
    if (exit.code !== 0) throw gitFault({ verb: "fetch", ...this.#doing }, exit);
  }

  /** Asks beside the tracking ref: were that moved first and we killed, what this node has seen would be forgotten. */
  async #refuseUnless(head: string): Promise<void> {
    const { remote, branch } = this.#cache.place;
    await this.#fetch(["--refmap=", `+refs/heads/${branch}:${offeredRef}`]);
    if (await this.#isAncestor(head, offeredRef)) return;
    throw new Fault(
      "REMOTE_REWOUND",
      `${branch} of ${remote} does not descend from ${head}, which was accepted`,
      {
        hint: "It was replaced once more. Look again, then run `pawl accept-history`.",
      },
    );
  }

  #isAncestor(commit: string, descendant: string): Promise<boolean> {
    return isAncestor(this.#local, this.#doing, commit, descendant);
  }

  /** Asks nobody but the cache. */
  readonly #local = (args: readonly string[]): Promise<GitExit> =>
    this.#cache.git(args, this.#cache.place.deadlineMs, stayHere);

  async #newest(): Promise<Snapshot> {
    const head = await this.#head();
    await this.#cache.seen.keep(head.oid);
    return new GitSnapshot(head, this.#cache);
  }

  async #head(): Promise<Commit> {
    if (this.#cache.lost) throw rewound(this.#cache.lost);
    return this.#commit(trackingRef(this.#cache.place.branch));
  }

  async #commit(name: string): Promise<Commit> {
    const object = await this.#cache.reader.read(name);
    if (object?.type === "commit") return parseCommit(object);
    throw new Fault("CACHE_BROKEN", `${name} is missing in ${this.#cache.place.folder}`, {
      hint: onlyCache(this.#cache.place.folder),
    });
  }

  /** A beat is dated after the one before, so that the same words are another commit. */
  async #make(drafts: Pick<Drafts, "change" | "beat">): Promise<Made> {
    const second = Math.floor(this.#clock.now().getTime() / 1000);
    const beatSecond = Math.max(second, this.#lastBeatSecond + 1);
    if (drafts.beat) this.#lastBeatSecond = beatSecond;
    return makeCommits({ author: this.#author, second, beatSecond, ...drafts }, this.#cache.env, this.#doing);
  }

  async #push(made: Made, worker: NodeName | undefined): Promise<PushReceipt> {
    return this.#settle(await this.#pushed(made, worker));
  }

  #pushed(made: Made, worker: NodeName | undefined): Promise<Verdict> {
    const specs: string[] = [];
    if (made.change) specs.push(`${made.change}:refs/heads/${this.#cache.place.branch}`);
    if (made.beat && worker) specs.push(`+${made.beat}:${beatRef(worker)}`);
    return push(specs, this.#doing, (args) => this.#cache.git(args, this.#deadlines.push * 1000));
  }

  #settle(verdict: Verdict): PushReceipt {
    this.#contested = verdict.kind === "contested" ? this.#contested + 1 : 0;
    switch (verdict.kind) {
      case "accepted":
      case "outdated":
        return verdict;
      case "contested":
        if (this.#contested < contestedAtMost) return { kind: "outdated" };
        throw verdict.fault;
      case "refused":
        throw verdict.fault;
      case "unknown":
        if (verdict.fault.code === "CACHE_BROKEN") this.#cache.distrust();
        return { kind: "unknown", why: verdict.why };
      default:
        return verdict satisfies never;
    }
  }
}

type PushReceipt = Extract<Verdict, { kind: "accepted" }> | Exclude<Receipt, { kind: "accepted" }>;
