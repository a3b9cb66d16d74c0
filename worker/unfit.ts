import type { TaskId } from "../src/core/ids.ts";
import { backoff } from "../src/core/retry.ts";
import type { Chance } from "../src/ports/chance.ts";
import type { Clock } from "../src/ports/clock.ts";

/** After a quarter of an hour a misconfigured executor is tried again: the person may have mended it. */
const secondChanceMs = 15 * 60_000;

/** What this worker leaves alone for a while: executors that turned out to be misconfigured, tasks that met a passing trouble. */
export class Unfit {
  readonly #executors = new Map<string, { why: string; untilMs: number }>();
  readonly #tasks = new Map<TaskId, { failures: number; untilMs: number }>();
  readonly #clock: Clock;
  readonly #chance: Chance;

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
  }

  /** Answers whether that is news. */
  executorFailed(executor: string, why: string): boolean {
    const news = !(executor in this.executors);
    this.#executors.set(executor, { why, untilMs: this.#clock.monotonicMs() + secondChanceMs });
    return news;
  }

  taskMetTrouble(id: TaskId): void {
    const failures = (this.#tasks.get(id)?.failures ?? 0) + 1;
    const waitMs = backoff(failures, this.#chance(), { firstMs: 10_000, ceilingMs: 300_000 });
    this.#tasks.set(id, { failures, untilMs: this.#clock.monotonicMs() + waitMs });
  }

  get any(): boolean {
    return this.#executors.size > 0 || this.#tasks.size > 0;
  }

  forgetAll(): void {
    this.#executors.clear();
    this.#tasks.clear();
  }

  get executors(): Record<string, string> {
    const now = this.#clock.monotonicMs();
    return Object.fromEntries(
      Array.from(this.#executors)
        .filter(([, { untilMs }]) => untilMs > now)
        .map(([name, { why }]) => [name, why]),
    );
  }

  get tasks(): Set<TaskId> {
    const now = this.#clock.monotonicMs();
    return new Set(
      Array.from(this.#tasks)
        .filter(([, { untilMs }]) => untilMs > now)
        .map(([id]) => id),
    );
  }
}
