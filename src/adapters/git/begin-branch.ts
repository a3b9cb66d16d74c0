import { rm } from "node:fs/promises";
import { resolve } from "node:path";

import { encodeText } from "../../format/bytes.ts";
import { addressOf } from "./address.ts";
import type { Author } from "./commit.ts";
import { gitEnvironment, type Env } from "./environment.ts";
import { gitFault } from "./faults.ts";
import { runGit, type GitExit } from "./run-git.ts";

export type Beginning = {
  /** An address as git takes it, or a path. */
  remote: string;
  branch: string;
  /** Works there and leaves nothing behind. */
  folder: string;
  author: Author;
  now: Date;
  message: string;
  files: ReadonlyMap<string, string>;
  sshCommand?: string | undefined;
  env?: Env;
};

/**
 * Begins a branch of the remote that shares no history with the others. It is there afterwards, be it by us or by
 * somebody who was faster; what that one put there stays.
 */
export async function beginBranch(beginning: Beginning): Promise<void> {
  const { remote, branch, sshCommand, env } = beginning;
  const folder = resolve(beginning.folder);
  const outside = gitEnvironment({ sshCommand, env });
  const inside = { ...outside, GIT_DIR: folder };
  const doing = { remote, cache: folder };
  const git = async (args: string[], input?: Buffer): Promise<GitExit> =>
    runGit(args, {
      env: args[0] === "init" ? outside : inside,
      deadlineMs: 120_000,
      ...(input ? { input } : {}),
    });
  await rm(folder, { recursive: true, force: true });
  try {
    const init = await git(["init", "--quiet", "--bare", "--template=", folder]);
    if (init.code !== 0) throw gitFault({ verb: "local", ...doing }, init);
    const made = await git(["fast-import", "--quiet", "--done"], firstCommit(beginning));
    if (made.code !== 0) throw gitFault({ verb: "local", ...doing }, made);
    const pushed = await git([
      "push",
      "--porcelain",
      "--no-verify",
      addressOf(remote),
      `refs/pawl/first:refs/heads/${branch}`,
    ]);
    if (pushed.code !== 0 && !/\[rejected\]/.test(pushed.stdout))
      throw gitFault({ verb: "push", ...doing }, pushed);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The stream that `git fast-import` reads. */
function firstCommit({ author: { name, email }, now, message, files }: Beginning): Buffer {
  const data = (text: string) => `data ${encodeText(text).length}\n${text}\n`;
  const seconds = Math.floor(now.getTime() / 1000);
  const head = `commit refs/pawl/first\ncommitter ${name} <${email}> ${seconds} +0000\n${data(message)}`;
  const changes = [...files].map(([path, text]) => `M 100644 inline ${JSON.stringify(path)}\n${data(text)}`);
  return encodeText(`${head}${changes.join("")}\ndone\n`);
}
