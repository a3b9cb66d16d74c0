import type { Clock } from "./ports/clock.ts";

/** Cuts a pause short. A nudge that comes while nobody waits is kept for the next pause. */
export class Nudge {
  #waiting: AbortController | undefined;
  #pending = false;

  poke(): void {
    if (this.#waiting) this.#waiting.abort();
    else this.#pending = true;
  }

  /** Sleeps for `ms`, until poked, or until `stop`. */
  async pause(ms: number, clock: Clock, stop: AbortSignal): Promise<void> {
    if (this.#pending) {
      this.#pending = false;
      return;
    }
    if (stop.aborted) return;
    const waiting = new AbortController();
    // Not AbortSignal.any: each pause would leave a weak reference in a signal that lives as long as the daemon.
    const end = () => waiting.abort();
    stop.addEventListener("abort", end);
    this.#waiting = waiting;
    await clock.sleep(ms, waiting.signal);
    this.#waiting = undefined;
    stop.removeEventListener("abort", end);
  }
}

/** The one loop: yields at once and then after each pause, until told to stop. It cannot overlap itself. */
export async function* every(
  pauseMs: () => number,
  { clock, nudge, stop }: { clock: Clock; nudge: Nudge; stop: AbortSignal },
): AsyncGenerator<void, void> {
  while (!stop.aborted) {
    yield;
    await nudge.pause(pauseMs(), clock, stop);
  }
}
