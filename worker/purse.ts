import type { Beat } from "../src/core/beat.ts";
import type { Announce } from "../src/core/event.ts";
import { localDay } from "../src/core/local-day.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { Remembering } from "./memory.ts";
import type { WorkerSettings } from "./run-worker.ts";

export type Budget = {
  /** USD. */
  perDay: number;
  /** Its midnight ends the day. */
  timezone: string;
  /** The executors whose work costs money. */
  paid: readonly string[];
};

type Parts = { memory: Remembering; clock: Clock; settings: () => WorkerSettings };

/** What this worker may still spend today. When that is nothing, it claims no paid work; what runs goes on. */
export class Purse {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The day to which the cost of what ends now belongs. */
  get today(): string {
    const { clock, settings } = this.#parts;
    return localDay(settings().budget?.timezone ?? "UTC", clock.now());
  }

  get isEmpty(): boolean {
    return this.#overspent() !== undefined;
  }

  /** The executors that rest until tomorrow, and why. */
  get closed(): Record<string, string> {
    const { budget } = this.#parts.settings();
    if (!budget || !this.isEmpty) return {};
    const why = `the day's budget of $${budget.perDay.toFixed(2)} is spent`;
    return Object.fromEntries(budget.paid.map((executor) => [executor, why]));
  }

  /** As a beat says it, without executors that would not work tomorrow either; undefined while there is money left. */
  report(broken: Readonly<Record<string, string>>): Beat["budget"] {
    const over = this.#overspent();
    return over && { ...over, executors: Object.keys(this.closed).filter((one) => !(one in broken)) };
  }

  /** Once a day, however often the worker is started anew. */
  async tellOnce(announce: Announce): Promise<void> {
    const { memory, settings } = this.#parts;
    const over = this.#overspent();
    if (!over || memory.now.spent?.isTold) return;
    await memory.noteBudgetTold();
    announce({ kind: "budget-spent", worker: settings().name, ...over });
  }

  #overspent(): { day: string; spentUsd: number; perDayUsd: number } | undefined {
    const { memory, settings } = this.#parts;
    const { budget } = settings();
    const { spent } = memory.now;
    if (!budget || !spent || spent.usd < budget.perDay || spent.day !== this.today) return undefined;
    return { day: spent.day, spentUsd: spent.usd, perDayUsd: budget.perDay };
  }
}
