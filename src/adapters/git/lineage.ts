import { access, rm } from "node:fs/promises";
import { join } from "node:path";

import { beginCache, type CachePlace } from "./begin-cache.ts";
import { stayHere } from "./environment.ts";
import { gitFault, type Doing } from "./faults.ts";
import { runGit, type GitExit } from "./run-git.ts";

/** Runs git in one repository. */
type Git = (args: readonly string[]) => Promise<GitExit>;

type Where = Omit<Doing, "verb">;

/**
 * Of what is in this repository: a commit that is not is nobody's ancestor, and is not asked for.
 * @param git with `stayHere` in its environment
 */
export async function isAncestor(
  git: Git,
  where: Where,
  commit: string,
  descendant: string,
): Promise<boolean> {
  if (!(await isHere(git, where, commit))) return false;
  const exit = await git(["merge-base", "--is-ancestor", commit, descendant]);
  if (exit.code !== 0 && exit.code !== 1) throw gitFault({ verb: "local", ...where }, exit);
  return exit.code === 0;
}

/**
 * Whether there are objects between two commits that this repository left out when it fetched.
 * @param git with `stayHere` in its environment
 */
export async function lacksObjects(git: Git, where: Where, from: string | undefined, to: string) {
  const range = from === undefined ? [to] : [to, "--not", from];
  const exit = await git(["rev-list", "--objects", "--missing=print", ...range]);
  if (exit.code !== 0) throw gitFault({ verb: "local", ...where }, exit);
  return /^\?/m.test(exit.stdout);
}

/** Most caches that are made anew are not far behind. */
const nearBy = "--depth=1000";

/**
 * Whether the remote's `head` descends from a commit that no cache has any more. Costs the commits between them, and all
 * there are when it does not; in a repository for the time, since a cache that has commits without their trees would
 * ask for each tree by itself when somebody reads its history.
 */
export async function descends(place: CachePlace, head: string, ancestor: string): Promise<boolean> {
  const { folder, remote, branch, env, deadlineMs } = place;
  const scratch = lineageOf(folder);
  const where = { remote, cache: folder };
  const git = (more: Readonly<Record<string, string>>): Git => {
    return (args) => runGit(args, { env: { ...env, GIT_DIR: scratch, ...more }, deadlineMs });
  };
  const fetch = async (depth: string): Promise<void> => {
    const how = [depth, "--filter=tree:0", "--no-tags", "--no-write-fetch-head", "--refmap="];
    const exit = await git({})(["fetch", ...how, "origin", `+refs/heads/${branch}:refs/pawl/offered`]);
    if (exit.code !== 0) throw gitFault({ verb: "fetch", ...where }, exit);
  };
  const isFound = async (): Promise<boolean> => {
    const local = git(stayHere);
    // Replaced between two questions: of that head nothing can be known any more.
    if (!(await isHere(local, where, head))) return false;
    return isAncestor(local, where, ancestor, head);
  };
  await rm(scratch, { recursive: true, force: true });
  try {
    await beginCache(place, scratch);
    await fetch(nearBy);
    if (await isFound()) return true;
    if (!(await isShallow(scratch))) return false;
    await fetch("--unshallow");
    return await isFound();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Where `descends` works. */
export function lineageOf(folder: string): string {
  return `${folder}.lineage`;
}

async function isHere(git: Git, where: Where, commit: string): Promise<boolean> {
  const exit = await git(["cat-file", "-e", commit]);
  if (exit.code === 0) return true;
  if (exit.code === 1 || /Not a valid object name/.test(exit.stderr)) return false;
  throw gitFault({ verb: "local", ...where }, exit);
}

function isShallow(folder: string): Promise<boolean> {
  return access(join(folder, "shallow")).then(
    () => true,
    () => false,
  );
}
