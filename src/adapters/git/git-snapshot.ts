import { Fault } from "../../fault.ts";
import type { Snapshot } from "../../ports/shared-repo.ts";
import type { Cache } from "./cache.ts";
import { onlyCache } from "./faults.ts";
import type { Commit, GitObject, TreeEntry } from "./objects.ts";
import type { Tree } from "./recent-objects.ts";

export class GitSnapshot implements Snapshot {
  readonly commit: string;
  readonly #root: string;
  readonly #cache: Cache;
  readonly #trees = new Map<string, Promise<Tree>>();

  constructor({ oid, tree }: Commit, cache: Cache) {
    this.commit = oid;
    this.#root = tree;
    this.#cache = cache;
  }

  async read(path: string): Promise<string | undefined> {
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    const entry = (await this.#folder(parts))?.get(name);
    if (entry?.kind !== "file") return undefined;
    return this.#cache.recent.textOf(await this.#object(entry.oid));
  }

  async list(folder: string): Promise<string[]> {
    const parts = folder.split("/").filter((part) => part !== "" && part !== ".");
    const entries = [...((await this.#folder(parts)) ?? [])];
    return entries.flatMap(([name, { kind }]) => (kind === "file" ? name : [])).toSorted();
  }

  async differs(other: Snapshot): Promise<string[]> {
    if (!(other instanceof GitSnapshot)) throw new TypeError("a snapshot of another repo");
    return (await this.#differing("", { now: this.#root, before: other.#root })).toSorted();
  }

  /** Folders that are the same object need no look inside. */
  async #differing(
    prefix: string,
    tree: { now: string | undefined; before: string | undefined },
  ): Promise<string[]> {
    if (tree.now === tree.before) return [];
    const now = await this.#treeOrNone(tree.now);
    const before = await this.#treeOrNone(tree.before);
    const names = new Set([...now.keys(), ...before.keys()]);
    const paths = Array.from(names, async (name): Promise<string[]> => {
      const [one, other] = [now.get(name), before.get(name)];
      if (one?.oid === other?.oid && one?.kind === other?.kind) return [];
      const path = `${prefix}${name}`;
      const isFile = [one, other].some((entry) => entry && entry.kind !== "folder");
      const inside = await this.#differing(`${path}/`, { now: folderOf(one), before: folderOf(other) });
      return isFile ? [path, ...inside] : inside;
    });
    return (await Promise.all(paths)).flat();
  }

  async #folder(parts: string[]): Promise<Tree | undefined> {
    let entries = await this.#tree(this.#root);
    for (const part of parts) {
      const entry = entries.get(part);
      if (entry?.kind !== "folder") return undefined;
      entries = await this.#tree(entry.oid);
    }
    return entries;
  }

  async #treeOrNone(oid: string | undefined): Promise<Tree> {
    return oid === undefined ? new Map() : this.#tree(oid);
  }

  #tree(oid: string): Promise<Tree> {
    const known = this.#trees.get(oid);
    if (known) return known;
    const tree = this.#object(oid).then((object) => this.#cache.recent.treeOf(object));
    this.#trees.set(oid, tree);
    tree.catch(() => this.#trees.delete(oid));
    return tree;
  }

  #object(oid: string): Promise<GitObject> {
    return this.#cache.use(async () => {
      const object = await this.#cache.recent.get(oid, (name) => this.#cache.reader.read(name));
      if (object) return object;
      throw new Fault("CACHE_BROKEN", `Object ${oid} is missing in ${this.#cache.place.folder}`, {
        hint: onlyCache(this.#cache.place.folder),
      });
    });
  }
}

function folderOf(entry: TreeEntry | undefined): string | undefined {
  return entry?.kind === "folder" ? entry.oid : undefined;
}
