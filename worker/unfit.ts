import type { TaskId } from "../src/core/ids.ts";
import { backoff } from "../src/core/retry.ts";
import type { Chance } from "../src/ports/chance.ts";
import type { Clock } from "../src/ports/clock.ts";

/** After a quarter of an hour a misconfigured executor is tried again: the person may have mended it. */
const secondChanceMs = 15 * 60_000;

/** For so long what is over still counts as a change: deciding anew may take a few tries when the remote is unwell. */
const lingerMs = 5 * 60_000;

/** How long a task's troubles are counted: the waits between them are to grow, the count is not to stay for ever. */
const rememberedMs = 24 * 3_600_000;

/** What this worker leaves alone for a while: executors that turned out to be misconfigured, tasks that met a passing trouble. */
export class Unfit {
  readonly #executors = new Map<string, { why: string; untilMs: number }>();
  readonly #tasks = new Map<TaskId, { untilMs: number }>();
  readonly #troubles = new Map<TaskId, { failures: number; untilMs: number }>();
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
    const now = this.#clock.monotonicMs();
    deleteExpired(this.#troubles, now);
    const failures = (this.#troubles.get(id)?.failures ?? 0) + 1;
    this.#troubles.set(id, { failures, untilMs: now + rememberedMs });
    const waitMs = backoff(failures, this.#chance(), { firstMs: 10_000, ceilingMs: 300_000 });
    this.#tasks.set(id, { untilMs: now + waitMs });
  }

  /** True for some time after the last wait too, and at least once: who asks has to decide anew then, on the same head. */
  get any(): boolean {
    const any = this.#executors.size > 0 || this.#tasks.size > 0;
    const lingering = this.#clock.monotonicMs() - lingerMs;
    deleteExpired(this.#executors, lingering);
    deleteExpired(this.#tasks, lingering);
    return any;
  }

  forgetAll(): void {
    this.#executors.clear();
    this.#tasks.clear();
    this.#troubles.clear();
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

function deleteExpired(entries: Map<unknown, { untilMs: number }>, now: number): void {
  for (const [key, { untilMs }] of entries) if (untilMs <= now) entries.delete(key);
}
