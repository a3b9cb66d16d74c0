import { accessSync, constants, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";

import { isInside } from "./bwrap-mounts.ts";

/** Finds what must be there for the programs on a PATH to run. */
export class ProgramFolders {
  /** To look at each of the thousands of links in the system's folders takes longer than to start a program. */
  readonly #links = new Map<string, { changedMs: number; names: string[] }>();

  /** As far as it lies in folders that are emptied otherwise, and nothing of what is hidden on purpose. */
  on(searchPath: string, { home, emptied, hidden }: Places): string[] {
    const isEmptied = (path: string) => emptied.some((folder) => isInside(path, folder));
    const found = searchPath.split(delimiter).flatMap((folder) => {
      const real = realPath(folder);
      if (!folder.startsWith("/") || real === undefined) return [];
      const installed = isEmptied(folder) || isEmptied(real) ? [folder, ...installation(real, home)] : [];
      const linked = this.#linksInto(isEmptied, real).flatMap((link) => realPath(link) ?? []);
      return [...installed, ...linked.flatMap((target) => packageOf(target, home))];
    });
    return [...new Set(found)].filter(
      (path) =>
        !isInside(home, path) &&
        !emptied.some((folder) => isInside(folder, path)) &&
        !hidden.some((folder) => isInside(path, folder)),
    );
  }

  /** Links that lead out of their folder to where things are hidden. */
  #linksInto(isEmptied: (path: string) => boolean, folder: string): string[] {
    const changedMs = statSync(folder).mtimeMs;
    const known = this.#links.get(folder);
    if (known?.changedMs === changedMs) return known.names;
    const names = linksIn(folder).filter((link) => {
      const target = realPath(link);
      return target !== undefined && isEmptied(target) && !isInside(target, folder);
    });
    this.#links.set(folder, { changedMs, names });
    return names;
  }
}

type Places = { home: string; emptied: readonly string[]; hidden: readonly string[] };

/** The package that a program's file belongs to: without it the program would not find its parts. */
export function packageOf(file: string, home: string): string[] {
  const modules = file.indexOf("/node_modules/");
  if (modules >= 0) return [file.slice(0, modules + "/node_modules".length)];
  const folder = dirname(file);
  if (basename(folder) === "bin") return [folder, ...installation(folder, home)];
  return isInside(home, folder) ? [file] : [folder];
}

/** Beside a `bin` lies what it belongs to; not so where people, and programs of all kinds, keep their own things. */
function installation(folder: string, home: string): string[] {
  if (!["bin", "shims"].includes(basename(folder))) return [folder];
  const prefix = dirname(folder);
  if (isInside(home, prefix)) return [folder];
  return mixed.includes(basename(prefix)) ? [folder, join(prefix, "lib")] : [prefix];
}

/** These also hold logins: of cargo its `credentials.toml`, of desktops their keyrings. */
const mixed = [".local", ".cargo", ".config", ".cache"];

function linksIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isSymbolicLink())
      .map(({ name }) => join(folder, name));
  } catch (error) {
    return unlessAbsent(error, []);
  }
}

/** Undefined where there is nothing that we could show to anybody. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    return unlessAbsent(error, undefined);
  }
}

export function isFile(path: string): boolean {
  try {
    return !statSync(path).isDirectory();
  } catch (error) {
    return unlessAbsent(error, false);
  }
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch (error) {
    return unlessAbsent(error, false);
  }
}

function unlessAbsent<Value>(error: unknown, instead: Value): Value {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP"].includes(code)) return instead;
  throw error;
}
