import { backoff, betweenTries } from "../src/core/retry.ts";
import type { Chance } from "../src/ports/chance.ts";
import type { Clock } from "../src/ports/clock.ts";
import { lingersMs } from "./lingers.ts";
import type { Finished } from "./memory.ts";

/** A probe that has met nothing for so long says enough: one of hours must not keep all others waiting. */
const probationMs = 5 * 60_000;

/** A trouble that comes back within so long after a rest is the same one, and its next rest is longer. */
const rememberedMs = 15 * 60_000;

type Rest = { why: string; failures: number; untilMs: number };

/**
 * Executors whose last attempt here met a passing trouble. Each rests, longer from time to time, and is then on
 * probation: one task at a time tries whether the trouble is over, so that an outage costs a task now and then an
 * attempt and not the whole queue. The first success ends that.
 */
export class Rests {
  readonly #rests = new Map<string, Rest>();
  #heeded: ReadonlySet<string> = new Set();
  readonly #clock: Clock;
  readonly #chance: Chance;

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
  }

  /**
   * Learns from what has ended, before anything new is claimed in the same breath.
   *
   * @param finished all that is not settled yet; each of them counts once
   */
  heed(finished: readonly Finished[], defaultExecutor: string): void {
    for (const { token, task, ending } of finished) {
      if (this.#heeded.has(token)) continue;
      const executor = task.request.executor ?? defaultExecutor;
      if (ending.kind === "transient") this.#metTrouble(executor, ending.why);
      else if (ending.kind === "succeeded" || ending.kind === "waits") this.#rests.delete(executor);
    }
    this.#heeded = new Set(finished.map(({ token }) => token));
  }

  forgetAll(): void {
    this.#rests.clear();
  }

  /** True for some time after the last probation too: who asks has to decide anew then, on the same head. */
  get any(): boolean {
    return this.#until(probationMs + lingersMs).length > 0;
  }

  /** Those that rest or are on probation, and what they met. */
  get whys(): Record<string, string> {
    return Object.fromEntries(this.#until(probationMs).map(([executor, { why }]) => [executor, why]));
  }

  /** After how many seconds each of them is tried again, 0 for those on probation; undefined when there is none. */
  get seconds(): Record<string, number> | undefined {
    const now = this.#clock.monotonicMs();
    const current = this.#until(probationMs);
    const left = ({ untilMs }: Rest) => Math.ceil(Math.max(0, untilMs - now) / 1000);
    return current.length === 0
      ? undefined
      : Object.fromEntries(current.map(([executor, rest]) => [executor, left(rest)]));
  }

  /** Those that take nothing now. */
  get resting(): string[] {
    return this.#until(0).map(([executor]) => executor);
  }

  /** Those that take one task at a time. */
  get probing(): string[] {
    const resting = new Set(this.resting);
    return this.#until(probationMs).flatMap(([executor]) => (resting.has(executor) ? [] : executor));
  }

  /** What ends while it rests began before: it is the same trouble, and makes no rest longer. */
  #metTrouble(executor: string, why: string): void {
    if (this.resting.includes(executor)) return;
    const last = this.#until(rememberedMs).find(([name]) => name === executor);
    const failures = (last?.[1].failures ?? 0) + 1;
    const waitMs = backoff(failures, this.#chance(), betweenTries);
    this.#rests.set(executor, { why, failures, untilMs: this.#clock.monotonicMs() + waitMs });
  }

  /** Those whose rest has not ended, or not longer ago than this. */
  #until(afterMs: number): [string, Rest][] {
    const now = this.#clock.monotonicMs();
    return Array.from(this.#rests).filter(([, { untilMs }]) => now < untilMs + afterMs);
  }
}
