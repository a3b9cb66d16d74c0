import type { Clock } from "../ports/clock.ts";
import type { Sight } from "../ports/shared-repo.ts";

const minuteMs = 60_000;
/** In a busy minute pushes are so far apart that whoever polls each five seconds or so sees every one of them. */
const apartMs = 6000;

/**
 * How many pushes the repository has seen in the last minute, everybody's, as far as this node noticed. Nodes stay under
 * a host's limit without asking each other: whoever sees that it is reached waits.
 */
export class PushBudget {
  readonly #clock: Clock;
  readonly #perMinute: () => number | undefined;
  readonly #windowMs: number;
  #pushes: number[] = [];
  #last: Sight | undefined;
  #own = 0;

  /** @param aheadMs how long before the others this node goes when all wait for the same gap, and would collide in it */
  constructor(clock: Clock, perMinute: () => number | undefined, { aheadMs = 0 } = {}) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#windowMs = minuteMs - aheadMs;
  }

  /** Counts a push of our own. */
  pushed(): void {
    this.#own++;
    this.#count(1);
  }

  /** Counts a push of our own to a branch that `saw` is not told of. The host counts it all the same. */
  pushedElsewhere(): void {
    this.#count(1);
  }

  /** Counts what others pushed, by what has moved since the last look; our own pushes are not counted twice. */
  saw(sight: Sight): void {
    const last = this.#last;
    this.#last = sight;
    const own = this.#own;
    this.#own = 0;
    if (!last) return;
    const beats = Array.from(sight.beats).filter(([worker, commit]) => last.beats.get(worker) !== commit);
    const moved = Math.max(sight.head === last.head ? 0 : 1, beats.length);
    this.#count(Math.max(0, moved - own));
  }

  /** Milliseconds to wait before the next push; 0 when it may go at once. */
  waitMs(): number {
    const limit = this.#perMinute();
    if (limit === undefined) return 0;
    const now = this.#clock.monotonicMs();
    this.#prune(now);
    const blocking = this.#pushes.at(-limit);
    if (blocking !== undefined) return blocking + this.#windowMs - now;
    const last = this.#pushes.at(-1);
    const isBusy = this.#pushes.length >= limit / 2;
    return isBusy && last !== undefined ? Math.max(0, last + apartMs - now) : 0;
  }

  #count(pushes: number): void {
    const now = this.#clock.monotonicMs();
    // Here as well, because without a limit nobody asks how long to wait.
    this.#prune(now);
    for (let n = 0; n < pushes; n++) this.#pushes.push(now);
  }

  #prune(now: number): void {
    this.#pushes = this.#pushes.filter((at) => now - at < this.#windowMs);
  }
}
