import type { Envelope } from "../../core/envelope.ts";
import { stamp } from "../../core/stamp.ts";
import type { Plan, PlannedDelivery, Suppression, Timing, TraceLine } from "../plan-types.ts";
import { expiryOf, saidExpiry } from "./expiry.ts";
import { asksSomething, mismatch } from "./match.ts";
import type { Destination, Routing, Rule } from "./settings.ts";
import { suppressed } from "./suppress.ts";
import { timed, type Moment } from "./timing.ts";

/** What the end of something is shown by, where no rule sends it but its beginning was shown. No rule is called so. */
const followUp = "(follow-up)";

type Route = { rule: Rule; destination: string };
type Fate = { delivery: PlannedDelivery } | { suppression: Suppression & { destination?: string } };

/**
 * Where an event goes, when, and why. The same event with the same past at the same time has the same plan; every plan
 * has a delivery or says why there is none.
 */
export function plan(envelope: Envelope, moment: Moment): Plan {
  const { trace, routes } = looked(envelope, moment.routing);
  const nowhere = suppressed(envelope, moment);
  if (nowhere !== undefined) return { trace, deliveries: [], suppressed: [nowhere] };
  const fates = routes.map((route) => fateOf(envelope, route, moment));
  const later = isLaterNews(envelope) ? followUps(envelope, routes, moment) : [];
  const told = later.map(({ destination }) => destination);
  return {
    trace:
      told.length === 0 ? trace : [...trace, { rule: followUp, verdict: "matched", goesOn: false, to: told }],
    deliveries: [...fates.flatMap((fate) => ("delivery" in fate ? [fate.delivery] : [])), ...later],
    suppressed: fates.flatMap((fate) => ("suppression" in fate ? [fate.suppression] : [])),
  };
}

/** Goes through the rules in order. The first rule that names a destination decides how the event comes there. */
function looked(envelope: Envelope, routing: Routing): { trace: TraceLine[]; routes: Route[] } {
  const trace: TraceLine[] = [];
  const routes: Route[] = [];
  let stopped = false;
  for (const rule of routing.rules) {
    const because = stopped ? undefined : mismatch(envelope, rule.when);
    if (stopped) trace.push({ rule: rule.name, verdict: "not-looked-at" });
    else if (because !== undefined) trace.push({ rule: rule.name, verdict: "no", because });
    else {
      trace.push({ rule: rule.name, verdict: "matched", goesOn: rule.also, to: rule.to });
      routes.push(...rule.to.map((destination) => ({ rule, destination })));
      stopped = !rule.also;
    }
  }
  return { trace, routes: routes.filter((route, n) => firstTo(route.destination, routes, routing) === n) };
}

/** Two names may be one place, as when everything goes to one channel. */
function firstTo(destination: string, routes: readonly Route[], { destinations }: Routing): number {
  const place = placeOf(destinations[destination], destination);
  return routes.findIndex((other) => placeOf(destinations[other.destination], other.destination) === place);
}

function placeOf(destination: Destination | undefined, name: string): string {
  switch (destination?.kind) {
    case "telegram":
      return `telegram ${destination.chat}`;
    case "discord":
      return `discord ${destination.channel.id ?? destination.channel.name}`;
    case "file":
      return `file ${destination.folder} ${destination.page}`;
    case "console":
    case "ledger":
      return destination.kind;
    default:
      return `called ${name}`;
  }
}

function fateOf(envelope: Envelope, { rule, destination }: Route, moment: Moment): Fate {
  const { routing, now, past } = moment;
  const where = routing.destinations[destination];
  if (where?.kind === "ledger") {
    return { suppression: { why: "recorded-only", rule: rule.name, destination } };
  }
  const expires = expiryOf(envelope, rule);
  if (expires <= now) return { suppression: { why: "expired", destination } };
  if (envelope.status === "resolved" && past.open && isHeldBack(past.open.goes.get(destination), now)) {
    return { suppression: { why: "never-shown", of: past.open.event, destination } };
  }
  const { timing, silent } = timed(envelope, rule, destination, moment);
  const delivery: PlannedDelivery = {
    destination,
    rule: rule.name,
    timing,
    silent: silent || rule.silent,
    inPlace: rule.editInPlace && isLaterNews(envelope),
    statusCard: rule.statusCard,
    thread: rule.thread,
    mentionsOwner: where?.kind === "discord" && where.mention && asksSomething(envelope),
    remindAfter: envelope.status !== "resolved" && destination === rule.to[0] ? rule.remindAfter : [],
    expires: stamp(saidExpiry(envelope) ?? notBefore(expires, timing)),
  };
  return { delivery };
}

/** Puts right, without a sound, what was shown of the beginning at places where no rule sends the rest. */
function followUps(
  envelope: Envelope,
  routes: readonly Route[],
  { routing, now, past }: Moment,
): PlannedDelivery[] {
  const shown = [...(past.open?.goes ?? [])].filter(([, until]) => !isHeldBack(until, now));
  return shown
    .map(([destination]) => destination)
    .filter((name) => name in routing.destinations && !routes.some(({ destination }) => destination === name))
    .map((destination) => ({
      destination,
      rule: followUp,
      timing: { kind: "now" },
      silent: true,
      inPlace: true,
      statusCard: false,
      thread: false,
      mentionsOwner: false,
      remindAfter: [],
      expires: stamp(expiryOf(envelope, undefined)),
    }));
}

function isLaterNews({ status, revision }: Envelope): boolean {
  return status === "update" || status === "resolved" || revision > 1;
}

function isHeldBack(until: Date | undefined, now: Date): boolean {
  return until !== undefined && until > now;
}

/** What waits on purpose is not too old when its time has come. */
function notBefore(expires: Date, timing: Timing): Date {
  if (timing.kind === "now") return expires;
  const graceMs = 6 * 3_600_000;
  return new Date(Math.max(expires.getTime(), Date.parse(timing.until) + graceMs));
}
