import { hash } from "node:crypto";

import type { NodeName } from "../../core/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HistoryEntry, Proposal, Receipt, SharedRepo, Snapshot } from "../../ports/shared-repo.ts";
import { MemoryRepo } from "./memory-repo.ts";
import { MemorySnapshot } from "./memory-snapshot.ts";

export type MemoryCommit = HistoryEntry & { files: ReadonlyMap<string, string>; height: number };

type Accepted = Extract<Receipt, { kind: "accepted" }>;

export type MemoryDraft = Omit<MemoryCommit, "commit" | "parents" | "height">;

/** The remote of MemoryRepo: a head that plain pushes move forward, and the newest beat of each worker. */
export class MemoryHub {
  readonly commits = new Map<string, MemoryCommit>();
  readonly beats = new Map<NodeName, { commit: string; text: string }>();
  /** Workers of whom the remote takes no beat: a killed push left a lock behind. */
  readonly lockedBeats = new Set<NodeName>();
  head: string | undefined;
  readonly #snapshots = new Map<string, Snapshot>();
  #count = 0;

  open(author: string, clock: Clock): SharedRepo {
    return new MemoryRepo(this, author, clock);
  }

  /** @returns the new head, or undefined when the head is neither `parent` nor a commit that it was built upon */
  swap(parent: string | undefined, draft: MemoryDraft): string | undefined {
    if (!this.#leadsTo(parent)) return undefined;
    const commit = this.#newId();
    const height = parent === undefined ? 0 : this.heightOf(parent) + 1;
    this.commits.set(commit, {
      ...draft,
      commit,
      height,
      parents: parent === undefined ? [] : [parent],
    });
    this.head = commit;
    return commit;
  }

  /** A plain push of a commit that exists already. Answers whether it was a way forward. */
  forward(commit: string): boolean {
    if (!this.#leadsTo(commit)) return false;
    this.head = commit;
    return true;
  }

  /** @returns whether it was taken */
  beat(worker: NodeName, text: string): boolean {
    if (this.lockedBeats.has(worker)) return false;
    this.beats.set(worker, { commit: this.#newId(), text });
    return true;
  }

  /** One that rides along with a commit that is taken. */
  beatAlong(beat: Proposal["beat"]): Pick<Accepted, "beat"> {
    if (!beat) return {};
    return { beat: this.beat(beat.worker, beat.text) ? "arrived" : "refused" };
  }

  /** `commit` and all that it was built upon. */
  *ancestry(commit: string | undefined): Generator<MemoryCommit, void> {
    for (let at = commit; at !== undefined;) {
      const found = this.commits.get(at);
      if (!found) return;
      yield found;
      at = found.parents[0];
    }
  }

  /** Is `commit` the same as `ancestor`, or built upon it? */
  descends(commit: string, ancestor: string): boolean {
    const height = this.heightOf(ancestor);
    for (const one of this.ancestry(commit)) {
      if (one.height <= height) return one.commit === ancestor;
    }
    return false;
  }

  heightOf(commit: string): number {
    return this.commits.get(commit)?.height ?? -1;
  }

  snapshot(commit: string): Snapshot | undefined {
    const found = this.commits.get(commit);
    if (!found) return undefined;
    const known = this.#snapshots.get(commit) ?? new MemorySnapshot(found);
    this.#snapshots.set(commit, known);
    return known;
  }

  #leadsTo(commit: string | undefined): boolean {
    if (this.head === undefined || commit === undefined) return this.head === commit;
    return this.descends(commit, this.head);
  }

  #newId(): string {
    return hash("sha1", `commit ${this.#count++}`);
  }
}
