import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type { Exit, Launch, Running, TaskProcess } from "../../ports/task-process.ts";
import { markerOf, markerVariable, nobody, reunite } from "./family.ts";
import { GroupTree } from "./group-tree.ts";
import { ProcTree } from "./proc-tree.ts";
import { type Proc, dieFirst, listProcs, signalProc } from "./proc-table.ts";
import { type Patience, RunningTree } from "./running.ts";

/**
 * A child in a session of its own, and everything that descends from it or carries its marker. It needs nothing from
 * the machine. A process that leaves its session, its parent and its environment between two looks gets away.
 */
export class PlainTaskProcess implements TaskProcess {
  readonly driver = "plain";
  readonly #owner: string;
  readonly #patience: Partial<Patience>;
  readonly #live = new Set<string>();

  /** @param owner told apart from other nodes on the same machine by this */
  constructor(owner: string, given: Partial<Patience> = {}) {
    this.#owner = owner;
    this.#patience = given;
  }

  start(marker: string, launch: Launch): Running {
    const fullMarker = `${this.#owner}/${marker}`;
    const child = spawnApart(launch, fullMarker);
    if (child instanceof Error || child.pid === undefined) return neverStarted(launch, child);
    if (isLinux) dieFirst(child.pid);
    const tree = isLinux ? new ProcTree(child.pid, fullMarker) : new GroupTree(child.pid);
    const running = new RunningTree(child, tree, this.#patience);
    this.#live.add(fullMarker);
    void running.exit.finally(() => this.#live.delete(fullMarker));
    return running;
  }

  async sweep(): Promise<number> {
    if (!isLinux) return 0;
    const ended = new Set<string>();
    const isMarked = (proc: Proc) => this.#isLeftover(markerOf(proc));
    for (let family = nobody, round = 0; round < 200; round++) {
      family = reunite(family, { table: listProcs(), self: process.pid, isMarked });
      if (family.members.length === 0) break;
      for (const proc of family.members) {
        if (signalProc(proc, "SIGKILL")) ended.add(`${proc.pid} ${proc.started}`);
      }
      await sleep(20);
    }
    return ended.size;
  }

  #isLeftover(marker: string | undefined): boolean {
    return marker !== undefined && marker.startsWith(`${this.#owner}/`) && !this.#live.has(marker);
  }
}

const isLinux = process.platform === "linux";

function spawnApart(launch: Launch, marker: string): ChildProcess | Error {
  const [program, ...args] = launch.argv;
  try {
    const child = spawn(program, args, {
      cwd: launch.cwd,
      env: { ...launch.env, [markerVariable]: marker },
      detached: true,
      stdio: [launch.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    child.stdout?.on("data", (chunk: Buffer) => launch.onStdout(chunk));
    child.stderr?.on("data", (chunk: Buffer) => launch.onStderr(chunk));
    // Whoever does not read all of its input has closed the pipe; that is no failure.
    child.stdin?.on("error", () => {});
    child.stdin?.end(launch.input);
    return child;
  } catch (error) {
    // What is wrong with the arguments themselves, such as their size, Node throws instead of reporting.
    return error instanceof Error ? error : new Error(String(error));
  }
}

function neverStarted(launch: Launch, child: ChildProcess | Error): Running {
  return { exit: whyNotStarted(launch, child), stop: () => Promise.resolve() };
}

async function whyNotStarted({ argv: [program], cwd }: Launch, child: ChildProcess | Error): Promise<Exit> {
  const error =
    child instanceof Error ? child : await new Promise<Error>((resolve) => child.once("error", resolve));
  try {
    accessSync(cwd, constants.X_OK);
  } catch {
    return { kind: "not-started", why: `the working directory ${cwd} cannot be entered` };
  }
  const code = "code" in error ? String(error.code) : "";
  const reasons: Record<string, string> = {
    ENOENT: `${program} is not there`,
    EACCES: `${program} may not be executed`,
  };
  return { kind: "not-started", why: reasons[code] ?? error.message };
}
