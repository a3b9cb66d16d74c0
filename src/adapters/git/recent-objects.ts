import { decodeText } from "../../format/bytes.ts";
import { parseTree, type GitObject, type TreeEntry } from "./objects.ts";

type Held = { object: GitObject; text?: string };

const mostObjects = 1000;
const mostBytes = 4 * 1024 * 1024;
/** They take several times as much room as their objects. */
const mostTrees = 128;

export type Tree = ReadonlyMap<string, TreeEntry>;

/** The objects that were read last. One commit's are mostly those of the one before, and what an id names never changes. */
export class RecentObjects {
  readonly #held = new Map<string, Held>();
  readonly #trees = new Map<string, Tree>();
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

  /** A folder's entries. Of two commits in a row most folders are the same. */
  treeOf(object: GitObject): Tree {
    const known = this.#trees.get(object.oid);
    if (known) return known;
    const tree = parseTree(object);
    this.#trees.set(object.oid, tree);
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > mostTrees && oldest !== undefined) this.#trees.delete(oldest);
    return tree;
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
