import { backoff } from "../../core/retry.ts";
import type { ActionId } from "../../core/envelope.ts";
import type { CarryOut, Errand } from "../../ports/carry-out.ts";
import type { Chance } from "../../ports/chance.ts";
import type { Clock } from "../../ports/clock.ts";
import { broke, Fault, isOfSystem } from "../../fault.ts";
import { expiredVerb } from "../actions/open-questions.ts";
import type { Question, State } from "../deliveries/state.ts";
import type { Entry } from "../entry.ts";
import { verbs } from "../verbs.ts";

type Waits = { failures: number; afterMs: number };

/** Carries out the answers that stand, one after the other, each until it is done or will never be. */
export class Errands {
  readonly #port: CarryOut;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #waits = new Map<ActionId, Waits>();
  #running: Promise<void> | undefined;

  constructor(port: CarryOut, { clock, chance }: { clock: Clock; chance: Chance }) {
    this.#port = port;
    this.#clock = clock;
    this.#chance = chance;
  }

  /** Begins the next one that is due, unless one is under way. `done` gets what is to be written down. */
  begin(state: State, done: (entries: Entry[]) => void): void {
    if (this.#running) return;
    const next = this.#due(state);
    if (!next) return;
    this.#running = this.#run(next, done).finally(() => (this.#running = undefined));
  }

  /** Milliseconds until the next one is due; undefined if nothing waits. */
  waitMs(state: State): number | undefined {
    if (this.#running) return undefined;
    const waits = errandsIn(state).map(({ action }) => this.#waits.get(action)?.afterMs ?? -Infinity);
    return waits.length === 0 ? undefined : Math.max(0, Math.min(...waits) - this.#clock.monotonicMs());
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  #due(state: State): Errand | undefined {
    const nowMs = this.#clock.monotonicMs();
    return errandsIn(state).find(({ action }) => (this.#waits.get(action)?.afterMs ?? -Infinity) <= nowMs);
  }

  async #run(errand: Errand, done: (entries: Entry[]) => void): Promise<void> {
    const { kind, how } = await this.#carryOut(errand);
    if (kind === "later") {
      const failures = (this.#waits.get(errand.action)?.failures ?? 0) + 1;
      const pauseMs = backoff(failures, this.#chance(), { firstMs: 2000, ceilingMs: 300_000 });
      this.#waits.set(errand.action, { failures, afterMs: this.#clock.monotonicMs() + pauseMs });
      return done([]);
    }
    this.#waits.delete(errand.action);
    const at = this.#clock.now().toISOString();
    done([
      { at, t: "carried-out", action: errand.action, how: kind === "refused" ? `refused: ${how}` : how },
    ]);
  }

  async #carryOut(errand: Errand) {
    try {
      return await this.#port.carryOut(errand);
    } catch (error) {
      // A defect is there at the next try too, and at each start of main.
      const mayGoWell = error instanceof Fault || isOfSystem(error);
      return { kind: mayGoWell ? "later" : "refused", how: broke(error) } as const;
    }
  }
}

function errandsIn(state: State): Errand[] {
  return [...state.questions.values()].flatMap((question) => errandOf(question) ?? []);
}

/** An acknowledgement needs no deed, and what nobody answered is left as it is. */
function errandOf({ action, answer, carriedOut }: Question): Errand | undefined {
  const { target } = action;
  if (!target || !answer || carriedOut) return undefined;
  if (answer.verb === expiredVerb || answer.verb === verbs.acknowledge || answer.verb === verbs.silence)
    return undefined;
  const { verb, text, by, at } = answer;
  return { action: action.id, verb, ...(text === undefined ? {} : { text }), by: by.person, at, ...target };
}
