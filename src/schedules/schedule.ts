import { Cron } from "croner";

import type { Request } from "../core/request.ts";

/** What is done with times that went by while nobody was there to see them. */
export const missedPolicies = ["skip", "once", "all"] as const;
export type MissedPolicy = (typeof missedPolicies)[number];

/** When it is due: by a cron expression in a time zone, or each so many seconds counted from 1970. */
export type Rhythm =
  | { kind: "cron"; expression: string; timezone: string }
  | { kind: "every"; seconds: number };

export type Schedule = {
  name: string;
  rhythm: Rhythm;
  missed: MissedPolicy;
  title: string;
  /** Read when it is needed: it may stand in a file that people edit. */
  prompt(): Promise<string>;
  request: Request;
};

/** More at once would be a flood, whatever the policy says. */
const mostMissed = 100;

/** A time that is noticed later than this was missed: polls take seconds, and a slow push a minute. */
const lateSeconds = 300;

/** The first due time after `from`; undefined when there is none any more. */
export function nextDue(rhythm: Rhythm, from: Date): Date | undefined {
  if (rhythm.kind === "every") {
    const ms = rhythm.seconds * 1000;
    return new Date((Math.floor(from.getTime() / ms) + 1) * ms);
  }
  return cronOf(rhythm).nextRun(from) ?? undefined;
}

export type Due = {
  /** In order; what is to be submitted now. */
  fire: Date[];
  /** How many were left out. */
  dropped: number;
};

/** What has come due after `since` until `now`, and what the policy leaves of it. */
export function dueBetween({ rhythm, missed }: Schedule, since: Date, now: Date): Due {
  const all: Date[] = [];
  let count = 0;
  for (let at = nextDue(rhythm, since); at && at <= now; at = nextDue(rhythm, at)) {
    count++;
    all.push(at);
    if (all.length > mostMissed) all.shift();
  }
  const isLate = (at: Date) => now.getTime() - at.getTime() > lateSeconds * 1000;
  const late = all.filter(isLate);
  const fresh = all.filter((at) => !isLate(at));
  const fire = [...keptOf(late, fresh, missed), ...fresh];
  return { fire, dropped: count - fire.length };
}

/** Of those that were missed the newest one stands for the others, unless a fresh one does. */
function keptOf(late: readonly Date[], fresh: readonly Date[], policy: MissedPolicy): readonly Date[] {
  if (policy === "all") return late;
  return policy === "once" && fresh.length === 0 ? late.slice(-1) : [];
}

/** Why an expression or a zone cannot be used; undefined when it can. */
export function badCron(expression: string, timezone: string): string | undefined {
  try {
    const cron = cronOf({ expression, timezone });
    return cron.nextRun() === null ? "it never comes" : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Reading the zone database is slow, and the same few are asked for again and again. */
const known = new Map<string, Cron>();

function cronOf({ expression, timezone }: { expression: string; timezone: string }): Cron {
  const key = `${timezone} ${expression}`;
  const old = known.get(key);
  if (old) return old;
  const cron = new Cron(expression, { timezone, paused: true });
  if (known.size >= 500) known.clear();
  known.set(key, cron);
  return cron;
}

/** The rhythm as a person writes it. */
export function rhythmText(rhythm: Rhythm): string {
  return rhythm.kind === "every" ? `every ${rhythm.seconds}s` : `${rhythm.expression} (${rhythm.timezone})`;
}
