import type { Chance } from "../../src/ports/chance.ts";

/** All chance of a history comes from one 32-bit seed; each part of it draws from a stream of its own. */
export class Luck {
  readonly #seed: number;
  #state: number;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.#state = this.#seed;
  }

  /** Another stream, the same for the same seed and name whatever was drawn before. */
  stream(name: string): Luck {
    let seed = this.#seed ^ 0x9e3779b9;
    for (const letter of name) seed = Math.imul(seed ^ letter.charCodeAt(0), 0x85ebca6b) ^ (seed >>> 13);
    return new Luck(seed);
  }

  /** mulberry32 */
  readonly next: Chance = () => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  flip(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Mostly near `low`, now and then far out. */
  skewed(low: number, high: number): number {
    return low + (high - low) * this.next() ** 3;
  }

  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  pick<Item>(items: readonly Item[]): Item | undefined;
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.next() * items.length)];
  }
}
