import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { gitEnvironment } from "./environment.ts";
import { gitFault } from "./faults.ts";
import { runGit } from "./run-git.ts";

/** Touched by each push that was accepted: nodes on the hub's machine watch it and need not wait for their next poll. */
export const wakeFile = "pawl-wake";

/** A bare repository that keeps what it accepted, through a power cut too. Making it again corrects its settings. */
export async function makeHub(folder: string): Promise<void> {
  const path = resolve(folder);
  await mkdir(path, { recursive: true });
  await git(path, ["init", "--quiet", "--bare", "--initial-branch=main", "--template=", path]);
  for (const [name, value] of Object.entries(settings)) await git(path, ["config", name, value]);
  await mkdir(join(path, "hooks"), { recursive: true });
  const hook = join(path, "hooks", "post-receive");
  await writeFile(hook, `#!/bin/sh\necho pushed > ${wakeFile}\n`);
  await chmod(hook, 0o755);
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
