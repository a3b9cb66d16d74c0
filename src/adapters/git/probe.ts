import { basename, dirname } from "node:path";

import { addressOf } from "./address.ts";
import { gitEnvironment } from "./environment.ts";
import { gitFault } from "./faults.ts";
import { trackingRef } from "./begin-cache.ts";
import { runGit } from "./run-git.ts";

export async function gitVersion(): Promise<string> {
  const { stdout } = await local(["version"]);
  return /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? stdout.trim();
}

/** Asks for the right to push without pushing anything. The cache must have been fetched. */
export async function pushProbe(to: {
  remote: string;
  branch: string;
  cache: string;
  sshCommand: string | undefined;
}): Promise<void> {
  const { remote, branch, cache, sshCommand } = to;
  const exit = await runGit(
    [
      "push",
      "--dry-run",
      "--porcelain",
      "--no-verify",
      addressOf(remote),
      `${trackingRef(branch)}:refs/heads/${branch}`,
    ],
    { env: { ...gitEnvironment({ sshCommand }), GIT_DIR: cache }, deadlineMs: 30_000 },
  );
  if (exit.code !== 0) throw gitFault({ verb: "push", remote, cache }, exit);
}

export async function hubRefuses(folder: string): Promise<{ force: boolean; deletes: boolean }> {
  const isOn = async (name: string) => {
    const { stdout } = await local(["config", "--type=bool", "--get", name], { GIT_DIR: folder });
    return stdout.trim() === "true";
  };
  return { force: await isOn("receive.denyNonFastForwards"), deletes: await isOn("receive.denyDeletes") };
}

/** False too where there is no repository at all. */
export async function isTracked(file: string): Promise<boolean> {
  const exit = await local(["-C", dirname(file), "ls-files", "--error-unmatch", "--", basename(file)]);
  return exit.code === 0;
}

function local(args: string[], env: Record<string, string> = {}) {
  return runGit(args, { env: gitEnvironment({ env }), deadlineMs: 10_000 });
}
