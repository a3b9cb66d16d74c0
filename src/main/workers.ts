import { goesOnByItself, type Beat } from "../core/beat.ts";
import type { Event } from "../core/event.ts";
import type { NodeName } from "../core/ids.ts";
import { healthOf, type Health } from "../core/watch.ts";
import { parseBeat } from "../format/beat.ts";
import type { SharedRepo, Sight } from "../ports/shared-repo.ts";

export type WorkerView = { name: NodeName; health: Health; beat: Beat | undefined; silentSeconds: number };

type Watched = { commit: string; sinceMs: number; beat: Beat | undefined; silent: boolean };

/** How long a worker of unknown version may be silent: it did not say how often it beats. */
const usualBeatSeconds = 300;

/** The workers as main sees them: what their last beat said, and for how long it has not changed by main's stopwatch. */
export class Workers {
  readonly #watched = new Map<NodeName, Watched>();

  /** Takes note of the beats; answers what is new. */
  async observe(beats: Sight["beats"], nowMs: number, repo: SharedRepo): Promise<Event[]> {
    const events: Event[] = [];
    for (const [worker, commit] of beats) {
      const old = this.#watched.get(worker);
      if (old?.commit === commit) continue;
      const text = await repo.readBeat(worker, commit);
      const beat = text === undefined ? old?.beat : parseBeat(text);
      this.#watched.set(worker, { commit, sinceMs: nowMs, beat, silent: false });
      events.push(...changes(worker, old, beat));
    }
    for (const [worker, watched] of this.#watched) {
      if (!beats.has(worker)) this.#watched.delete(worker);
      else events.push(...silence(worker, watched, nowMs));
    }
    return events;
  }

  views(nowMs: number): WorkerView[] {
    return Array.from(this.#watched, ([name, { beat, sinceMs }]) => ({
      name,
      beat,
      health: healthOf(nowMs - sinceMs, beat?.every ?? usualBeatSeconds),
      silentSeconds: (nowMs - sinceMs) / 1000,
    })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** The word for a worker's health that people see. Who said goodbye is not silent, and who is in trouble is no help. */
export function condition({ health, beat }: Pick<WorkerView, "health" | "beat">): string {
  if (beat?.state === "stopped") return beat.state;
  if (health === "silent") return health;
  if (beat?.trouble !== undefined) return "stands still";
  return beat?.state === "draining" ? beat.state : health;
}

function changes(worker: NodeName, old: Watched | undefined, beat: Beat | undefined): Event[] {
  const events: Event[] = [];
  const wasGone = !old || old.silent || old.beat?.state === "stopped";
  if (beat?.state === "stopped") return wasGone ? [] : [{ kind: "worker-left", worker }];
  if (wasGone) events.push({ kind: "worker-seen", worker });
  const [before, now] = [wasGone ? undefined : old?.beat?.trouble, beat?.trouble];
  if (now !== undefined && now !== before) events.push({ kind: "worker-stands-still", worker, code: now });
  if (now === undefined && before !== undefined) events.push({ kind: "worker-goes-on", worker });
  const over = beat?.budget;
  if (over && over.day !== old?.beat?.budget?.day) {
    const { day, spentUsd, perDayUsd } = over;
    events.push({ kind: "budget-spent", worker, day, spentUsd, perDayUsd });
  }
  for (const [executor, why] of Object.entries(beat?.unhealthy ?? {})) {
    if (old?.beat?.unhealthy[executor] === why || goesOnByItself(executor, beat ?? {})) continue;
    events.push({ kind: "worker-unhealthy", worker, executor, why });
  }
  return events;
}

function silence(worker: NodeName, watched: Watched, nowMs: number): Event[] {
  const { beat, sinceMs, silent } = watched;
  if (silent || beat?.state === "stopped") return [];
  if (healthOf(nowMs - sinceMs, beat?.every ?? usualBeatSeconds) !== "silent") return [];
  watched.silent = true;
  return [{ kind: "worker-silent", worker, seconds: (nowMs - sinceMs) / 1000 }];
}
