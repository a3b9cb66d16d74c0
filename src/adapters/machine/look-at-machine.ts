import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { uptime } from "node:os";
import { promisify } from "node:util";

import type { MachineSeen } from "../../core/machine-report.ts";

const patienceMs = 10_000;

/** How the machine is; whatever cannot be told of the unit is left out, since the rest is worth telling all the same. */
export async function lookAtMachine({
  unit,
  folder,
}: {
  unit: string;
  folder: string;
}): Promise<MachineSeen> {
  const [memory, disk, service] = await Promise.all([
    readFile("/proc/meminfo", "utf8").catch(() => ""),
    statfs(existsSync(folder) ? folder : "/"),
    lookAtService(unit),
  ]);
  return {
    ...(service && { service }),
    upSeconds: Math.round(uptime()),
    memoryFreeMb: megabytesIn(memory, "MemAvailable"),
    swapFreeMb: megabytesIn(memory, "SwapFree"),
    diskFreeMb: Math.floor((disk.bavail * disk.bsize) / 2 ** 20),
    rebootPending: existsSync("/run/reboot-required"),
  };
}

async function lookAtService(unit: string): Promise<MachineSeen["service"]> {
  const asked = ["show", unit, "--property=LoadState,ActiveState,SubState,Result,NRestarts"];
  const said = await promisify(execFile)("systemctl", asked, { timeout: patienceMs }).catch(() => undefined);
  const lines = said?.stdout.split("\n").map((line) => line.split(/=(.*)/s)) ?? [];
  const has = new Map(lines.map(([key = "", value = ""]) => [key, value]));
  if (has.get("LoadState") !== "loaded") return undefined;
  return {
    unit,
    active: has.get("ActiveState") ?? "",
    sub: has.get("SubState") ?? "",
    result: has.get("Result") ?? "",
    restarts: Number(has.get("NRestarts") ?? 0),
  };
}

function megabytesIn(memory: string, name: string): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(memory)?.[1];
  return Math.floor(Number(kilobytes ?? 0) / 1024);
}
