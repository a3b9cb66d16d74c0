import type { NodeName } from "../../src/core/ids.ts";
import { Nudge } from "../../src/every.ts";
import type { Luck } from "./luck.ts";
import type { Process } from "./process.ts";
import type { Timeline } from "./timeline.ts";

/** How a machine's stopwatch and wall clock differ from the true time. */
export type Clockwork = { skewMs: number; rate: number };

/** A computer: what is on its disk and what runs on it outlive the program that we test. */
export class Machine {
  readonly name: NodeName;
  readonly role: "main" | "worker";
  readonly host: string;
  readonly timeline: Timeline;
  readonly luck: Luck;
  readonly clockwork: Clockwork;
  readonly processes = new Set<Process>();
  /** What its spool and its cache of the branch hold. */
  readonly disk: { spool: string | undefined; seen: string | undefined; accepts: string | undefined };
  life: Life | undefined;
  lives = 0;
  /** `silent`: nothing gets through; `refusing`: the network says so at once; `one-way`: no push gets through. */
  network: "up" | "silent" | "refusing" | "one-way" = "up";
  /** When it was last cut off, or reached the network again. */
  cutMs = -Infinity;
  /** How many causes keep it from the network. */
  cutOffs = 0;
  diskFull = false;
  stalled: "hung" | "frozen" | undefined;
  /** When it last was stalled or came back: what is promised about delays does not hold around then. */
  disturbedMs = -Infinity;
  /** When somebody last set its wall clock. */
  clockSetMs = -Infinity;
  #backlog: (() => void)[] = [];

  constructor(
    name: NodeName,
    role: "main" | "worker",
    parts: { host: string; timeline: Timeline; luck: Luck; clockwork: Clockwork; spool: string | undefined },
  ) {
    this.name = name;
    this.role = role;
    this.host = parts.host;
    this.timeline = parts.timeline;
    this.luck = parts.luck;
    this.clockwork = parts.clockwork;
    this.disk = { spool: parts.spool, seen: undefined, accepts: undefined };
  }

  begin(): Life {
    this.life = new Life(this, ++this.lives);
    return this.life;
  }

  /** The program is gone; what it waited for never comes. */
  end(): void {
    this.disturbedMs = this.timeline.nowMs;
    if (this.life) this.life.alive = false;
    this.life?.unfinished.forEach((finish) => finish());
    this.life = undefined;
    this.stalled = undefined;
    this.#backlog = [];
  }

  stall(how: "hung" | "frozen"): void {
    this.disturbedMs = this.timeline.nowMs;
    this.stalled = how;
    if (how === "frozen") for (const process of this.processes) process.pause();
  }

  recover(): void {
    this.disturbedMs = this.timeline.nowMs;
    if (this.stalled === "frozen") for (const process of this.processes) process.resume();
    this.stalled = undefined;
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const act of backlog) this.timeline.after(0, act);
  }

  setClock(byMs: number): void {
    this.clockSetMs = this.timeline.nowMs;
    this.clockwork.skewMs += byMs;
  }

  putOff(act: () => void): void {
    this.#backlog.push(act);
  }
}

/** One run of the program on a machine, from start to crash. */
export class Life {
  readonly machine: Machine;
  readonly number: number;
  readonly nudge = new Nudge();
  readonly drain = new AbortController();
  readonly stop = new AbortController();
  /** What a crash does to writes that were under way. */
  readonly unfinished = new Set<() => void>();
  alive = true;

  constructor(machine: Machine, number: number) {
    this.machine = machine;
    this.number = number;
  }

  /** Lets the program go on with an answer, unless it is dead; a stalled one gets it when it comes to itself. */
  deliver(act: () => void): void {
    if (!this.alive) return;
    if (this.machine.stalled) this.machine.putOff(() => this.deliver(act));
    else act();
  }

  /** Something that takes the machine a while and that nothing outside of it can prevent. */
  takes(ms: number, act: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.machine.timeline.after(ms, () =>
        this.deliver(() => {
          act();
          resolve();
        }),
      );
    });
  }
}
