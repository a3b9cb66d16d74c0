import { type Family, markerOf, reunite } from "./family.ts";
import { type Proc, dieFirst, findProc, isSame, listProcs, nameOf, signalProc } from "./proc-table.ts";
import type { Tree } from "./tree.ts";

/** Holds processes together by other means. */
export type Enclosure = { pids(): number[]; kill(): void };

/** A look at every process of the machine costs milliseconds; an enclosure tells who is new for a fraction of that. */
const quickLooks = 10;

/** Linux: found in /proc by descent, by session and by a marker in the environment, and in an enclosure if any. */
export class ProcTree implements Tree {
  #family: Family;
  readonly #marker: string;
  readonly #started: number;
  readonly #enclosure: Enclosure | undefined;
  readonly #keeper: string | undefined;
  readonly #root: Proc | undefined;
  #remembered = 0;

  /**
   * @param pid of a session leader that was started with the marker this very moment
   * @param keeper the leader's name, when it only keeps the task's own program and must not end before that has
   */
  constructor(
    pid: number,
    {
      marker,
      enclosure,
      keeper,
    }: { marker: string; enclosure?: Enclosure | undefined; keeper?: string | undefined },
  ) {
    const root = findProc(pid);
    dieFirst(pid);
    this.#family = { members: root ? [root] : [], sessions: new Set([pid]) };
    this.#marker = marker;
    this.#enclosure = enclosure;
    this.#keeper = keeper;
    this.#root = root;
    this.#started = root?.started ?? 0;
  }

  remember(): void {
    const isQuick = this.#enclosure !== undefined && this.#remembered++ % quickLooks !== 0;
    if (!isQuick) return void this.#reunite(() => false);
    const { sessions } = this.#family;
    this.#reunite(() => false, this.#nearby());
    // Whoever was not looked at may be in a session of which nobody else is left.
    this.#family = { ...this.#family, sessions: new Set([...sessions, ...this.#family.sessions]) };
  }

  count(): number {
    return this.#look().length;
  }

  signal(signal: NodeJS.Signals): number {
    const members = this.#look();
    if (signal === "SIGKILL") this.#enclosure?.kill();
    const begun = members.filter((proc) => signal === "SIGKILL" || !this.#isKeeper(proc));
    // As long as there are none but keepers, nothing of the task has begun that could take its leave.
    if (begun.length === 0 && this.#root) signalProc(this.#root, "SIGKILL");
    for (const proc of begun) signalProc(proc, signal);
    return members.length;
  }

  #isKeeper(proc: Proc): boolean {
    return this.#keeper !== undefined && (isSame(proc, this.#root) || nameOf(proc) === this.#keeper);
  }

  #look(): readonly Proc[] {
    const inside = new Set(this.#enclosure?.pids());
    return this.#reunite(
      (proc) => inside.has(proc.pid) || (proc.started >= this.#started && markerOf(proc) === this.#marker),
    );
  }

  /** Who is in the enclosure, and who was seen in it and may have left it. */
  #nearby(): Proc[] {
    const known = this.#family.members.map(({ pid }) => pid);
    const pids = new Set([...(this.#enclosure?.pids() ?? []), ...known]);
    return [...pids].flatMap((pid) => findProc(pid) ?? []);
  }

  #reunite(isMarked: (proc: Proc) => boolean, table: readonly Proc[] = listProcs()): readonly Proc[] {
    const known = this.#family.members;
    this.#family = reunite(this.#family, { table, self: process.pid, isMarked });
    // A keeper's child may have been born before its parent's preference was changed.
    if (this.#keeper !== undefined) {
      for (const proc of this.#family.members)
        if (!known.some((one) => isSame(one, proc))) dieFirst(proc.pid);
    }
    return this.#family.members;
  }
}
