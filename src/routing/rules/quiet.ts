import { nextLocal } from "./local-time.ts";
import type { Destination, QuietHours, Routing, Rule } from "./settings.ts";

/** What somebody has said by hand: quiet until then, or that the night in which they said it is over. */
export type QuietWish = { until: Date } | { overAt: Date };

export function wishOf({ until, at }: { until: string | null; at: string }): QuietWish {
  return until === null ? { overAt: new Date(at) } : { until: new Date(until) };
}

/** What a rule does at night; messages that no rule sends do what is usual at their destination. */
export function quietMode(
  rule: Pick<Rule, "quiet"> | undefined,
  destination: Pick<Destination, "kind"> | undefined,
): NonNullable<Rule["quiet"]> {
  return rule?.quiet ?? (destination?.kind === "telegram" ? "hold" : "pass");
}

export type QuietQuestion = {
  hours: QuietHours | undefined;
  timezone: string;
  wish: QuietWish | undefined;
};

/** The end of the quiet time that `at` lies in; undefined if it lies in none. */
export function quietUntil(at: Date, { hours, timezone, wish }: QuietQuestion): Date | undefined {
  if (wish !== undefined && "until" in wish && at < wish.until) {
    return scheduledEnd(wish.until, hours, timezone) ?? wish.until;
  }
  const end = scheduledEnd(at, hours, timezone);
  if (end === undefined || wish === undefined || "until" in wish) return end;
  const endedNight = scheduledEnd(wish.overAt, hours, timezone);
  return endedNight?.getTime() === end.getTime() ? undefined : end;
}

/** The end of the night that comes next, or is: when things come that can wait. */
export function nextMorning(at: Date, { hours, timezone }: Omit<QuietQuestion, "wish">): Date {
  return nextLocal(hours?.to ?? "07:30", timezone, at);
}

/** The hours of the person whose chat a destination is, everybody's otherwise. */
export function quietHoursOf(routing: Routing, destination: string): QuietHours | undefined {
  const where = routing.destinations[destination];
  const person = where?.kind === "telegram" ? where.person : routing.owner;
  return routing.people[person]?.quietHours ?? routing.quietHours;
}

/** Quiet hours last if their end comes before their next beginning. */
function scheduledEnd(at: Date, hours: QuietHours | undefined, timezone: string): Date | undefined {
  if (hours === undefined) return undefined;
  const end = nextLocal(hours.to, timezone, at);
  return end < nextLocal(hours.from, timezone, at) ? end : undefined;
}
