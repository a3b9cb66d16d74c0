import type { Beat } from "../src/core/beat.ts";
import { stamp } from "../src/core/stamp.ts";
import { mayPass } from "../src/fault.ts";
import { renderBeat } from "../src/format/beat.ts";
import type { PushBudget } from "../src/ledger/push-budget.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { SharedRepo } from "../src/ports/shared-repo.ts";
import type { Attempts } from "./attempts.ts";
import type { Remembering } from "./memory.ts";
import type { Purse } from "./purse.ts";
import type { WorkerSettings } from "./run-worker.ts";
import type { Unfit } from "./unfit.ts";

type Parts = {
  repo: SharedRepo;
  clock: Clock;
  memory: Remembering;
  attempts: Attempts;
  unfit: Unfit;
  purse: Purse;
  budget: PushBudget;
  executors: () => readonly string[];
  settings: () => WorkerSettings;
};

/** Between two tries of a beat that does not arrive; doubled each time. */
const firstRestMs = 1000;
const longestRestMs = 30_000;

/** A worker's signs of life: what they say, when one is due, and how old the last one is that surely arrived. */
export class Beating {
  readonly #parts: Parts;
  #sentMs = -Infinity;
  #triedMs = -Infinity;
  /** Tries since the last beat that surely arrived. */
  #failures = 0;
  #progressWaits = false;
  #state: "draining" | "stopped" | undefined;
  #trouble: string | undefined;
  /** What the last beat that surely arrived said of trouble. */
  #told: string | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** From now on the beats say that the worker takes nothing new, or that it is gone. */
  announceState(state: "draining" | "stopped"): void {
    this.#state = state;
  }

  /** From now on the beats say that this fault keeps the worker from working, or that none does any more. */
  announceTrouble(code: string | undefined): void {
    this.#trouble = code;
  }

  /** Age of the last beat that surely arrived. Counted from when it was sent: others may have seen it that early. */
  get ageMs(): number {
    return this.#parts.clock.monotonicMs() - this.#sentMs;
  }

  /** Milliseconds until the next beat; one that did not arrive is repeated ever more rarely, and as pushes allow. */
  get dueInMs(): number {
    const { settings, budget } = this.#parts;
    const scarceMs = this.#failures === 0 ? 0 : budget.waitMs();
    const byTimeMs = Math.max(settings().pace.beat * 1000 - this.ageMs, this.#restMs, scarceMs);
    if (this.#trouble === this.#told) return byTimeMs;
    return Math.min(byTimeMs, Math.max(budget.waitMs(), this.#restMs));
  }

  /** A quarter of the time between two beats at most: a lease is three of them. */
  get #restMs(): number {
    const { clock, settings } = this.#parts;
    const mostMs = Math.min(longestRestMs, (settings().pace.beat * 1000) / 4);
    const restMs = Math.min(mostMs, firstRestMs * 2 ** Math.min(this.#failures, 10));
    return this.#triedMs + restMs - clock.monotonicMs();
  }

  /** Runs a push that a beat rides on. */
  async along<Answer extends { hasBeaten: boolean }>(push: () => Promise<Answer>): Promise<Answer> {
    const sentMs = this.#parts.clock.monotonicMs();
    const answer = await push();
    if (answer.hasBeaten) this.#arrived(sentMs, this.#trouble);
    return answer;
  }

  /** Sends a beat if one is due: by time, or because there is progress to show and pushes are not scarce. */
  async ifDue(): Promise<void> {
    const { pace } = this.#parts.settings();
    if (this.#parts.attempts.tellProgress()) this.#progressWaits = true;
    const ageSeconds = this.ageMs / 1000;
    const showProgress = this.#progressWaits && pace.progress !== undefined && ageSeconds >= pace.progress;
    if (this.dueInMs <= 0 || (showProgress && this.#parts.budget.waitMs() === 0)) await this.now();
  }

  /** Lets others see that we live, though this fault keeps us from working. */
  async inTrouble(code: string): Promise<void> {
    this.announceTrouble(code);
    try {
      await this.ifDue();
    } catch (error) {
      // The trouble that brought us here is the one to be told.
      if (!mayPass(error)) throw error;
    }
  }

  /** Sends a beat alone. Answers whether it surely arrived. */
  async now(): Promise<boolean> {
    const { repo, clock, budget, settings } = this.#parts;
    const sentMs = clock.monotonicMs();
    const trouble = this.#trouble;
    this.#triedMs = sentMs;
    budget.pushed();
    this.#failures++;
    const arrived = (await repo.beat(settings().name, this.text())) === "accepted";
    if (arrived) budget.landed();
    if (arrived) this.#arrived(sentMs, trouble);
    return arrived;
  }

  text(): string {
    const { clock, memory, attempts, unfit, purse, executors, settings } = this.#parts;
    const { name, version, host, slots, capabilities, pace } = settings();
    const broken = unfit.executors;
    const resting = unfit.rests.seconds;
    const over = purse.report(broken);
    const beat: Beat = {
      worker: name,
      ...(memory.now.id !== undefined && { id: memory.now.id }),
      count: memory.nextBeat(),
      at: stamp(clock.now()),
      version,
      host,
      state: this.#state ?? (attempts.count > 0 ? "busy" : "idle"),
      ...(this.#trouble !== undefined && { trouble: this.#trouble }),
      slots,
      executors: [...executors()],
      capabilities: [...capabilities],
      unhealthy: { ...purse.closed, ...broken },
      ...(resting && { resting }),
      ...(over && { budget: over }),
      running: attempts.report(),
      every: pace.beat,
    };
    return renderBeat(beat);
  }

  #arrived(sentMs: number, trouble: string | undefined): void {
    this.#told = trouble;
    this.#failures = 0;
    this.#sentMs = Math.max(this.#sentMs, sentMs);
    this.#progressWaits = false;
  }
}
