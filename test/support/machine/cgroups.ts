import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Cgroups of a machine's own, in cgroup v2 and, where the host has it as well, in systemd's v1 hierarchy. They are all
 * that a machine can leave behind when its test is killed: each has the test's pid in its name, and the next test
 * removes those of the dead.
 */
export async function makeCgroups(name: string): Promise<string[]> {
  await sweep();
  const made = mountPoints().map((at) => join(at, `pawl-machine-${process.pid}-${name}`));
  for (const path of made) await mkdir(path);
  return made;
}

/** Ends what still runs in them, and waits for its end. */
export async function removeCgroups(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await writeFile(join(path, "cgroup.kill"), "1").catch(() => undefined);
    for (let tries = 0; tries < 200 && existsSync(path); tries++) {
      await removeTree(path);
      if (existsSync(path)) await sleep(50);
    }
  }
}

export function hasCgroup2(): boolean {
  return mountPoints().length > 0;
}

function mountPoints(): string[] {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const at = (end: RegExp) => mounts.find((line) => end.test(line))?.split(" ")[4];
  const two = at(/ - cgroup2 /);
  return two === undefined ? [] : [two, at(/ - cgroup .*name=systemd/)].filter((path) => path !== undefined);
}

async function sweep(): Promise<void> {
  for (const at of mountPoints()) {
    for (const folder of readdirSync(at)) {
      const pid = /^pawl-machine-(\d+)-/.exec(folder)?.[1];
      if (pid !== undefined && !existsSync(`/proc/${pid}`)) await removeCgroups([join(at, folder)]);
    }
  }
}

/** Of a cgroup only the folders can be removed, from the leaves on; one that somebody else removed is fine. */
async function removeTree(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(path, entry.name));
  await rmdir(path).catch(() => undefined);
}
