import type { Event } from "../../src/core/event.ts";
import type { TaskId } from "../../src/core/ids.ts";
import type { Step } from "../../src/ledger/step.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";
import { pollSeconds } from "./traits.ts";
import type { World } from "./world.ts";

/** A pause is up to a fifth longer than a poll; then there are some questions to the hub, and writes to a disk. */
const pollMs = 1.2 * pollSeconds * 1000 + 5000;

/** For so long a question that was sent over a bad network may still be waited for. */
const echoMs = 30_000;

/**
 * I6, from the commit on: what is cancelled on the hub is stopped within one poll and the grace. It holds for a worker
 * whose network and machine are well all the while, and who had no reason to pause longer when it began.
 */
export class CancelWatch {
  readonly #world: World;
  /** When a worker's last trouble was over; Infinity while it lasts. */
  readonly #troubledMs = new Map<Machine, number>();

  constructor(world: World) {
    this.#world = world;
  }

  heard(machine: Machine, event: Event): void {
    if (event.kind === "remote-trouble") this.#troubledMs.set(machine, Infinity);
    if (event.kind === "remote-back" || event.kind === "node-started")
      this.#troubledMs.set(machine, this.#world.timeline.nowMs);
  }

  landed({ before, after }: Step): void {
    for (const { id, state } of after.tasks) {
      const was = before.tasks.find((task) => task.id === id)?.state.kind;
      if (state.kind === "cancelled" && was === "running") this.#cancelled(id);
    }
  }

  #cancelled(id: TaskId): void {
    const { machines, pace, timeline, counts, judge } = this.#world;
    const sinceMs = timeline.nowMs;
    const { edits, rewinds } = counts;
    for (const machine of machines) {
      for (const process of machine.processes) {
        if (process.task.id !== id || process.life !== machine.lives || !this.#isSwift) continue;
        timeline.after(pollMs + pace.grace * 1000, () => {
          // A person may have taken the cancellation back, or have spoilt the section for a while.
          const stands = counts.edits === edits && counts.rewinds === rewinds;
          if (!process.isOver && stands && this.#wasWell(machine, process, sinceMs))
            judge.accuse("I6", `${machine.name} has gone on with ${id} since it was cancelled on the hub`);
        });
      }
    }
  }

  /** Nothing that is sent now gets lost, or takes longer than it has to. */
  get #isSwift(): boolean {
    const { timeline, traits } = this.#world;
    if (timeline.nowMs > traits.troubleMs + echoMs) return true;
    return traits.lossThere === 0 && traits.lossBack === 0 && traits.slow === 0;
  }

  #wasWell(machine: Machine, { life }: Process, sinceMs: number): boolean {
    const wasThere = machine.life !== undefined && machine.lives === life && !machine.stalled;
    const wasConnected = machine.network === "up" && machine.cutMs < sinceMs - echoMs;
    const wasQuiet = (this.#troubledMs.get(machine) ?? Infinity) < sinceMs;
    return wasThere && wasConnected && wasQuiet && machine.disturbedMs < sinceMs - echoMs;
  }
}
