import { appendFile } from "node:fs/promises";
import { join } from "node:path";

import type { Env } from "./environment.ts";
import { gitFault } from "./faults.ts";
import { runGit } from "./run-git.ts";

export type CachePlace = { folder: string; remote: string; branch: string; env: Env; deadlineMs: number };

/** Where a cache keeps what the remote's branch was when we last saw it; a push moves it as well. */
export function trackingRef(branch: string): string {
  return `refs/remotes/origin/${branch}`;
}

/** A bare repository in `folder` that knows the remote, and nothing of it yet. */
export async function beginCache(place: CachePlace, folder: string): Promise<void> {
  const { remote, env } = place;
  const init = await runGit(["init", "--quiet", "--bare", "--template=", folder], {
    env,
    deadlineMs: 30_000,
  });
  if (init.code !== 0) throw gitFault({ verb: "local", remote, cache: place.folder }, init);
  await appendFile(join(folder, "config"), settings(place));
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
