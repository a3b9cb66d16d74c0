import { PushBudget } from "../ledger/push-budget.ts";
import type { Clock } from "../ports/clock.ts";

/** Main goes a little ahead of workers that wait for the same gap: what it has to say concerns them all. */
const aheadMs = 5000;

export function budgetOfMain(clock: Clock, perMinute: () => number | undefined): PushBudget {
  return new PushBudget(clock, perMinute, { aheadMs });
}
