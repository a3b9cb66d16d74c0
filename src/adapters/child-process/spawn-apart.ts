import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, closeSync, constants } from "node:fs";
import type { Readable } from "node:stream";

import type { Exit, Launch, Running } from "../../ports/task-process.ts";
import { closePipes, makePipes, type Pipes } from "./pipes.ts";

/**
 * A launch whose program is a keeper: it runs the task's own program, writes to the file `statusFd` (its descriptor 3)
 * how that went, and ends when that one has ended.
 */
export type ChildLaunch = Launch & { keeper?: { name: string; statusFd: number } };

type Started = { kind: "started"; child: ChildProcess; pid: number; outputs: readonly Readable[] };
type NotStarted = { kind: "not-started"; running: Running };

/** Starts the program in a session of its own and hands over what it prints. */
export function spawnApart(launch: ChildLaunch, env: Launch["env"]): Started | NotStarted {
  let pipes: Pipes | undefined;
  try {
    pipes = makePipes();
    const child = spawnInto(pipes, launch, env);
    if (child.pid !== undefined) return connected(child, child.pid, pipes, launch);
    closePipes(pipes);
    return notStarted(launch, errorOf(child));
  } catch (error) {
    // What is wrong with the arguments themselves, such as their size, Node throws instead of reporting.
    if (pipes) closePipes(pipes);
    return notStarted(launch, Promise.resolve(error));
  }
}

function spawnInto(
  { stdout, stderr }: Pipes,
  { argv: [program, ...args], cwd, input, keeper }: ChildLaunch,
  env: Launch["env"],
) {
  const child = spawn(program, args, {
    cwd,
    env,
    detached: true,
    stdio: [
      input === undefined ? "ignore" : "pipe",
      stdout.writeEnd,
      stderr.writeEnd,
      ...(keeper ? [keeper.statusFd] : []),
    ],
  });
  // Whoever does not read all of its input has closed the pipe; that is no failure.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  return child;
}

function connected(child: ChildProcess, pid: number, { stdout, stderr }: Pipes, launch: Launch): Started {
  closeSync(stdout.writeEnd);
  closeSync(stderr.writeEnd);
  stdout.readEnd.on("data", (chunk: Buffer) => launch.onStdout(chunk));
  stderr.readEnd.on("data", (chunk: Buffer) => launch.onStderr(chunk));
  return { kind: "started", child, pid, outputs: [stdout.readEnd, stderr.readEnd] };
}

function errorOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once("error", resolve));
}

function notStarted(launch: Launch, error: Promise<unknown>): NotStarted {
  const exit = error.then((cause): Exit => ({ kind: "not-started", why: reason(launch, cause) }));
  const running: Running = { exit, hasEnded: true, stop: () => Promise.resolve(), usage: () => ({}) };
  return { kind: "not-started", running };
}

function reason({ argv: [program], cwd }: Launch, error: unknown): string {
  if (!canEnter(cwd)) return `the working directory ${cwd} cannot be entered`;
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `${program} is not there`;
  if (code === "EACCES") return `${program} may not be executed`;
  return error.message;
}

function canEnter(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
