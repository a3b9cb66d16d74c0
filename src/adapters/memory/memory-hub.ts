import { createHash } from "node:crypto";

import type { NodeName } from "../../core/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HistoryEntry, SharedRepo } from "../../ports/shared-repo.ts";
import { MemoryRepo } from "./memory-repo.ts";

export type MemoryCommit = HistoryEntry & { files: ReadonlyMap<string, string> };

/** The remote of MemoryRepo: a head that is only changed by compare-and-swap, and the newest beat of each worker. */
export class MemoryHub {
  readonly commits = new Map<string, MemoryCommit>();
  readonly beats = new Map<NodeName, { commit: string; text: string }>();
  head: string | undefined;
  #count = 0;

  open(author: string, clock: Clock): SharedRepo {
    return new MemoryRepo(this, author, clock);
  }

  /** @returns the new head, or undefined when `parent` is not the head any more */
  swap(parent: string | undefined, commit: Omit<MemoryCommit, "commit" | "parents">): string | undefined {
    if (parent !== this.head) return undefined;
    const id = this.#newId();
    this.commits.set(id, { ...commit, commit: id, parents: parent === undefined ? [] : [parent] });
    this.head = id;
    return id;
  }

  beat(worker: NodeName, text: string): void {
    this.beats.set(worker, { commit: this.#newId(), text });
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

  #newId(): string {
    return createHash("sha1")
      .update(`commit ${this.#count++}`)
      .digest("hex");
  }
}
