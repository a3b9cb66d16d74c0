import * as z from "zod";

import { NodeName, TaskId, Token } from "./ids.ts";
import { Slug } from "./request.ts";

/**
 * What a worker says about itself in its sign of life. Nobody compares `at` with a clock of his own: whether the worker
 * lives is read off the beat's commit, which changes with each one.
 */
export const Beat = z.object({
  worker: NodeName,
  /** Names the worker's state folder: another one under the same name is another machine. */
  id: Token.optional(),
  /** One more with each beat of a worker's life, so that no two beats are the same commit. */
  count: z.int().nonnegative(),
  at: z.string(),
  version: z.string(),
  host: z.string(),
  state: z.enum(["idle", "busy", "draining", "stopped"]),
  /** The code of the fault for which the worker neither takes nor publishes anything at present. */
  trouble: z.string().optional(),
  slots: z.int().nonnegative(),
  executors: z.array(Slug),
  capabilities: z.array(Slug),
  /** Executors that are switched off because they turned out to be misconfigured, or rest, and why. */
  unhealthy: z.record(z.string(), z.string()),
  /** Those of them that met a passing trouble, and in how many seconds each is tried again; 0 while one task does. */
  resting: z.record(z.string(), z.number().nonnegative()).optional(),
  /** There while the day's budget is spent, in USD: these of the unhealthy executors go on at its end by themselves. */
  budget: z
    .object({ day: z.iso.date(), spentUsd: z.number(), perDayUsd: z.number(), executors: z.array(Slug) })
    .optional(),
  running: z.array(
    z.object({
      task: TaskId,
      token: Token,
      attempt: z.int(),
      /** Seconds since the attempt began, by the worker's own stopwatch. */
      seconds: z.number(),
      progress: z.string().optional(),
    }),
  ),
  /** Seconds after which the next beat is due; three of them without a change mean that the worker is lost. */
  every: z.number().positive(),
});
export type Beat = z.infer<typeof Beat>;

/** Is this unhealthy executor nobody's to mend, because it only rests or waits for the next day's money? */
export function goesOnByItself(
  executor: string,
  { resting, budget }: Pick<Beat, "resting" | "budget">,
): boolean {
  return rests(executor, { resting }) || budget?.executors.includes(executor) === true;
}

/** Did it meet a passing trouble, and has not succeeded since? */
export function rests(executor: string, { resting = {} }: Pick<Beat, "resting">): boolean {
  return Object.hasOwn(resting, executor);
}
