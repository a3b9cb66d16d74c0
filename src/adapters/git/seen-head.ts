import { readFile, rename, writeFile } from "node:fs/promises";

import { z } from "zod";

import type { CachePlace } from "./begin-cache.ts";

const SeenFile = z.object({
  remote: z.string(),
  branch: z.string(),
  head: z.string().regex(/^[0-9a-f]{40,64}$/),
});

/**
 * The last head that this node has seen, in a file beside its cache: a cache that is damaged, removed or made anew after
 * an upgrade must not make the node forget it, since then it would follow a branch that was rewound meanwhile.
 */
export class SeenHead {
  readonly #place: CachePlace;
  #kept: string | undefined;

  constructor(place: CachePlace) {
    this.#place = place;
  }

  /** Undefined when there is none of this remote and branch, or none that can be read: then the node begins anew. */
  async read(): Promise<string | undefined> {
    const { remote, branch } = this.#place;
    try {
      const seen = SeenFile.parse(JSON.parse(await readFile(this.#path, "utf8")));
      return seen.remote === remote && seen.branch === branch ? seen.head : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Replaced as a whole, but not synced to disk: that would cost each claim more than it is worth. After a power cut the
   * file may be one of before, which holds the node to less, or nothing. One that cannot be written is tried again with
   * the next head: what was fetched or has landed is so all the same, and the cache remembers it too.
   */
  async keep(head: string): Promise<void> {
    if (head === this.#kept) return;
    const { remote, branch } = this.#place;
    try {
      await writeFile(`${this.#path}.new`, `${JSON.stringify({ remote, branch, head })}\n`);
      await rename(`${this.#path}.new`, this.#path);
      this.#kept = head;
    } catch {
      this.#kept = undefined;
    }
  }

  get #path(): string {
    return `${this.#place.folder}.seen`;
  }
}
