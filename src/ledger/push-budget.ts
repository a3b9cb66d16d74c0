import type { Clock } from "../ports/clock.ts";
import type { Sight } from "../ports/shared-repo.ts";

const minuteMs = 60_000;
/** In a busy minute pushes are so far apart that whoever polls each five seconds or so sees every one of them. */
const apartMs = 6000;

/** What one life of a node leaves to the next: when pushes were made, in milliseconds of the epoch. */
export type PushLegacy = {
  inherited: readonly number[];
  bequeath: (pushes: readonly number[]) => void;
};

/**
 * How many pushes the repository has seen in the last minute, everybody's, as far as this node noticed. Nodes stay under
 * a host's limit without asking each other: whoever sees that it is reached waits.
 */
export class PushBudget {
  readonly #clock: Clock;
  readonly #perMinute: () => number | undefined;
  readonly #windowMs: number;
  readonly #legacy: PushLegacy | undefined;
  #pushes: number[];
  #last: Sight | undefined;
  /** How many of the moves that the next look will show have been counted. */
  #known = 0;

  /**
   * @param aheadMs how long before the others this node goes when all wait for the same gap, and would collide in it
   * @param legacy without it a node that is started again at once spends the minute's pushes a second time
   */
  constructor(
    clock: Clock,
    perMinute: () => number | undefined,
    { aheadMs = 0, legacy }: { aheadMs?: number; legacy?: PushLegacy } = {},
  ) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#windowMs = minuteMs - aheadMs;
    this.#legacy = legacy;
    const ages = (legacy?.inherited ?? []).map((at) => clock.now().getTime() - at);
    // What lies in the future was noted before the clock was put back; nobody knows how long ago that is.
    this.#pushes = ages.filter((age) => age >= 0).map((age) => clock.monotonicMs() - age);
  }

  /** Counts a push of our own, whatever becomes of it: the host counts it as well. */
  pushed(): void {
    this.#count(1);
  }

  /** Our last push moved what `saw` will be told of. */
  landed(): void {
    this.#known++;
  }

  /** Counts the push of whoever was faster than we. */
  outrun(): void {
    this.#known++;
    this.#count(1);
  }

  /** Counts what others pushed, by what has moved since the last look, without what was counted already. */
  saw(sight: Sight): void {
    const last = this.#last;
    this.#last = sight;
    const known = this.#known;
    this.#known = 0;
    if (!last) return;
    const beats = Array.from(sight.beats).filter(([worker, commit]) => last.beats.get(worker) !== commit);
    const moved = Math.max(sight.head === last.head ? 0 : 1, beats.length);
    this.#count(Math.max(0, moved - known));
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
    if (pushes > 0) this.#bequeath(now);
  }

  #bequeath(now: number): void {
    const limit = this.#perMinute();
    if (!this.#legacy || limit === undefined) return;
    const today = this.#clock.now().getTime();
    this.#legacy.bequeath(this.#pushes.slice(-limit).map((at) => Math.round(today - (now - at))));
  }

  #prune(now: number): void {
    this.#pushes = this.#pushes.filter((at) => now - at < this.#windowMs);
  }
}
