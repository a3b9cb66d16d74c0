import { nextLocal } from "./local-time.ts";
import type { QuietHours, Routing } from "./settings.ts";

/** Whose night it is, and a quiet time that somebody has asked for by hand, if it still lasts. */
export type QuietQuestion = { hours: QuietHours | undefined; timezone: string; askedUntil: Date | undefined };

/** The end of the quiet time that `at` lies in; undefined if it lies in none. */
export function quietUntil(at: Date, question: QuietQuestion): Date | undefined {
  const { hours, timezone, askedUntil } = question;
  if (askedUntil !== undefined && at < askedUntil) {
    return scheduledEnd(askedUntil, hours, timezone) ?? askedUntil;
  }
  return scheduledEnd(at, hours, timezone);
}

/** The end of the night that comes next, or is: when things come that can wait. */
export function nextMorning(at: Date, { hours, timezone }: Omit<QuietQuestion, "askedUntil">): Date {
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
