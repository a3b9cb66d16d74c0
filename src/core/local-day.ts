const formatters = new Map<string, Intl.DateTimeFormat>();

/** The date in the zone, such as `2026-11-21`: what "today" means there. */
export function localDay(timezone: string, at: Date): string {
  let formatter = formatters.get(timezone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-CA", { ...shape, timeZone: timezone });
    if (formatters.size >= 100) formatters.clear();
    formatters.set(timezone, formatter);
  }
  return formatter.format(at);
}

const shape = { year: "numeric", month: "2-digit", day: "2-digit" } as const;

/** So many days of the calendar later, or earlier; however many hours each of them has. */
export function daysAfter(day: string, count: number): string {
  return new Date(Date.parse(`${day}T12:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}
