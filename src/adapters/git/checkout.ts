import { readdir } from "node:fs/promises";
import { resolve } from "node:path";

import { Fault } from "../../fault.ts";
import { addressOf } from "./address.ts";
import type { Author } from "./commit.ts";
import { gitEnvironment, type Env } from "./environment.ts";
import { gitFault, type Doing } from "./faults.ts";
import { makeFolder } from "./make-folder.ts";
import { runGit, type GitExit } from "./run-git.ts";
import { simpleGitIn } from "./simple.ts";

/** A work tree for people, as `pawl init` makes one; nodes never use one. */
export type Checkout = { folder: string; env: Env };

/** Clones `remote` into an empty or new folder; without a remote begins a repository with the branch `main`. */
export async function cloneOrInit(folder: string, remote?: string, sshCommand?: string): Promise<Checkout> {
  const checkout = { folder: resolve(folder), env: gitEnvironment({ sshCommand }) };
  await makeFolder(checkout.folder);
  if ((await readdir(checkout.folder)).length > 0) {
    throw new Fault("FILE_IN_THE_WAY", `${checkout.folder} is not empty`, {
      hint: "Name a folder that is empty or does not exist yet.",
    });
  }
  if (remote === undefined) {
    await simpleGitIn(checkout.folder, checkout.env).raw(["init", "--initial-branch=main"]);
  } else {
    const exit = await network(checkout, ["clone", "--", addressOf(remote), checkout.folder]);
    if (exit.code !== 0) throw gitFault(doing(checkout, "fetch", remote), exit);
  }
  return checkout;
}

/** Commits whatever changed. Returns the commit, or undefined when there was nothing to commit. */
export async function commitAll(
  checkout: Checkout,
  message: string,
  { name, email }: Author,
): Promise<string | undefined> {
  const config = [`user.name=${name}`, `user.email=${email}`, "commit.gpgSign=false"];
  const git = simpleGitIn(checkout.folder, checkout.env, config);
  await git.raw(["add", "--all", "--verbose"]);
  if ((await git.raw(["status", "--porcelain"])) === "") return undefined;
  await git.raw(["commit", "--no-verify", `--message=${message}`]);
  return (await git.raw(["rev-parse", "HEAD"])).trim();
}

/** The first push of a branch; rejects with FILE_IN_THE_WAY when the branch has commits that ours does not have. */
export async function pushFirst(checkout: Checkout, branch: string, remote: string): Promise<void> {
  const exit = await network(checkout, [
    "-C",
    checkout.folder,
    "push",
    "--porcelain",
    "--no-verify",
    addressOf(remote),
    `HEAD:refs/heads/${branch}`,
  ]);
  if (exit.code === 0) return;
  if (/\[rejected\]/.test(exit.stdout)) {
    throw new Fault("FILE_IN_THE_WAY", `${remote} has commits on ${branch} already`, {
      hint: "Clone it instead, or name a branch that does not exist yet.",
    });
  }
  throw gitFault(doing(checkout, "push", remote), exit);
}

function network({ env }: Checkout, args: string[]): Promise<GitExit> {
  return runGit(args, { env, deadlineMs: 120_000 });
}

function doing({ folder }: Checkout, verb: Doing["verb"], remote: string): Doing {
  return { verb, remote, cache: folder };
}
