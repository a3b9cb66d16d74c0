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
import type { MemoryCommit, MemoryHub } from "./memory-hub.ts";

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
    const [newest] = this.#hub.ancestry(this.#hub.head);
    if (!newest) throw branchMissing();
    if (this.#seen !== undefined && !this.#descendsFrom(this.#seen)) throw rewound(newest.commit);
    this.#seen = newest.commit;
    return new MemorySnapshot(newest);
  }

  async readBeat(worker: NodeName, commit: string): Promise<string | undefined> {
    await Promise.resolve();
    const newest = this.#hub.beats.get(worker);
    return newest?.commit === commit ? newest.text : undefined;
  }

  async publish({ parent, message, files, beat }: Proposal): Promise<Receipt> {
    await Promise.resolve();
    if (files.size === 0) {
      if (beat) this.#hub.beat(beat.worker, beat.text);
      return { kind: "accepted", snapshot: parent };
    }
    const changed = new Map(this.#hub.commits.get(parent.commit)?.files);
    for (const [path, text] of files) {
      if (text === null) changed.delete(path);
      else changed.set(path, text);
    }
    const at = this.#clock.now().toISOString();
    const id = this.#hub.swap(parent.commit, {
      files: changed,
      message: message.trimEnd(),
      author: this.#author,
      at,
    });
    if (id === undefined) return { kind: "outdated" };
    if (beat) this.#hub.beat(beat.worker, beat.text);
    this.#seen = id;
    return { kind: "accepted", snapshot: new MemorySnapshot({ commit: id, files: changed }) };
  }

  async beat(worker: NodeName, text: string): Promise<Receipt["kind"]> {
    await Promise.resolve();
    this.#hub.beat(worker, text);
    return "accepted";
  }

  async *history(since?: string): AsyncGenerator<HistoryEntry, void> {
    await Promise.resolve();
    for (const { files: _, ...entry } of this.#hub.ancestry(this.#seen)) {
      if (entry.commit === since) return;
      yield entry;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #descendsFrom(commit: string): boolean {
    return [...this.#hub.ancestry(this.#hub.head)].some((ancestor) => ancestor.commit === commit);
  }
}

class MemorySnapshot implements Snapshot {
  readonly commit: string;
  readonly #files: ReadonlyMap<string, string>;

  constructor({ commit, files }: Pick<MemoryCommit, "commit" | "files">) {
    this.commit = commit;
    this.#files = files;
  }

  async read(path: string): Promise<string | undefined> {
    return this.#files.get(path);
  }

  async list(folder: string): Promise<string[]> {
    const prefix = folder === "" ? "" : `${folder.replace(/\/$/, "")}/`;
    const below = [...this.#files.keys()].filter((path) => path.startsWith(prefix));
    return below
      .map((path) => path.slice(prefix.length))
      .filter((name) => !name.includes("/"))
      .toSorted();
  }
}

function branchMissing(): Fault {
  return new Fault("BRANCH_MISSING", "The ledger has no commit yet", {
    hint: "Run `pawl init` to begin it.",
  });
}

function rewound(head: string): Fault {
  return new Fault("REMOTE_REWOUND", `${head} does not descend from the last commit seen`, {
    hint: "Somebody replaced the ledger's history. Find out who and why.",
  });
}
