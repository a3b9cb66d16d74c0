import type { Clock } from "../../src/ports/clock.ts";
import type { Life, Machine } from "./machine.ts";

export const beginning = Date.parse("2026-11-21T10:00:00Z");

export function wallClockOf({ timeline, clockwork }: Machine): Date {
  return new Date(beginning + Math.round(timeline.nowMs + clockwork.skewMs));
}

/** The two clocks of a machine: one may be wrong and jump, the other may run a little fast or slow. */
export class SimClock implements Clock {
  readonly #life: Life;

  constructor(life: Life) {
    this.#life = life;
  }

  now(): Date {
    return wallClockOf(this.#life.machine);
  }

  monotonicMs(): number {
    const { timeline, clockwork } = this.#life.machine;
    return timeline.nowMs * (1 + clockwork.rate);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    const { timeline, clockwork } = this.#life.machine;
    return new Promise((resolve) => {
      const wake = () => {
        timeline.cancel(alarm);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      // Node's timers know no less than a millisecond.
      const alarm = timeline.after(Math.max(1, ms) / (1 + clockwork.rate), () => this.#life.deliver(wake));
      signal?.addEventListener("abort", wake);
    });
  }
}
