import type { Announce } from "../core/event.ts";
import type { NodeName } from "../core/ids.ts";
import { backoff } from "../core/retry.ts";
import { mayPass } from "../fault.ts";
import type { Chance } from "../ports/chance.ts";
import type { Clock } from "../ports/clock.ts";

type Trouble = { code: string; sinceMs: number; failures: number };

/** Lets a daemon outlive a remote that is away: the same trouble is told once, and asked about ever more rarely. */
export class Patience {
  #trouble: Trouble | undefined;
  readonly #node: () => NodeName;
  readonly #tools: { announce: Announce; clock: Clock; chance: Chance };

  constructor(node: () => NodeName, tools: { announce: Announce; clock: Clock; chance: Chance }) {
    this.#node = node;
    this.#tools = tools;
  }

  /**
   * Runs `attempt`. Answers how many milliseconds to wait before the next one, or undefined when there is no trouble.
   * An attempt that answers `held` could not do what there is to do yet, so nobody knows whether the trouble is over.
   */
  async with(attempt: () => Promise<"held" | undefined>): Promise<number | undefined> {
    try {
      if ((await attempt()) === undefined) this.#recover();
    } catch (error) {
      if (!mayPass(error)) throw error;
      return this.#suffer(error.code, error.message);
    }
    return undefined;
  }

  #suffer(code: string, message: string): number {
    const { announce, clock, chance } = this.#tools;
    const before = this.#trouble;
    const failures = (before?.failures ?? 0) + 1;
    // Half of it fixed: a daemon that asks again after a few milliseconds helps nobody.
    const waitMs = 1000 + backoff(failures, chance(), { firstMs: 2000, ceilingMs: 60_000 });
    if (before?.code !== code) {
      announce({ kind: "remote-trouble", node: this.#node(), code, message, retryInSeconds: waitMs / 1000 });
    }
    this.#trouble = { code, sinceMs: before?.sinceMs ?? clock.monotonicMs(), failures };
    return waitMs;
  }

  #recover(): void {
    if (!this.#trouble) return;
    const { announce, clock } = this.#tools;
    const afterSeconds = (clock.monotonicMs() - this.#trouble.sinceMs) / 1000;
    announce({ kind: "remote-back", node: this.#node(), afterSeconds });
    this.#trouble = undefined;
  }
}
