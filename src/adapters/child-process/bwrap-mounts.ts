import { dirname, relative } from "node:path";

/** What the worker keeps from all its tasks, and what they may nevertheless use. */
export type Confinement = {
  /** Of the worker's user. */
  home: string;
  /** Folders and files of the worker's own, besides its home and what lies in it. */
  hidden: readonly string[];
  readOnly: readonly string[];
  writable: readonly string[];
};

/** A place in the task's view of the machine, and what is there instead of the read-only original. */
export type Mount =
  | { at: string; as: "empty" | "blank-file" }
  /** `isAlias`: the place is a way there through links, which need not be there when what they lie in is. */
  | { at: string; as: "own" | "read-only" | "writable"; from: string; isAlias: boolean };

/**
 * In the order in which they can be made: a folder comes before what lies in it. What is already as it should be is
 * left out, and of two for the same place the later one counts.
 */
export function inOrder(mounts: readonly Mount[]): Mount[] {
  const places = new Map(mounts.map((mount) => [mount.at, mount]));
  const made = new Map<string, Mount>();
  for (const mount of [...places.values()].toSorted((a, b) => depth(a.at) - depth(b.at))) {
    if (!isAlreadySo(mount, nearestAbove(mount.at, made))) made.set(mount.at, mount);
  }
  return [...made.values()];
}

export function argsOf(mount: Mount): string[] {
  switch (mount.as) {
    case "empty":
      return ["--tmpfs", mount.at];
    case "blank-file":
      return ["--ro-bind", "/dev/null", mount.at];
    case "own":
    case "writable":
      return ["--bind", mount.from, mount.at];
    case "read-only":
      return ["--ro-bind", mount.from, mount.at];
    default:
      return mount satisfies never;
  }
}

/** Folders of the system in which other users and programs leave what is none of a task's business. */
export const privateFolders: readonly string[] = ["/home", "/root", "/run", "/var/tmp", "/tmp"];

export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith("../");
}

function isAlreadySo(mount: Mount, above: Mount | undefined): boolean {
  const isHiddenThere = above !== undefined && above.as !== "read-only" && above.as !== "writable";
  switch (mount.as) {
    case "empty":
    case "blank-file":
      return isHiddenThere;
    case "own":
    case "writable":
      return mount.isAlias && !isHiddenThere;
    case "read-only":
      return !isHiddenThere;
    default:
      return mount satisfies never;
  }
}

function nearestAbove(path: string, made: ReadonlyMap<string, Mount>): Mount | undefined {
  for (let folder = dirname(path); folder !== "/"; folder = dirname(folder)) {
    const mount = made.get(folder);
    if (mount) return mount;
  }
  return undefined;
}

function depth(path: string): number {
  return path.split("/").filter(Boolean).length;
}
