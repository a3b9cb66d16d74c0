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
import type { MemoryHub } from "./memory-hub.ts";

/** One machine's view of a MemoryHub. Deterministic; each call gives way once, so that calls of machines interleave. */
export class MemoryRepo implements SharedRepo {
  readonly #hub: MemoryHub;
  readonly #author: string;
  readonly #clock: Clock;
  #seen: string | undefined;

  constructor(hub: MemoryHub, author: string, clock: Clock) {
    this.#hub = hub;
    this.#author = author;
    this.#clock = clock;
  }

  async look(): Promise<Sight> {
    await Promise.resolve();
    const beats = [...this.#hub.beats].map(([worker, { commit }]) => [worker, commit] as const);
    return { head: this.#hub.head, beats: new Map(beats) };
  }

  async fetch(): Promise<Snapshot> {
    await Promise.resolve();
    const { head } = this.#hub;
    if (head !== undefined && this.#seen !== undefined && !this.#hub.descends(head, this.#seen)) {
      throw rewound(head, this.#seen);
    }
    return this.#see(head);
  }

  async readBeat(worker: NodeName, commit: string): Promise<string | undefined> {
    await Promise.resolve();
    const newest = this.#hub.beats.get(worker);
    return newest?.commit === commit ? newest.text : undefined;
  }

  async publish({ parent, message, files, beat }: Proposal): Promise<Receipt> {
    await Promise.resolve();
    if (files.size === 0) {
      if (beat && !this.#hub.beat(beat.worker, beat.text)) return { kind: "outdated" };
      return { kind: "accepted", snapshot: parent, ...(beat && { beat: "arrived" }) };
    }
    const changed = new Map(this.#hub.commits.get(parent.commit)?.files);
    for (const [path, text] of files) {
      if (text === null) changed.delete(path);
      else changed.set(path, text);
    }
    const at = this.#clock.now().toISOString();
    const draft = { files: changed, message: message.trimEnd(), author: this.#author, at };
    const commit = this.#hub.swap(parent.commit, draft);
    if (commit === undefined) return { kind: "outdated" };
    return { kind: "accepted", snapshot: this.#see(commit), ...this.#hub.beatAlong(beat) };
  }

  async beat(worker: NodeName, text: string): Promise<Receipt["kind"]> {
    await Promise.resolve();
    return this.#hub.beat(worker, text) ? "accepted" : "outdated";
  }

  async *history(since?: string): AsyncGenerator<HistoryEntry, void> {
    await Promise.resolve();
    const all = Array.from(this.#hub.ancestry(this.#seen));
    const last = since === undefined ? undefined : all.find(({ commit }) => commit.startsWith(since));
    if (since !== undefined && !last) throw noSuchCommit(since);
    for (const { files: _files, height: _height, ...entry } of all) {
      if (entry.commit === last?.commit) return;
      yield entry;
    }
  }

  async at(commit: string): Promise<Snapshot> {
    await Promise.resolve();
    return this.#snapshot(commit);
  }

  async restore(head: string | undefined): Promise<Receipt["kind"]> {
    await Promise.resolve();
    if (this.#seen === undefined) return "accepted";
    if (head !== undefined && !this.#hub.descends(this.#seen, head)) return "outdated";
    return this.#hub.forward(this.#seen) ? "accepted" : "outdated";
  }

  async accept(asked?: string): Promise<Snapshot> {
    await Promise.resolve();
    const { head } = this.#hub;
    if (head !== undefined && asked !== undefined && !this.#hub.descends(head, asked))
      throw rewound(head, asked);
    return this.#see(head);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #see(commit: string | undefined): Snapshot {
    const snapshot = this.#snapshot(commit);
    this.#seen = commit;
    return snapshot;
  }

  #snapshot(commit: string | undefined): Snapshot {
    const snapshot = commit === undefined ? undefined : this.#hub.snapshot(commit);
    if (!snapshot) throw branchMissing();
    return snapshot;
  }
}

export function branchMissing(): Fault {
  return new Fault("BRANCH_MISSING", "The ledger has no commit yet", {
    hint: "Run `pawl init` to begin it.",
  });
}

export function rewound(head: string, seen: string): Fault {
  return new Fault("REMOTE_REWOUND", `${head} does not descend from ${seen}, the last commit seen`, {
    hint: "Somebody replaced the ledger's history. Find out who and why; `pawl accept-history` takes it as it is now.",
  });
}

export function noSuchCommit(given: string): Fault {
  return new Fault("FILE_NOT_FOUND", `There is no commit ${given} in the ledger, or there are several`, {
    hint: "`git log` in a clone of the ledger tells what there is; seven characters of an id are enough.",
  });
}
