import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { diskFault, Fault } from "../../fault.ts";
import { beginCache, trackingRef, type CachePlace } from "./begin-cache.ts";
import { gitFault } from "./faults.ts";
import { descends, lineageOf } from "./lineage.ts";
import { runGit } from "./run-git.ts";

/** The branch stands at `head`, which does not descend from `seen`. */
export type Lost = { seen: string; head: string };

/**
 * A bare cache of the branch's newest commit and of all beats. It is built beside its place and moved there when it is
 * whole, so that a node that dies meanwhile leaves no half of one.
 *
 * @param seen what the newest commit has to descend from. With one that does not the cache is good for beats alone,
 *   and only for this life: the next one asks again.
 */
export function makeCache(place: CachePlace, seen?: string): Promise<Lost | undefined> {
  return onDisk(place.folder, () => make(place, seen));
}

async function make(place: CachePlace, seen: string | undefined): Promise<Lost | undefined> {
  const { folder } = place;
  const draft = draftOf(folder);
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });

  await beginCache(place, draft);
  await run(place, "fetch", [
    "fetch",
    "--depth=1",
    "--filter=blob:limit=64k",
    "--no-tags",
    "--no-write-fetch-head",
    "origin",
  ]);
  const lost = await findLost(place, seen);

  await writeFile(join(draft, markerName), lost ? lostMarker : await markerFor(place, draft));
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return lost;
}

async function findLost(place: CachePlace, seen: string | undefined): Promise<Lost | undefined> {
  if (seen === undefined) return undefined;
  const head = (await run(place, "local", ["rev-parse", "--verify", trackingRef(place.branch)])).trim();
  return head === seen || (await descends(place, head, seen)) ? undefined : { seen, head };
}

/** In the draft. */
async function run(place: CachePlace, verb: "fetch" | "local", args: string[]): Promise<string> {
  const { folder, remote, env, deadlineMs } = place;
  const exit = await runGit(args, { env: { ...env, GIT_DIR: draftOf(folder) }, deadlineMs });
  if (exit.code !== 0) throw gitFault({ verb, remote, cache: folder }, exit);
  return exit.stdout;
}

/**
 * Whether the folder holds a cache of this remote and branch, with the settings that we gave it: with a part of them git
 * would fetch nothing and call that a success. Any other cache is removed, anything else is left alone.
 */
export function findCache(place: CachePlace): Promise<boolean> {
  return onDisk(place.folder, () => find(place));
}

async function find(place: CachePlace): Promise<boolean> {
  for (const left of [draftOf(place.folder), lineageOf(place.folder)]) {
    await rm(left, { recursive: true, force: true });
  }
  const found = await readFile(join(place.folder, markerName), "utf8").catch(ifMissing(undefined));
  if (found === (await markerFor(place, place.folder))) return true;
  if (found === undefined && (await readdir(place.folder).catch(ifMissing([]))).length > 0) {
    throw new Fault("FILE_IN_THE_WAY", `${place.folder} is to be a cache, but it is something else`, {
      hint: "Move it away, or name another folder for the cache.",
    });
  }
  await rm(place.folder, { recursive: true, force: true });
  return false;
}

/** What a killed git left behind; the cache has only one user, so none of it can be in use. */
export async function removeLeftovers(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ifMissing([]));
  const stale = entries.filter(({ name }) =>
    /\.lock$|\.keep$|^\.?tmp[_-]|^incoming-|^fast_import_crash/.test(name),
  );
  const remove = stale.map(({ parentPath, name }) => join(parentPath, name));
  await onDisk(folder, () => Promise.all(remove.map((path) => rm(path, { recursive: true, force: true }))));
}

async function onDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskFault(folder, error);
  }
}

const markerName = "pawl-cache";
/** Of a cache whose newest commit nobody may act upon. */
const lostMarker = "{}\n";

function draftOf(folder: string): string {
  return `${folder}.new`;
}

async function markerFor({ remote, branch }: CachePlace, folder: string): Promise<string> {
  const config = await readFile(join(folder, "config")).catch(ifMissing(""));
  const digest = createHash("sha256").update(config).digest("hex");
  return `${JSON.stringify({ remote, branch, config: digest })}\n`;
}

function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return value;
    throw error;
  };
}
