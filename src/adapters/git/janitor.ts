import { execFile } from "node:child_process";
import { readdir, readFile, readlink, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Longer than any push of ours may take to finish once it holds the lock. */
const staleAfterMs = 120_000;

/**
 * Removes the locks that killed pushes left behind in a hub, and that would make every later push fail. Leaves all as it
 * is while somebody pushes. Resolves to the paths it removed.
 */
export async function janitor(hub: string, now: Date): Promise<string[]> {
  const old: string[] = [];
  for (const lock of await locksIn(hub)) {
    const found = await stat(lock).catch(() => undefined);
    if (found && now.getTime() - found.mtimeMs > staleAfterMs) old.push(lock);
  }
  if (old.length === 0 || (await isReceiving(await realpath(hub)))) return [];
  await Promise.all(old.map((lock) => rm(lock, { force: true })));
  return old;
}

async function locksIn(hub: string): Promise<string[]> {
  const below = await readdir(join(hub, "refs"), { recursive: true });
  const refs = below.filter((path) => path.endsWith(".lock")).map((path) => join("refs", path));
  return ["HEAD.lock", "packed-refs.lock", ...refs].map((path) => join(hub, path));
}

async function isReceiving(hub: string): Promise<boolean> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return anyReceiver();
  for (const pid of pids) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!command.includes("receive-pack")) continue;
    // receive-pack works inside its repository. One that we may not look at could be in ours.
    const folder = await readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? undefined : hub,
    );
    if (folder === hub) return true;
  }
  return false;
}

/** Where there is no /proc nobody tells which repository a receive-pack works in. */
async function anyReceiver(): Promise<boolean> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "args="]);
  return stdout.includes("receive-pack");
}
