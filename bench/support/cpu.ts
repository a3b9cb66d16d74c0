import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";

/** Seconds of processor time of this process so far. */
export function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds of processor time of all its children, and theirs, that have been waited for. */
export async function childSeconds(): Promise<number> {
  const stat = await readFile("/proc/self/stat", "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(13, 15);
  return (Number(user) + Number(system)) / ticksASecond;
}

const ticksASecond = Number(execFileSync("getconf", ["CLK_TCK"]).toString());
