import type { Envelope } from "../../core/envelope.ts";
import { stamp } from "../../core/stamp.ts";
import type { Timing } from "../plan-types.ts";
import { digestWindow } from "./digest-window.ts";
import { saidExpiry } from "./expiry.ts";
import { labelOf } from "./match.ts";
import { nextMorning, quietHoursOf, quietMode, quietUntil } from "./quiet.ts";
import type { History } from "./recent-past.ts";
import type { Routing, Rule } from "./settings.ts";

/** Seconds that news of a source that talks too much are collected for. */
const floodSeconds = 60;

export type Moment = { routing: Routing; now: Date; past: History };

export type Timed = { timing: Timing; silent: boolean };

/** When something may be shown at a destination: first what the rule wants, then what the night and the budget allow. */
export function timed(envelope: Envelope, rule: Rule, destination: string, moment: Moment): Timed {
  const wanted = wantedTiming(envelope, rule, moment);
  const night = nightTiming(envelope, rule, { destination, wanted, moment });
  if (night !== undefined) return night;
  if (isOverBudget(envelope, destination, wanted, moment)) {
    return {
      timing: { kind: "held", until: stamp(morning(destination, moment)), because: "budget" },
      silent: false,
    };
  }
  return { timing: afterFlood(envelope, wanted, moment), silent: false };
}

function wantedTiming(envelope: Envelope, rule: Rule, { routing, now }: Moment): Timing {
  const times = rule.digest === undefined ? undefined : routing.digests[rule.digest];
  if (rule.digest !== undefined && times !== undefined) {
    const { window, until } = digestWindow(times, routing.timezone, now);
    const stale = isOverBy(envelope, until);
    return stale ? { kind: "now" } : { kind: "digest", digest: rule.digest, window, until: stamp(until) };
  }
  if (rule.holdSeconds > 0 && envelope.status === "firing") {
    return { kind: "held", until: stamp(later(now, rule.holdSeconds)), because: "hold" };
  }
  if (rule.group !== undefined) {
    const key = [rule.name, ...rule.group.by.map((name) => groupValue(envelope, name))].join(":");
    return { kind: "grouped", key, until: stamp(later(now, rule.group.seconds)) };
  }
  return { kind: "now" };
}

function nightTiming(
  envelope: Envelope,
  rule: Rule,
  { destination, wanted, moment }: { destination: string; wanted: Timing; moment: Moment },
): Timed | undefined {
  const { routing, now, past } = moment;
  const mode = quietMode(rule, routing.destinations[destination]);
  if (mode === "pass") return undefined;
  const due = wanted.kind === "now" ? now : new Date(wanted.until);
  const hours = quietHoursOf(routing, destination);
  const end = quietUntil(due, { hours, timezone: routing.timezone, wish: past.quiet });
  if (end === undefined) return undefined;
  if (mode === "silent") return { timing: wanted, silent: true };
  if (isUrgent(envelope, end)) return undefined;
  if (wanted.kind === "digest") return { timing: { ...wanted, until: stamp(end) }, silent: false };
  return { timing: { kind: "held", until: stamp(end), because: "quiet" }, silent: false };
}

function isOverBudget(envelope: Envelope, destination: string, wanted: Timing, moment: Moment): boolean {
  const { routing, past } = moment;
  if (routing.destinations[destination]?.kind !== "telegram" || wanted.kind === "digest") return false;
  if (past.telegramToday < routing.budget.telegram) return false;
  return !isUrgent(envelope, morning(destination, moment));
}

function afterFlood(envelope: Envelope, wanted: Timing, { routing, now, past }: Moment): Timing {
  if (wanted.kind !== "now" || envelope.action !== undefined) return wanted;
  if (past.fromSource < routing.flood.perMinute) return wanted;
  return { kind: "grouped", key: `flood:${envelope.source}`, until: stamp(later(now, floodSeconds)) };
}

/** It cannot wait until then: harm now, or over by then. */
function isUrgent(envelope: Envelope, until: Date): boolean {
  return envelope.severity === "critical" || isOverBy(envelope, until);
}

function isOverBy(envelope: Envelope, instant: Date): boolean {
  const end = saidExpiry(envelope);
  return end !== undefined && end <= instant;
}

function morning(destination: string, { routing, now }: Moment): Date {
  return nextMorning(now, { hours: quietHoursOf(routing, destination), timezone: routing.timezone });
}

function later(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

function groupValue(envelope: Envelope, name: string): string {
  if (name === "category" || name === "subject" || name === "source") return envelope[name];
  return labelOf(envelope.labels, name) ?? "";
}
