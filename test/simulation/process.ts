import type { Facts, Ending, StopReason } from "../../src/core/outcome.ts";
import type { Task } from "../../src/core/task.ts";
import type { Machine } from "./machine.ts";
import type { Appointment } from "./timeline.ts";

export type Finish = { ending: Ending; facts: Facts };

/** An attempt as the operating system sees it: it goes on whatever becomes of the program that started it. */
export class Process {
  readonly task: Task;
  readonly life: number;
  readonly startedMs: number;
  isOver = false;
  readonly #machine: Machine;
  readonly #planned: Ending;
  readonly #over: (process: Process, finish: Finish) => void;
  #stopping: StopReason | undefined;
  #end: Appointment;
  #leftMs = 0;

  constructor(
    machine: Machine,
    task: Task,
    plan: { lastsMs: number; ending: Ending },
    over: (process: Process, finish: Finish) => void,
  ) {
    this.#machine = machine;
    this.task = task;
    this.life = machine.lives;
    this.startedMs = machine.timeline.nowMs;
    this.#planned = plan.ending;
    this.#over = over;
    this.#end = machine.timeline.after(plan.lastsMs, () => this.#finish());
    machine.processes.add(this);
  }

  /** Asks it to end; it takes up to `graceMs`. */
  stop(because: StopReason, graceMs: number): void {
    if (this.isOver || this.#stopping !== undefined) return;
    const { timeline } = this.#machine;
    this.#stopping = because;
    timeline.cancel(this.#end);
    this.#end = timeline.after(graceMs, () => this.#finish());
  }

  /** The kernel ends it, now. */
  kill(): void {
    this.#machine.timeline.cancel(this.#end);
    this.#stopping ??= "draining";
    this.#finish();
  }

  pause(): void {
    const { timeline } = this.#machine;
    timeline.cancel(this.#end);
    this.#leftMs = this.#end.ms - timeline.nowMs;
  }

  resume(): void {
    this.#end = this.#machine.timeline.after(this.#leftMs, () => this.#finish());
  }

  #finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#machine.processes.delete(this);
    const ending: Ending =
      this.#stopping === undefined ? this.#planned : { kind: "stopped", because: this.#stopping };
    this.#over(this, { ending, facts: {} });
  }
}
