import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { diskFault, Fault } from "../../fault.ts";
import type { Env } from "./environment.ts";
import { gitFault } from "./faults.ts";
import { runGit } from "./run-git.ts";

export type CachePlace = { folder: string; remote: string; branch: string; env: Env; deadlineMs: number };

/** Where a cache keeps what the remote's branch was when we last saw it; a push moves it as well. */
export function trackingRef(branch: string): string {
  return `refs/remotes/origin/${branch}`;
}

/**
 * A bare cache of the branch's newest commit and of all beats. It is built beside its place and moved there when it is
 * whole, so that a node that dies meanwhile leaves no half of one.
 */
export function makeCache(place: CachePlace): Promise<void> {
  return onDisk(place.folder, () => make(place));
}

async function make(place: CachePlace): Promise<void> {
  const { folder, remote, env, deadlineMs } = place;
  const draft = draftOf(folder);
  const doing = { remote, cache: folder };
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });

  const init = await runGit(["init", "--quiet", "--bare", "--template=", draft], { env, deadlineMs: 30_000 });
  if (init.code !== 0) throw gitFault({ verb: "local", ...doing }, init);
  await appendFile(join(draft, "config"), settings(place));
  const fetched = await runGit(
    ["fetch", "--depth=1", "--filter=blob:limit=64k", "--no-tags", "--no-write-fetch-head", "origin"],
    { env: { ...env, GIT_DIR: draft }, deadlineMs },
  );
  if (fetched.code !== 0) throw gitFault({ verb: "fetch", ...doing }, fetched);

  await writeFile(join(draft, markerName), await markerFor(place, draft));
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

/**
 * Whether the folder holds a cache of this remote and branch, with the settings that we gave it: with a part of them git
 * would fetch nothing and call that a success. Any other cache is removed, anything else is left alone.
 */
export function findCache(place: CachePlace): Promise<boolean> {
  return onDisk(place.folder, () => find(place));
}

async function find(place: CachePlace): Promise<boolean> {
  await rm(draftOf(place.folder), { recursive: true, force: true });
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

function draftOf(folder: string): string {
  return `${folder}.new`;
}

async function markerFor({ remote, branch }: CachePlace, folder: string): Promise<string> {
  const config = await readFile(join(folder, "config")).catch(ifMissing(""));
  const digest = createHash("sha256").update(config).digest("hex");
  return `${JSON.stringify({ remote, branch, config: digest })}\n`;
}

/**
 * These keep what stands in the user's own configuration from changing what our commands do. The branch is fetched
 * without a plus, so that git tells us when it was rewound; syncing to disk would be wasted on a cache; and git cannot
 * make bitmaps, which it does in bare repositories, where objects are missing.
 */
function settings({ remote, branch }: CachePlace): string {
  return `[remote "origin"]
	url = "${remote.replace(/["\\]/g, "\\$&")}"
	fetch = refs/heads/${branch}:${trackingRef(branch)}
	fetch = +refs/worker/*:refs/worker/*
[core]
	hooksPath = /dev/null
	fsync = none
	logAllRefUpdates = false
[fetch]
	prune = false
	showForcedUpdates = true
	writeCommitGraph = false
	recurseSubmodules = false
[push]
	followTags = false
	gpgSign = false
	recurseSubmodules = no
[gc]
	auto = 0
[maintenance]
	auto = false
[repack]
	writeBitmaps = false
[http]
	lowSpeedLimit = 1000
	lowSpeedTime = 20
`;
}

function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return value;
    throw error;
  };
}
