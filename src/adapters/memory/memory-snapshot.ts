import type { Snapshot } from "../../ports/shared-repo.ts";

export class MemorySnapshot implements Snapshot {
  readonly commit: string;
  readonly #files: ReadonlyMap<string, string>;

  constructor({ commit, files }: { commit: string; files: ReadonlyMap<string, string> }) {
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

  async differs(other: Snapshot): Promise<string[]> {
    if (!(other instanceof MemorySnapshot)) throw new TypeError("a snapshot of another repo");
    const theirs = other.#files;
    const gone = [...theirs.keys()].filter((path) => !this.#files.has(path));
    const changed = [...this.#files].flatMap(([path, text]) => (theirs.get(path) === text ? [] : path));
    return [...gone, ...changed].toSorted();
  }
}
