import { Cron } from "croner";

import { localDay } from "../../core/local-day.ts";

type Known = { cron: Cron; afterMs: number; nextMs: number };

/** The last answer of each question: events come close together, and the zone database is slow to ask. */
const known = new Map<string, Known>();

/**
 * The first instant after `now` at which clocks in the zone show `time`, such as `07:30`. On a day that leaves the time
 * out it is the instant of the jump; on a day that has it twice it comes once.
 */
export function nextLocal(time: string, timezone: string, now: Date): Date {
  const key = `${timezone} ${time}`;
  const nowMs = now.getTime();
  const old = known.get(key);
  if (old && old.afterMs <= nowMs && nowMs < old.nextMs) return new Date(old.nextMs);
  const cron = old?.cron ?? dailyAt(time, timezone);
  const next = cron.nextRun(now);
  if (next === null) throw new RangeError(`${timezone} never shows ${time} after ${now.toISOString()}`);
  if (known.size >= 500) known.clear();
  known.set(key, { cron, afterMs: nowMs, nextMs: next.getTime() });
  return next;
}

/** `07:30`, or `22 Nov 07:30` when that is not the day of `today`. */
export function localText(timezone: string, at: Date, today: Date): string {
  const time = formatter(timezone, "time").format(at);
  if (localDay(timezone, at) === localDay(timezone, today)) return time;
  return `${formatter(timezone, "date").format(at)} ${time}`;
}

export function isTimezone(name: string): boolean {
  try {
    formatter(name, "date");
    return true;
  } catch {
    return false;
  }
}

function dailyAt(time: string, timezone: string): Cron {
  const [hour, minute] = time.split(":").map(Number);
  return new Cron(`${minute} ${hour} * * *`, { timezone, paused: true });
}

const shapes = {
  date: ["en-GB", { day: "numeric", month: "short" }],
  time: ["en-GB", { hour: "2-digit", minute: "2-digit" }],
} as const satisfies Record<string, [string, Intl.DateTimeFormatOptions]>;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timezone: string, shape: keyof typeof shapes): Intl.DateTimeFormat {
  const key = `${timezone} ${shape}`;
  const old = formatters.get(key);
  if (old) return old;
  const [language, options] = shapes[shape];
  const made = new Intl.DateTimeFormat(language, { ...options, timeZone: timezone });
  if (formatters.size >= 500) formatters.clear();
  formatters.set(key, made);
  return made;
}
