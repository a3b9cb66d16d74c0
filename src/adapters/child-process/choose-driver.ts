import { spawn } from "node:child_process";
import { once } from "node:events";

import type { TaskProcess } from "../../ports/task-process.ts";
import { CgroupFolder } from "./cgroup-folder.ts";
import { CgroupTaskProcess } from "./cgroup.ts";
import { PlainTaskProcess } from "./plain.ts";

/** The best driver that was seen to work on this machine a moment ago. */
export async function chooseDriver(owner: string): Promise<TaskProcess> {
  const home = CgroupFolder.ofThisProcess();
  return home && (await canHold(home, owner))
    ? new CgroupTaskProcess(owner, { home })
    : new PlainTaskProcess(owner);
}

/** Whether a process can be put into a cgroup below this one and be ended there. */
export async function canHold(home: CgroupFolder, owner: string): Promise<boolean> {
  const folder = home.makeChild(`pawl@${owner}@probe`);
  if (!folder) return false;
  const canary = spawn("sleep", ["5"], { stdio: "ignore" });
  const ended = once(canary, "exit");
  const isHeld = canary.pid !== undefined && folder.canKill && folder.take(canary.pid);
  if (isHeld) folder.kill();
  else canary.kill("SIGKILL");
  await ended;
  return folder.remove() && isHeld;
}
