import { allSteps } from "../../provision/all-steps.ts";
import { apply, type Applied, type Run } from "../../provision/apply.ts";
import type { Progress } from "../../provision/progress.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { ModelWorld } from "./model-world.ts";

/** A clock on which sleep takes its time and nothing else does. */
export function leapingClock(): Clock {
  let elapsedMs = 0;
  return {
    now: () => new Date(elapsedMs),
    monotonicMs: () => elapsedMs,
    sleep: async (ms) => {
      elapsedMs += ms;
    },
  };
}

export type Played = { told: Progress[]; applied: Applied | undefined; error: Error | undefined };

/** A run of `provision-worker` in a model of the world. */
export async function play(world: ModelWorld, changes: Partial<Run> = {}): Promise<Played> {
  const told: Progress[] = [];
  const run: Run = {
    steps: allSteps,
    wanted: world.wanted,
    hands: world.hands(),
    clock: leapingClock(),
    tell: (one) => void told.push(one),
    ...changes,
  };
  try {
    return { told, applied: await apply(run), error: undefined };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { told, applied: undefined, error };
  }
}

/** A worker that is all right. */
export async function provisioned(world: ModelWorld): Promise<ModelWorld> {
  const { error } = await play(world);
  if (error !== undefined) throw error;
  world.calls = [];
  return world;
}
