const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * `Sun 22 Nov 04:00` on the clocks of a time zone. Today has its date too, so that a text says the same on whatever day
 * it is made.
 */
export function moment(timeZone: string, iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : formatter(timeZone).format(at).replaceAll(",", "");
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  if (formatters.size >= 100) formatters.clear();
  formatters.set(timeZone, made);
  return made;
}
