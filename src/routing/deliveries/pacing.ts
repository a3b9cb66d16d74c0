import type { Channel } from "../../ports/channel.ts";
import type { State } from "./state.ts";

/** What the course of deliveries depends on beside what was written down. */
export type Pacing = {
  /** Undefined: there is no channel of that name any more. */
  memoryOf(destination: string): Channel["memory"] | undefined;
  /** Where things go that cannot be delivered, the best first. */
  fallbacksOf(destination: string): readonly string[];
  /**
   * The first instant from `at` on at which whoever reads this destination may be woken.
   *
   * @param quiet what somebody has said by hand about quiet hours
   */
  awake(destination: string, at: Date, quiet: State["quiet"]): Date;
  /** Whether it is a phone, to which not everything goes that finds no other place. */
  rings(destination: string): boolean;
  /** Whether what comes there by that rule waits for the end of quiet hours, unless it is critical. */
  holds(destination: string, rule: string): boolean;
};

/** Seconds until the next try after so many failures; the last one for all that follow. */
const retrySeconds = [5, 25, 120, 600, 3600];

export function retryAt(failures: number, now: Date): string {
  const seconds = retrySeconds[Math.min(failures, retrySeconds.length - 1)] ?? 3600;
  return later(now, seconds);
}

/** A post that may have arrived is looked for so many seconds after the doubt, which the network needs to show it. */
export const settleSeconds = 3;

/** A destination that was away for longer has no single messages waiting afterwards, but one that lists them. */
export const awaySeconds = 600;

/** That message replaces no fewer than these. */
export const backAtLeast = 3;

export function later(now: Date, seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}

export function isPast(instant: string, now: Date): boolean {
  return Date.parse(instant) <= now.getTime();
}
