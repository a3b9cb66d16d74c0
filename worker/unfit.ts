import type { Offer } from "../src/core/choose.ts";
import type { Chance } from "../src/ports/chance.ts";
import type { Clock } from "../src/ports/clock.ts";
import { lingersMs } from "./lingers.ts";
import { Rests } from "./rests.ts";
import { Waits } from "./waits.ts";

/** After a quarter of an hour a misconfigured executor is tried again: the person may have mended it. */
const secondChanceMs = 15 * 60_000;

/** What this worker leaves alone for a while: executors that turned out to be misconfigured or met a passing trouble, and tasks that met one. */
export class Unfit {
  readonly rests: Rests;
  readonly waits: Waits;
  readonly #misconfigured = new Map<string, { why: string; untilMs: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock;
    this.rests = new Rests(clock, chance);
    this.waits = new Waits(clock);
  }

  /** Answers whether that is news. */
  executorFailed(executor: string, why: string): boolean {
    const news = !(executor in this.misconfigured);
    this.#misconfigured.set(executor, { why, untilMs: this.#clock.monotonicMs() + secondChanceMs });
    return news;
  }

  /** True for some time after the last wait too, and at least once: who asks has to decide anew then, on the same head. */
  get any(): boolean {
    const any = this.#misconfigured.size > 0 || this.rests.any || this.waits.someAreOver;
    const lingering = this.#clock.monotonicMs() - lingersMs;
    for (const [executor, { untilMs }] of this.#misconfigured) {
      if (untilMs <= lingering) this.#misconfigured.delete(executor);
    }
    return any;
  }

  /** What the configuration may have mended. What tasks wait for is in the ledger, for all. */
  forgetAll(): void {
    this.#misconfigured.clear();
    this.rests.forgetAll();
  }

  get misconfigured(): Record<string, string> {
    const now = this.#clock.monotonicMs();
    return Object.fromEntries(
      Array.from(this.#misconfigured)
        .filter(([, { untilMs }]) => untilMs > now)
        .map(([name, { why }]) => [name, why]),
    );
  }

  /** What is left of all that this worker can do; `spent` are the executors for which it has no money. */
  offer(all: Offer, spent: Readonly<Record<string, string>>): Offer {
    const closed = [...Object.keys(spent), ...Object.keys(this.misconfigured), ...this.rests.resting];
    const executors = all.executors.filter((executor) => !closed.includes(executor));
    return { ...all, executors, probing: this.rests.probing };
  }

  /** As a beat says it: those on probation are not well yet either. */
  get executors(): Record<string, string> {
    return { ...this.rests.whys, ...this.misconfigured };
  }
}
