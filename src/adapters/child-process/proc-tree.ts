import { type Family, markerOf, reunite } from "./family.ts";
import { type Proc, findProc, listProcs, signalProc } from "./proc-table.ts";
import type { Tree } from "./tree.ts";

/** Holds processes together by other means. */
export type Enclosure = { pids(): number[]; kill(): void };

/** Linux: found in /proc by descent, by session and by a marker in the environment, and in an enclosure if any. */
export class ProcTree implements Tree {
  #family: Family;
  readonly #marker: string;
  readonly #started: number;
  readonly #enclosure: Enclosure | undefined;

  /** @param pid of a session leader that was started with the marker this very moment */
  constructor(pid: number, marker: string, enclosure?: Enclosure) {
    const root = findProc(pid);
    this.#family = { members: root ? [root] : [], sessions: new Set([pid]) };
    this.#marker = marker;
    this.#enclosure = enclosure;
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
    if (signal === "SIGKILL") this.#enclosure?.kill();
    for (const proc of members) signalProc(proc, signal);
    return members.length;
  }

  #look(): readonly Proc[] {
    const inside = new Set(this.#enclosure?.pids());
    return this.#reunite(
      (proc) => inside.has(proc.pid) || (proc.started >= this.#started && markerOf(proc) === this.#marker),
    );
  }

  #reunite(isMarked: (proc: Proc) => boolean): readonly Proc[] {
    this.#family = reunite(this.#family, { table: listProcs(), self: process.pid, isMarked });
    return this.#family.members;
  }
}
