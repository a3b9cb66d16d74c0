import { Duration } from "../core/duration.ts";
import { daysAfter, localDay } from "../core/local-day.ts";
import { Fault } from "../fault.ts";

/** The moment from which on a person wants to see something. */
export function sinceMs(text: string, now: Date): number {
  const seconds = Duration.safeParse(text);
  if (seconds.success) return now.getTime() - seconds.data * 1000;
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new Fault("USAGE", `--since ${text}: expected a duration or a date`, {
    hint: "Such as 2h, 3d, 2026-11-20 or 2026-11-20T08:00Z.",
  });
}

/** The day in the zone from which on; `7d` is the seventh day before today, however many hours the days between had. */
export function sinceDay(text: string, { now, timezone }: { now: Date; timezone: string }): string {
  const seconds = Duration.safeParse(text);
  if (seconds.success) return daysAfter(localDay(timezone, now), -Math.floor(seconds.data / 86_400));
  const at = new Date(sinceMs(text, now));
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : localDay(timezone, at);
}
