import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";

/** A process as the kernel numbers it. Pid and start together name it for ever: pids are used again. */
export type Proc = {
  pid: number;
  parent: number;
  session: number;
  /** Clock ticks since the machine was started. */
  started: number;
};

/** Every process on this Linux machine that can still do something. */
export function listProcs(): Proc[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => findProc(Number(name)) ?? []);
}

/** Undefined when there is no such process, and for a zombie, which only waits for its parent to look. */
export function findProc(pid: number): Proc | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name of the program stands in brackets and may itself contain brackets, spaces and line ends.
  const [state = "", parent, , session, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const threads = Number(rest[13]);
  if ("ZXx".includes(state) && threads < 2) return undefined;
  return { pid, parent: Number(parent), session: Number(session), started: Number(rest[15]) };
}

export function isSame(a: Proc, b: Proc | undefined): boolean {
  return a.pid === b?.pid && a.started === b.started;
}

/** The variables a process of our own user was started with, as `NAME=value`; none of anybody else's. */
export function environmentOf({ pid }: Proc): string[] {
  if (ownerOf(pid) !== process.geteuid?.()) return [];
  return (readProc(`/proc/${pid}/environ`) ?? "").split("\0");
}

/** Sends to exactly this process; says whether it was reached. */
export function signalProc(proc: Proc, signal: NodeJS.Signals): boolean {
  if (!isSame(proc, findProc(proc.pid))) return false;
  try {
    return process.kill(proc.pid, signal);
  } catch (error) {
    if (isOneOf(error, ["ESRCH", "EPERM"])) return false;
    throw error;
  }
}

/** The name of its program, cut off at 15 characters; empty for one that is gone. */
export function nameOf({ pid }: Proc): string {
  return (readProc(`/proc/${pid}/comm`) ?? "").trimEnd();
}

/** When memory runs out, the kernel shall take the task and not the worker whose preference it inherited. */
export function dieFirst(pid: number): void {
  whileItLasts(() => writeFileSync(`/proc/${pid}/oom_score_adj`, "500"));
}

function ownerOf(pid: number): number | undefined {
  return whileItLasts(() => statSync(`/proc/${pid}`).uid);
}

function readProc(path: string): string | undefined {
  return whileItLasts(() => readFileSync(path, "latin1"));
}

/** Processes end while one looks at them, and some do not let themselves be looked at. */
function whileItLasts<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isOneOf(error, ["ENOENT", "ESRCH", "EACCES", "EPERM"])) return undefined;
    throw error;
  }
}

function isOneOf(error: unknown, codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
