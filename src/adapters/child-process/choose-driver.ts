import { spawn } from "node:child_process";
import { once } from "node:events";

import type { TaskProcess } from "../../ports/task-process.ts";
import { BwrapTaskProcess } from "./bwrap.ts";
import type { Confinement } from "./bwrap-mounts.ts";
import { CgroupFolder } from "./cgroup-folder.ts";
import { CgroupTaskProcess, startInside } from "./cgroup.ts";
import { hasLimits, type Limits } from "./limits.ts";
import { PlainTaskProcess } from "./plain.ts";
import { tryBwrap } from "./try-bwrap.ts";
import { roomAt, takeRoom, type Room } from "./room.ts";

export type Wishes = {
  /** Undefined: tasks may see what the worker's user sees. */
  confinement: Confinement | undefined;
  limits?: Limits;
  /** Only looks: this process stays in the cgroup it is in, though the kernel may not measure tasks there. */
  onlyLook?: boolean;
};

/** Something that is better elsewhere, and how to have it here. */
export type Shortcoming = { of: "sandbox" | "cgroup" | "limits"; why: string; todo: string };

export type Choice = { processes: TaskProcess; shortcomings: readonly Shortcoming[] };

/** The best driver that was seen to work on this machine a moment ago. */
export async function chooseDriver(
  owner: string,
  { confinement, limits = {}, onlyLook = false }: Wishes,
): Promise<Choice> {
  const held = await cgroupDriver(owner, { limits, onlyLook });
  const shortcomings = [...held.shortcomings];
  if (confinement === undefined) return { processes: held.processes, shortcomings };
  const bwrap = new BwrapTaskProcess(held.processes, confinement);
  const trouble = await tryBwrap(bwrap);
  if (trouble === undefined) return { processes: bwrap, shortcomings };
  return { processes: held.processes, shortcomings: [{ of: "sandbox", ...trouble }, ...shortcomings] };
}

async function cgroupDriver(
  owner: string,
  { limits, onlyLook }: { limits: Limits; onlyLook: boolean },
): Promise<Choice & { processes: PlainTaskProcess | CgroupTaskProcess }> {
  const own = CgroupFolder.ofThisProcess();
  const room = own && (onlyLook ? roomAt(own) : takeRoom(own, process.pid));
  const holds = room && (await canHold(room, owner, limits));
  const isLimited = holds === "with limits" || !hasLimits(limits);
  const shortcomings: Shortcoming[] = [
    ...(holds ? [] : [noCgroup(own)]),
    ...(isLimited ? [] : [noLimits(room)]),
  ];
  const processes =
    room && holds ? new CgroupTaskProcess(owner, { room, limits }) : new PlainTaskProcess(owner);
  return { processes, shortcomings };
}

/** Whether a process can be started in a cgroup of ours, be limited and be ended there, while we get out again. */
export async function canHold(
  { home, seat }: Room,
  owner: string,
  limits: Limits = {},
): Promise<"with limits" | "without limits" | false> {
  const folder = home.makeChild(`pawl@${owner}@probe`);
  if (!folder) return false;
  const canary = startInside(folder, seat, () => spawn("sleep", ["5"], { stdio: "ignore" }));
  const ended = once(canary, "exit");
  const inside = folder.pids();
  const isHeld = folder.canKill && inside.length === 1 && inside[0] === canary.pid;
  const isLimited = isHeld && folder.limit(limits);
  if (isHeld) folder.killOthers();
  else canary.kill("SIGKILL");
  await ended;
  if (!folder.remove() || !isHeld) return false;
  return isLimited ? "with limits" : "without limits";
}

function noCgroup(own: CgroupFolder | undefined): Shortcoming {
  return {
    of: "cgroup",
    why: own ? "no cgroup may be made below the one this process is in" : "this machine has no cgroup v2",
    todo: "Run the worker as a systemd unit with `Delegate=yes`: then nothing a task starts gets away, and limits hold.",
  };
}

function noLimits(room: Room | undefined): Shortcoming {
  const has = room?.home.controllers() ?? [];
  const missing = ["memory", "pids", "cpu"].filter((name) => !has.includes(name));
  return {
    of: "limits",
    why:
      missing.length > 0
        ? `the kernel lets us control no ${missing.join(", ")} here`
        : "other processes are in the same cgroup as the worker",
    todo: "Run the worker as a systemd unit of its own with `Delegate=yes`, or take `limits` out of the configuration.",
  };
}
