import type { GitObject } from "./objects.ts";

const most = 1000;
const largest = 64 * 1024;

/** The objects that were read last. One commit's are mostly those of the one before, and what an id names never changes. */
export class RecentObjects {
  readonly #held = new Map<string, GitObject>();

  async get(
    oid: string,
    read: (oid: string) => Promise<GitObject | undefined>,
  ): Promise<GitObject | undefined> {
    const known = this.#held.get(oid);
    if (known) return known;
    const object = await read(oid);
    if (object && object.body.length <= largest) this.#hold(object);
    return object;
  }

  #hold(object: GitObject): void {
    this.#held.set(object.oid, object);
    const [oldest] = this.#held.keys();
    if (this.#held.size > most && oldest !== undefined) this.#held.delete(oldest);
  }
}
