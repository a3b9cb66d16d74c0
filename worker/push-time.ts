import type { PushBudget } from "../src/ledger/push-budget.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { WorkerSettings } from "./run-worker.ts";

const longestRestMs = 2000;

type Parts = { clock: Clock; budget: PushBudget; settings: () => WorkerSettings };

/** When a worker may push next. */
export class PushTime {
  readonly #parts: Parts;
  #newsSinceMs: number | undefined;
  #restUntilMs = -Infinity;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** There is something to tell, or there is nothing any more. */
  noteNews(isThere: boolean): void {
    this.#newsSinceMs = isThere ? (this.#newsSinceMs ?? this.#parts.clock.monotonicMs()) : undefined;
  }

  /** Who has just won a race lets the others have a turn: its next push would always be faster than theirs. */
  wonRace(tookMs: number): void {
    this.#restUntilMs = this.#parts.clock.monotonicMs() + Math.min(longestRestMs, tookMs);
  }

  /**
   * Milliseconds from now.
   *
   * @param mayCollect whether what there is to tell may wait a little for more to go with it, where pushes are scarce
   */
  inMs(mayCollect: boolean): number {
    const { clock, budget, settings } = this.#parts;
    const now = clock.monotonicMs();
    const heldMs = Math.max(0, budget.waitMs(), this.#restUntilMs - now);
    if (!mayCollect) return heldMs;
    return Math.max(heldMs, (this.#newsSinceMs ?? now) + settings().pace.collect * 1000 - now);
  }
}
