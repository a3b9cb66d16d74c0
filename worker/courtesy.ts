import type { NodeName, TaskId } from "../src/core/ids.ts";
import { rankFor } from "../src/core/rank.ts";
import type { Ledger } from "../src/ledger/view.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { Sight } from "../src/ports/shared-repo.ts";

/** However many workers there are, a task waits no longer than this for those who rank before us. */
const longestWaitMs = 10_000;

/**
 * Keeps idle workers from all pushing for the same task: each lets those go first that rank before it for that task,
 * counted from the moment it saw the task itself.
 */
export class Courtesy {
  readonly #clock: Clock;
  readonly #beats = new Map<NodeName, { commit: string; sinceMs: number }>();
  #live: NodeName[] = [];
  #firstSeenMs = new Map<TaskId, number>();
  #turns: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes note of who lives. */
  saw({ beats }: Sight, lostAfterMs: number): void {
    const now = this.#clock.monotonicMs();
    for (const [worker, commit] of beats) {
      if (this.#beats.get(worker)?.commit !== commit) this.#beats.set(worker, { commit, sinceMs: now });
    }
    this.#live = Array.from(this.#beats)
      .filter(([, { sinceMs }]) => now - sinceMs < lostAfterMs)
      .map(([worker]) => worker);
  }

  hasOthers(me: NodeName): boolean {
    return this.#live.some((worker) => worker !== me);
  }

  /** The queued tasks that are somebody else's to take for now. */
  deferred(ledger: Ledger, me: NodeName, stepMs: number): TaskId[] {
    const now = this.#clock.monotonicMs();
    const busy = new Set(ledger.tasks.flatMap(({ state }) => (state.kind === "running" ? [state.by] : [])));
    const idle = this.#live.filter((worker) => !busy.has(worker));
    const queued = ledger.tasks.filter(({ state }) => state.kind === "queued");
    const seen = new Map(queued.map(({ id }) => [id, this.#firstSeenMs.get(id) ?? now]));
    this.#firstSeenMs = seen;
    const turns = queued.map(({ id }) => {
      const waitMs = idle.length < 2 ? 0 : Math.min(longestWaitMs, rankFor(id, me, idle) * stepMs);
      return { id, atMs: (seen.get(id) ?? now) + waitMs };
    });
    const later = turns.filter(({ atMs }) => atMs > now);
    this.#turns = later.map(({ atMs }) => atMs);
    return later.map(({ id }) => id);
  }

  /** Milliseconds until our turn for a task that we left to others; Infinity when there is none. */
  nextTurnMs(): number {
    return Math.min(...this.#turns, Infinity) - this.#clock.monotonicMs();
  }

  turnHasCome(): boolean {
    return this.#turns.length > 0 && this.nextTurnMs() <= 0;
  }
}
