import { Duration } from "../core/duration.ts";

/** A time as a person may type it: a duration counts from now, anything else is left as it is. */
export function moment(text: string, now: Date): string {
  const seconds = Duration.safeParse(text);
  return seconds.success ? new Date(now.getTime() + seconds.data * 1000).toISOString() : text;
}
