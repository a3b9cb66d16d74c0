import type { Token } from "../src/core/ids.ts";
import type { Clock } from "../src/ports/clock.ts";

/**
 * When the tokens of this life were drawn. A lease that was found rather than made is only begun while it is young: an
 * old one may be on its way to somebody else just when we show that we live, so it is given back and claimed anew.
 */
export class RecentDraws {
  readonly #clock: Clock;
  readonly #drawnMs = new Map<Token, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param youngMs how long a token counts as young; older ones are forgotten */
  note(tokens: readonly Token[], youngMs: number): void {
    for (const token of this.#drawnMs.keys()) if (!this.isYoung(token, youngMs)) this.#drawnMs.delete(token);
    for (const token of tokens) this.#drawnMs.set(token, this.#clock.monotonicMs());
  }

  isYoung(token: Token, youngMs: number): boolean {
    return this.#clock.monotonicMs() - (this.#drawnMs.get(token) ?? -Infinity) < youngMs;
  }
}
