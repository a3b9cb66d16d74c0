import { decodeText } from "../../format/bytes.ts";
import type { GitObject } from "./objects.ts";

type Held = { object: GitObject; text?: string };

const mostObjects = 1000;
const mostBytes = 4 * 1024 * 1024;

/** The objects that were read last. One commit's are mostly those of the one before, and what an id names never changes. */
export class RecentObjects {
  readonly #held = new Map<string, Held>();
  #bytes = 0;

  async get(
    oid: string,
    read: (oid: string) => Promise<GitObject | undefined>,
  ): Promise<GitObject | undefined> {
    const known = this.#held.get(oid);
    if (known) return known.object;
    const object = await read(oid);
    if (object) this.#hold(object);
    return object;
  }

  /** An object's text; of one that is held it is made once. */
  textOf(object: GitObject): string {
    const held = this.#held.get(object.oid);
    if (!held) return decodeText(object.body);
    held.text ??= decodeText(object.body);
    return held.text;
  }

  #hold(object: GitObject): void {
    if (object.body.length > mostBytes / 2 || this.#held.has(object.oid)) return;
    this.#held.set(object.oid, { object });
    this.#bytes += object.body.length;
    for (const [oid, oldest] of this.#held) {
      if (this.#held.size <= mostObjects && this.#bytes <= mostBytes) break;
      this.#held.delete(oid);
      this.#bytes -= oldest.object.body.length;
    }
  }
}
