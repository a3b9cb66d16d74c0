import type { TaskId } from "../core/ids.ts";
import { move } from "../core/move.ts";
import { stamp } from "../core/stamp.ts";
import type { Task } from "../core/task.ts";
import { lostLeases, type Sightings } from "../core/watch.ts";
import { noChange, type Change } from "./change.ts";

/** Leases whose owner has shown no sign of life for too long, with the token that was watched. */
export type Lost = ReadonlyMap<TaskId, { token: string; silentSeconds: number }>;

/** @param ttlMs how long a lease may stand without a sign of life of its owner, by the watcher's own stopwatch */
export function findLost(sightings: Sightings, nowMs: number, ttlMs: number): Lost {
  return new Map(
    lostLeases(sightings, nowMs, ttlMs).flatMap((id) => {
      const sighting = sightings.get(id);
      if (!sighting) return [];
      return [[id, { token: sighting.token, silentSeconds: (nowMs - sighting.sinceMs) / 1000 }] as const];
    }),
  );
}

/** Gives a lost lease's task to others; undefined when the lease is another one by now. */
export function requeueLost(task: Task, lost: Lost, now: Date): Change | undefined {
  const watched = lost.get(task.id);
  if (task.state.kind !== "running" || watched?.token !== task.state.token) return undefined;
  const { by, token } = task.state;
  const why = `no sign of life for ${Math.round(watched.silentSeconds)} s`;
  const ended = stamp(now);
  const verdict = move(task, { kind: "give-up", by, token, end: "lost", why, ended });
  if (verdict.kind === "refused") return undefined;
  const change = noChange();
  change.edits.push({ kind: "set", task: verdict.task });
  change.deeds.push(`requeues ${task.id}`);
  return change;
}
