import { type Family, markerOf, reunite } from "./family.ts";
import { type Proc, findProc, listProcs, signalProc } from "./proc-table.ts";
import type { Tree } from "./tree.ts";

/** Linux: found in /proc by descent, by session and by a marker in the environment. */
export class ProcTree implements Tree {
  #family: Family;
  readonly #marker: string;
  readonly #started: number;

  /** @param pid of a session leader that was started with the marker this very moment */
  constructor(pid: number, marker: string) {
    const root = findProc(pid);
    this.#family = { members: root ? [root] : [], sessions: new Set([pid]) };
    this.#marker = marker;
    this.#started = root?.started ?? 0;
  }

  remember(): void {
    this.#reunite(() => false);
  }

  count(): number {
    return this.#look().length;
  }

  signal(signal: NodeJS.Signals): number {
    const members = this.#look();
    for (const proc of members) signalProc(proc, signal);
    return members.length;
  }

  #look(): readonly Proc[] {
    return this.#reunite((proc) => proc.started >= this.#started && markerOf(proc) === this.#marker);
  }

  #reunite(isMarked: (proc: Proc) => boolean): readonly Proc[] {
    this.#family = reunite(this.#family, { table: listProcs(), self: process.pid, isMarked });
    return this.#family.members;
  }
}
