import { setTimeout as sleep } from "node:timers/promises";

import type { Running, TaskProcess, Usage } from "../../ports/task-process.ts";
import { markerOf, markerVariable, nobody, reunite } from "./family.ts";
import { GroupTree } from "./group-tree.ts";
import { type Enclosure, ProcTree } from "./proc-tree.ts";
import { type Proc, listProcs, signalProc } from "./proc-table.ts";
import { type Patience, RunningTree } from "./running.ts";
import { type ChildLaunch, spawnApart } from "./spawn-apart.ts";

/**
 * A child in a session of its own, and everything that descends from it or carries its marker. It needs nothing from
 * the machine. A process that leaves its session, its parent and its environment between two looks gets away.
 */
export class PlainTaskProcess implements TaskProcess {
  readonly driver = "plain";
  readonly #owner: string;
  readonly #patience: Partial<Patience>;
  readonly #enclose: Enclose | undefined;
  readonly #live = new Set<string>();

  /**
   * @param owner told apart from other nodes on the same machine by this
   * @param enclose makes something to start a program in that holds whatever it starts
   */
  constructor(owner: string, given: Partial<Patience> = {}, enclose?: Enclose) {
    this.#owner = owner;
    this.#patience = given;
    this.#enclose = enclose;
  }

  start(marker: string, launch: ChildLaunch): Running {
    const fullMarker = `${this.#owner}/${marker}`;
    const env = { ...launch.env, [markerVariable]: fullMarker };
    const enclosure = this.#enclose?.(marker);
    const started = enclosure ? enclosure.around(() => spawnApart(launch, env)) : spawnApart(launch, env);
    if (started.kind === "not-started") {
      enclosure?.remove();
      return started.running;
    }
    const { child, pid, outputs } = started;
    const tree = isLinux
      ? new ProcTree(pid, { marker: fullMarker, enclosure, keeper: launch.keeper?.name })
      : new GroupTree(pid);
    const measure = () => enclosure?.usage() ?? {};
    const running = new RunningTree(child, { tree, outputs, given: this.#patience, measure });
    this.#live.add(fullMarker);
    void running.exit.finally(() => {
      this.#live.delete(fullMarker);
      enclosure?.remove();
    });
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

type Enclose = (
  marker: string,
) => (Enclosure & { around<T>(start: () => T): T; usage(): Usage; remove(): void }) | undefined;

const isLinux = process.platform === "linux";
