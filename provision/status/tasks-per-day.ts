import { daysAfter, localDay } from "../../src/core/local-day.ts";
import type { Result } from "../../src/core/outcome.ts";

/** How many tasks ended on each of the last `days` days of the zone, today last. */
export function tasksPerDay(
  results: readonly Pick<Result, "ended">[],
  { timezone, now, days }: { timezone: string; now: Date; days: number },
): number[] {
  const today = localDay(timezone, now);
  const ended = results.flatMap((result) => {
    const at = new Date(result.ended);
    return Number.isNaN(at.getTime()) ? [] : [localDay(timezone, at)];
  });
  return Array.from({ length: days }, (_, n) => {
    const day = daysAfter(today, n - days + 1);
    return ended.filter((one) => one === day).length;
  });
}
