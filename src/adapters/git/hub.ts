import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { Fault } from "../../fault.ts";
import { gitEnvironment } from "./environment.ts";
import { gitFault } from "./faults.ts";
import { makeFolder } from "./make-folder.ts";
import { runGit } from "./run-git.ts";

/** Touched by each push that was accepted: nodes on the hub's machine watch it and need not wait for their next poll. */
export const wakeFile = "pawl-wake";

/** A bare repository that keeps what it accepted, through a power cut too. Making it again corrects its settings. */
export async function makeHub(folder: string): Promise<void> {
  const path = resolve(folder);
  await claimFolder(path);
  await git(path, ["init", "--quiet", "--bare", "--initial-branch=main", "--template=", path]);
  for (const [name, value] of Object.entries(settings)) await git(path, ["config", name, value]);
  await mkdir(join(path, "hooks"), { recursive: true });
  const hook = join(path, "hooks", "post-receive");
  await writeFile(hook, `#!/bin/sh\necho pushed > ${wakeFile}\n`);
  await chmod(hook, 0o755);
}

/** In anything else, such as somebody's home, git would begin a repository between the files that are there. */
async function claimFolder(path: string): Promise<void> {
  await makeFolder(path);
  const names = await readdir(path);
  if (names.length === 0) return;
  const isRepository = ["HEAD", "config", "objects", "refs"].every((name) => names.includes(name));
  if (isRepository && (await isBare(path))) return;
  throw new Fault("FILE_IN_THE_WAY", `${path} has other things in it and is no bare repository`, {
    hint: "Name a folder that is empty or does not exist yet, such as ~/pawl-hub.git.",
  });
}

async function isBare(path: string): Promise<boolean> {
  const env = { ...gitEnvironment({}), GIT_DIR: path };
  const { stdout } = await runGit(["config", "--type=bool", "core.bare"], { env, deadlineMs: 30_000 });
  return stdout.trim() === "true";
}

const settings = {
  // By default git syncs nothing of a small push to disk.
  "core.fsync": "all",
  "core.fsyncMethod": "batch",
  "transfer.fsckObjects": "true",
  "receive.denyNonFastForwards": "true",
  "receive.denyDeletes": "true",
  // For the nodes' caches, which leave out large files until somebody reads them.
  "uploadpack.allowFilter": "true",
  "uploadpack.allowAnySHA1InWant": "true",
  // Each beat leaves an unreachable commit behind. Two weeks of them, the default, would have gc run again and again.
  "gc.pruneExpire": "1.day.ago",
};

async function git(folder: string, args: string[]): Promise<void> {
  const exit = await runGit(args, { env: { ...gitEnvironment({}), GIT_DIR: folder }, deadlineMs: 30_000 });
  if (exit.code !== 0) throw gitFault({ verb: "local", remote: folder, cache: folder }, exit);
}
