import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Fault } from "../../fault.ts";
import { addressOf } from "./address.ts";
import { cloneOrInit, pushFirst, type Checkout } from "./checkout.ts";
import type { Author } from "./commit.ts";
import { gitEnvironment } from "./environment.ts";
import { gitFault } from "./faults.ts";
import { runGit, type GitExit } from "./run-git.ts";

export type Opened = {
  checkout: Checkout;
  how: "created" | "cloned" | "found";
  branch: string;
  remote: string | undefined;
};
export type Wish = {
  folder: string;
  remote: string | undefined;
  branch: string | undefined;
  sshCommand: string | undefined;
};

/** A work tree in which the branch is checked out as the remote has it: the one that is there, a clone, or a new one. */
export async function openCheckout({ folder, remote, branch, sshCommand }: Wish): Promise<Opened> {
  if (!existsSync(join(folder, ".git"))) {
    const checkout = await cloneOrInit(folder, remote, sshCommand);
    const on = await onBranch(checkout, branch);
    return { checkout, how: remote === undefined ? "created" : "cloned", branch: on, remote };
  }
  const checkout = { folder: resolve(folder), env: gitEnvironment({ sshCommand }) };
  const origin = await originOf(checkout, remote);
  if (origin !== undefined)
    await git(checkout, ["fetch", "--no-tags", "origin"], { verb: "fetch", remote: origin });
  const on = await onBranch(checkout, branch);
  if (await exists(checkout, `refs/remotes/origin/${on}`)) await catchUp(checkout, on);
  return { checkout, how: "found", branch: on, remote: origin };
}

/** Commits these files and nothing else that may have changed. */
export async function commitFiles(
  checkout: Checkout,
  { files, message, author }: { files: string[]; message: string; author: Author },
): Promise<void> {
  if (files.length === 0) return;
  await git(checkout, ["add", "--force", "--", ...files]);
  const identity = [
    "-c",
    `user.name=${author.name}`,
    "-c",
    `user.email=${author.email}`,
    "-c",
    "commit.gpgSign=false",
  ];
  await git(checkout, [...identity, "commit", "--no-verify", `--message=${message}`, "--", ...files]);
}

/** @returns whether there was anything to push */
export async function pushIfAhead({ checkout, branch, remote }: Opened): Promise<boolean> {
  if (remote === undefined) return false;
  const tracking = `refs/remotes/origin/${branch}`;
  if (await exists(checkout, tracking)) {
    const { stdout } = await git(checkout, ["rev-list", "--count", `${tracking}..HEAD`]);
    if (stdout.trim() === "0") return false;
  }
  await pushFirst(checkout, branch, remote);
  return true;
}

/** What is checked out, or the wished branch: as the remote has it, or new and empty. */
async function onBranch(checkout: Checkout, wished: string | undefined): Promise<string> {
  const { stdout } = await git(checkout, ["symbolic-ref", "--short", "HEAD"]);
  const current = stdout.trim();
  if (wished === undefined || wished === current) return current;
  if (!(await exists(checkout, "HEAD"))) {
    await git(checkout, ["symbolic-ref", "HEAD", `refs/heads/${wished}`]);
  } else if (
    (await exists(checkout, `refs/heads/${wished}`)) ||
    (await exists(checkout, `refs/remotes/origin/${wished}`))
  ) {
    await git(checkout, ["switch", wished]);
  } else {
    await git(checkout, ["switch", "--orphan", wished]);
  }
  return wished;
}

async function originOf(checkout: Checkout, remote: string | undefined): Promise<string | undefined> {
  const asked = await tryGit(checkout, ["remote", "get-url", "origin"]);
  const known = asked.code === 0 ? asked.stdout.trim() : undefined;
  if (remote === undefined || known === remote || known === addressOf(remote)) return known;
  if (known !== undefined) {
    throw new Fault("FILE_IN_THE_WAY", `${checkout.folder} belongs to ${known} already`, {
      hint: "Name another folder, or leave --remote out.",
    });
  }
  await git(checkout, ["remote", "add", "origin", addressOf(remote)]);
  return remote;
}

async function catchUp(checkout: Checkout, branch: string): Promise<void> {
  if (!(await exists(checkout, "HEAD"))) {
    await git(checkout, ["reset", "--hard", `refs/remotes/origin/${branch}`]);
    return;
  }
  const merged = await tryGit(checkout, ["merge", "--ff-only", `refs/remotes/origin/${branch}`]);
  if (merged.code === 0) return;
  throw new Fault(
    "FILE_IN_THE_WAY",
    `${checkout.folder} and its remote have gone different ways on ${branch}`,
    {
      hint: "Merge them by hand (`git pull`), then run this again.",
      cause: merged.stderr,
    },
  );
}

async function exists(checkout: Checkout, ref: string): Promise<boolean> {
  return (await tryGit(checkout, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`])).code === 0;
}

async function git(
  checkout: Checkout,
  args: string[],
  { verb, remote }: { verb: "fetch" | "local"; remote: string } = { verb: "local", remote: checkout.folder },
): Promise<GitExit> {
  const exit = await tryGit(checkout, args);
  if (exit.code !== 0) throw gitFault({ verb, remote, cache: checkout.folder }, exit);
  return exit;
}

function tryGit({ folder, env }: Checkout, args: string[]): Promise<GitExit> {
  return runGit(["-C", folder, ...args], { env, deadlineMs: 120_000 });
}
