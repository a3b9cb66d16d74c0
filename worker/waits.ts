import type { TaskId } from "../src/core/ids.ts";
import { restAfter } from "../src/core/retry.ts";
import type { Task } from "../src/core/task.ts";
import type { Clock } from "../src/ports/clock.ts";
import { lingersMs } from "./lingers.ts";

/**
 * Tasks that no worker takes yet, because their last attempt met a passing trouble a moment ago. The ledger says for
 * how long; each worker counts from when it first saw that, on its own stopwatch. The stamp of the attempt's end only
 * shortens that, for those who come later: a clock that is ahead of ours holds nothing up.
 */
export class Waits {
  readonly #clock: Clock;
  #waits = new Map<TaskId, { attempt: number; untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those of these tasks that wait. */
  among(tasks: readonly Task[]): TaskId[] {
    const now = this.#clock.monotonicMs();
    const queued = tasks.filter((task) => task.state.kind === "queued" && restAfter(task) > 0);
    this.#waits = new Map(
      queued.map((task) => {
        const known = this.#waits.get(task.id);
        const { id, attempt } = task;
        if (known?.attempt === attempt) return [id, known];
        return [id, { attempt, untilMs: now + this.#leftMs(task) }];
      }),
    );
    return Array.from(this.#waits).flatMap(([id, { untilMs }]) => (untilMs > now ? id : []));
  }

  /** Has one of them waited long enough since somebody looked, or not long before? */
  get someAreOver(): boolean {
    const now = this.#clock.monotonicMs();
    return Array.from(this.#waits.values()).some(
      ({ untilMs }) => untilMs <= now && now < untilMs + lingersMs,
    );
  }

  #leftMs(task: Task): number {
    const restMs = restAfter(task);
    const ageMs = this.#clock.now().getTime() - Date.parse(task.tried.at(-1)?.ended ?? "");
    return ageMs > 0 ? Math.max(0, restMs - ageMs) : restMs;
  }
}
