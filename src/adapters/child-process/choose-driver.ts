import { spawn } from "node:child_process";
import { once } from "node:events";

import type { TaskProcess } from "../../ports/task-process.ts";
import { CgroupFolder } from "./cgroup-folder.ts";
import { CgroupTaskProcess, startInside } from "./cgroup.ts";
import { PlainTaskProcess } from "./plain.ts";

/** The best driver that was seen to work on this machine a moment ago. */
export async function chooseDriver(owner: string): Promise<TaskProcess> {
  const home = CgroupFolder.ofThisProcess();
  return home && (await canHold(home, owner))
    ? new CgroupTaskProcess(owner, { home })
    : new PlainTaskProcess(owner);
}

/** Whether a process can be started in a cgroup below this one, and be ended there, while we get out again. */
export async function canHold(home: CgroupFolder, owner: string): Promise<boolean> {
  const folder = home.makeChild(`pawl@${owner}@probe`);
  if (!folder) return false;
  const canary = startInside(folder, home, () => spawn("sleep", ["5"], { stdio: "ignore" }));
  const ended = once(canary, "exit");
  const inside = folder.pids();
  const isHeld = folder.canKill && inside.length === 1 && inside[0] === canary.pid;
  if (isHeld) folder.killOthers();
  else canary.kill("SIGKILL");
  await ended;
  return folder.remove() && isHeld;
}
