import type { Clock } from "../../../src/ports/clock.ts";

/** A clock on which every sleep is over at once; it remembers how long they were, in milliseconds. */
export class SwiftClock implements Clock {
  readonly slept: number[] = [];

  now(): Date {
    return new Date("2026-11-21T10:00:00Z");
  }

  monotonicMs(): number {
    return this.slept.reduce((sum, ms) => sum + ms, 0);
  }

  sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    return Promise.resolve();
  }
}
