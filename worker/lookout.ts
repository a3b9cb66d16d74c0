import { observe, type Sightings } from "../src/core/watch.ts";
import type { PushBudget } from "../src/ledger/push-budget.ts";
import { findLost, type Lost } from "../src/ledger/requeue-lost.ts";
import type { Ledger } from "../src/ledger/view.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { SharedRepo, Sight, Snapshot } from "../src/ports/shared-repo.ts";
import type { Courtesy } from "./courtesy.ts";
import type { Namesake } from "./namesake.ts";
import { shortestPoll } from "./poll.ts";
import type { WorkerSettings } from "./run-worker.ts";

/** Workers step in for main when it has let this many leases' time go by. */
const mainsPatience = 2.5;

type Parts = {
  repo: SharedRepo;
  clock: Clock;
  settings: () => WorkerSettings;
  budget: PushBudget;
  courtesy: Courtesy;
  namesake: Namesake;
};

/** What a worker sees from where it stands: the newest commit, everybody's beats, and whose leases stand still. */
export class Lookout {
  readonly #parts: Parts;
  #snapshot: Snapshot | undefined;
  #beats: Sight["beats"] = new Map();
  #sightings: Sightings = new Map();
  #lookedMs = -Infinity;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * The newest snapshot. Looks once in a poll, for everybody's beats and pushes. In between we have something to tell,
   * and the push itself says whether we are up to date; or somebody woke us because something is new, and a look would
   * only delay it.
   */
  async newest(hasNews: boolean): Promise<Snapshot> {
    const { repo, clock, settings } = this.#parts;
    const known = this.#snapshot;
    const isPoll = clock.monotonicMs() - this.#lookedMs >= shortestPoll * settings().pollSeconds * 1000;
    if (known && !isPoll) {
      if (hasNews) return known;
      const newest = await repo.fetch();
      return newest.commit === known.commit ? known : newest;
    }
    const sight = await this.#look();
    return known && sight.head === known.commit ? known : repo.fetch();
  }

  /** This snapshot is the newest now: it was fetched, or we have published it. */
  holds(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  /** What we last held for the newest may be of a history that was given up meanwhile. */
  forget(): void {
    this.#snapshot = undefined;
  }

  /** Leases of others that nobody gave away though they stood still for far too long: main may be away itself. */
  lost(ledger: Ledger): Lost {
    const { clock, settings } = this.#parts;
    const { name, pace } = settings();
    const others = ledger.tasks.filter(({ state }) => state.kind === "running" && state.by !== name);
    this.#sightings = observe(this.#sightings, others, this.#beats, clock.monotonicMs());
    return findLost(this.#sightings, clock.monotonicMs(), mainsPatience * pace.lease * 1000);
  }

  async #look(): Promise<Sight> {
    const { repo, clock, settings, budget, courtesy, namesake } = this.#parts;
    const { pace } = settings();
    const sight = await repo.look().catch((error: unknown) => {
      namesake.lookedInVain();
      throw error;
    });
    await namesake.refuseBeside(sight);
    // While we saw nothing, others may have beaten unseen: what looks still to us need not have stood still.
    if (clock.monotonicMs() - this.#lookedMs > pace.beat * 1000) this.#sightings = new Map();
    this.#lookedMs = clock.monotonicMs();
    budget.saw(sight);
    courtesy.saw(sight, pace.lease * 1000);
    this.#beats = sight.beats;
    return sight;
  }
}
