import { setTimeout as sleep } from "node:timers/promises";

import type { Running, TaskProcess } from "../../ports/task-process.ts";
import type { CgroupFolder } from "./cgroup-folder.ts";
import type { Limits } from "./limits.ts";
import { PlainTaskProcess } from "./plain.ts";
import type { Room } from "./room.ts";
import type { Patience } from "./running.ts";
import type { ChildLaunch } from "./spawn-apart.ts";

/**
 * The plain driver, with each attempt in a cgroup of its own below ours: there a descendant is found whatever it does
 * to its session, parent and environment, and SIGKILL reaches all at one stroke, however fast they fork.
 */
export class CgroupTaskProcess implements TaskProcess {
  readonly driver = "cgroup";
  readonly #plain: PlainTaskProcess;
  readonly #room: Room;
  readonly #limits: Limits;
  readonly #prefix: string;
  readonly #live = new Set<string>();

  constructor(
    owner: string,
    { room, limits = {}, ...given }: Partial<Patience> & { room: Room; limits?: Limits },
  ) {
    this.#room = room;
    this.#limits = limits;
    this.#prefix = `pawl@${owner}@`;
    this.#plain = new PlainTaskProcess(owner, given, (marker) => this.#enclose(marker));
  }

  start(marker: string, launch: ChildLaunch): Running {
    return this.#plain.start(marker, launch);
  }

  async sweep(): Promise<number> {
    const leftovers = this.#room.home
      .children()
      .filter(({ name }) => name.startsWith(this.#prefix) && !this.#live.has(name))
      .map(({ folder }) => folder);
    const inside = new Set(leftovers.flatMap((folder) => folder.pids()));
    for (const folder of leftovers) await clear(folder);
    return inside.size + (await this.#plain.sweep());
  }

  #enclose(marker: string) {
    const name = this.#prefix + marker.replaceAll("/", "_");
    const folder = this.#room.home.makeChild(name);
    if (!folder) return undefined;
    this.#live.add(name);
    return {
      around: <T>(start: () => T) => {
        const started = startInside(folder, this.#room.seat, start);
        // Not before we are out again: they would count and hit us.
        folder.limit(this.#limits);
        return started;
      },
      usage: () => folder.usage(),
      pids: () => folder.pids(),
      kill: () => folder.killOthers(),
      remove: () => {
        folder.remove();
        this.#live.delete(name);
      },
    };
  }
}

/**
 * A child is born in its parent's cgroup. So we go in for as long as the start takes: whoever moves the child
 * afterwards may come too late for its first grandchild.
 */
export function startInside<T>(folder: CgroupFolder, seat: CgroupFolder, start: () => T): T {
  folder.take(process.pid);
  try {
    return start();
  } finally {
    seat.take(process.pid);
  }
}

async function clear(folder: CgroupFolder): Promise<void> {
  for (let round = 0; round < 200; round++) {
    folder.killOthers();
    if (folder.remove()) return;
    await sleep(20);
  }
}
