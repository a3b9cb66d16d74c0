import { durationText } from "../../src/core/duration.ts";
import { oneLine } from "../../src/format/queue-header.ts";
import type { Job } from "../../src/openclaw/job.ts";

/** For people. */
export function rhythmOfJob({ schedule: { kind, expr, everyMs } }: Pick<Job, "schedule">): string {
  if (expr !== undefined) return oneLine(expr, 60);
  if (everyMs !== undefined) return `every ${durationText(everyMs / 1000, 4)}`;
  return oneLine(kind, 60);
}
