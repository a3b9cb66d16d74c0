import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { addressOf } from "./address.ts";
import { gitEnvironment } from "./environment.ts";
import { gitFault } from "./faults.ts";
import { runGit } from "./run-git.ts";

/**
 * A file as it last was while `text` stood in it; undefined when it never did. It needs the whole history, which no
 * cache has, so it takes a clone of its own for the time.
 */
export async function pastFile(from: {
  remote: string;
  branch: string;
  sshCommand: string | undefined;
  path: string;
  text: string;
}): Promise<string | undefined> {
  const { remote, branch, sshCommand, path, text } = from;
  const folder = await mkdtemp(join(tmpdir(), "pawl-past-"));
  const env = gitEnvironment({ sshCommand });
  try {
    const run = async (verb: "fetch" | "local", args: string[]) => {
      const exit = await runGit(args, { env: { ...env, GIT_DIR: folder }, deadlineMs: 300_000 });
      if (exit.code !== 0) throw gitFault({ verb, remote, cache: folder }, exit);
      return exit.stdout;
    };
    await run("local", ["init", "--quiet", "--bare", "--template=", folder]);
    await run("fetch", [
      "fetch",
      "--no-tags",
      addressOf(remote),
      `refs/heads/${branch}:refs/heads/${branch}`,
    ]);
    const found = await run("local", ["log", "-1", "--format=%H", `-S${text}`, branch, "--", path]);
    const commit = found.trim();
    if (commit === "") return undefined;
    const now = await run("local", ["show", `${commit}:${path}`]);
    return now.includes(text) ? now : await run("local", ["show", `${commit}^:${path}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
