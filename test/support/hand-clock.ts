import { once } from "node:events";
import { setImmediate } from "node:timers/promises";

import type { Clock } from "../../src/ports/clock.ts";

type Sleeper = { dueMs: number; wake(): void };

/** A clock that stands still until it is turned. */
export class HandClock implements Clock {
  #elapsedMs = 0;
  #sleepers: Sleeper[] = [];
  #someoneLaidDown = Promise.withResolvers<void>();
  readonly #startMs: number;

  constructor(start = "2026-11-21T10:00:00Z") {
    this.#startMs = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#startMs + this.#elapsedMs);
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return;
    const over = new AbortController();
    // As with a real clock no sleep is so short that time stands still.
    const sleeper: Sleeper = { dueMs: this.#elapsedMs + Math.max(ms, 0.001), wake: () => over.abort() };
    this.#sleepers.push(sleeper);
    this.#someoneLaidDown.resolve();
    this.#someoneLaidDown = Promise.withResolvers();
    await once(AbortSignal.any([over.signal, ...(signal ? [signal] : [])]), "abort");
    this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
  }

  /** Turns the clock forward and wakes whoever is due on the way, in the order of their times, each at his time. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#elapsedMs + ms;
    await setImmediate();
    for (let next = this.#nextDue(untilMs); next; next = this.#nextDue(untilMs)) {
      this.#elapsedMs = next.dueMs;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
      await setImmediate();
    }
    this.#elapsedMs = untilMs;
  }

  /** How many sleep now. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  /** Resolves when somebody sleeps. */
  async untilSomeoneSleeps(): Promise<void> {
    while (this.#sleepers.length === 0) await this.#someoneLaidDown.promise;
  }

  #nextDue(untilMs: number): Sleeper | undefined {
    return this.#sleepers
      .filter(({ dueMs }) => dueMs <= untilMs)
      .toSorted((a, b) => a.dueMs - b.dueMs)
      .at(0);
  }
}
