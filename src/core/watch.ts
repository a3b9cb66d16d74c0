import type { NodeName, TaskId, Token } from "./ids.ts";
import { leaseOf } from "./move.ts";
import type { Task } from "./task.ts";

/**
 * What a watcher remembers of a lease: the token, the owner's beat, and since when, by the watcher's own stopwatch,
 * neither has changed. No other machine's clock is asked.
 */
export type Sighting = { token: Token; beat: string | undefined; sinceMs: number };
export type Sightings = ReadonlyMap<TaskId, Sighting>;

/**
 * @param beats the commit of each worker's beat, as the remote shows it now
 * @param nowMs the watcher's monotonic clock
 */
export function observe(
  before: Sightings,
  tasks: readonly Task[],
  beats: ReadonlyMap<NodeName, string>,
  nowMs: number,
): Map<TaskId, Sighting> {
  const seen = new Map<TaskId, Sighting>();
  for (const { id, state } of tasks) {
    const lease = leaseOf(state);
    if (!lease) continue;
    const beat = beats.get(lease.by);
    const old = before.get(id);
    const unchanged = old?.token === lease.token && old.beat === beat;
    seen.set(id, unchanged ? old : { token: lease.token, beat, sinceMs: nowMs });
  }
  return seen;
}

/** Leases whose owner has shown no sign of life for `ttlMs`. */
export function lostLeases(sightings: Sightings, nowMs: number, ttlMs: number): TaskId[] {
  return Array.from(sightings)
    .filter(([, { sinceMs }]) => nowMs - sinceMs >= ttlMs)
    .map(([id]) => id);
}

export type Health = "alive" | "late" | "silent";

/** A worker's health from how long its beat has not changed, by the watcher's own stopwatch. */
export function healthOf(silentMs: number, everySeconds: number): Health {
  if (silentMs >= 3 * everySeconds * 1000) return "silent";
  if (silentMs >= 1.5 * everySeconds * 1000) return "late";
  return "alive";
}
