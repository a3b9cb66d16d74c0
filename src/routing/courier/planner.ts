import { hash } from "node:crypto";

import type { Channel } from "../../ports/channel.ts";
import type { Envelope } from "../../core/envelope.ts";
import type { Pacing } from "../deliveries/pacing.ts";
import type { Entry } from "../entry.ts";
import type { Plan } from "../plan-types.ts";
import { plan } from "../rules/plan.ts";
import { quietHoursOf, quietMode, quietUntil, wishOf } from "../rules/quiet.ts";
import { RecentPast } from "../rules/recent-past.ts";
import type { Routing } from "../rules/settings.ts";

/** Plans by the rules as they are now, with what was written down so far in mind. */
export class Planner {
  readonly #routing: () => Routing;
  readonly #past: RecentPast;

  constructor(routing: () => Routing) {
    this.#routing = routing;
    this.#past = new RecentPast(routing);
  }

  take(entry: Entry): void {
    this.#past.take(entry);
  }

  plan(envelope: Envelope, now: Date): { plan: Plan; config: string } {
    const routing = this.#routing();
    const past = this.#past.about(envelope, now);
    return { plan: plan(envelope, { routing, now, past }), config: configOf(routing) };
  }
}

/** Names the settings that made a plan, so that it can be told later whether they still stand. */
function configOf(routing: Routing): string {
  return `sha256:${hash("sha256", JSON.stringify(routing)).slice(0, 16)}`;
}

/** When destinations may be used, as the settings have it. */
export function pacingOf(
  routing: () => Routing,
  channelOf: (destination: string) => Channel | undefined,
): Pacing {
  return {
    memoryOf: (destination) => channelOf(destination)?.memory,
    fallbacksOf: (destination) => fallbacksOf(routing(), destination),
    awake(destination, at, quiet) {
      const settings = routing();
      const hours = quietHoursOf(settings, destination);
      return quietUntil(at, { hours, timezone: settings.timezone, wish: quiet && wishOf(quiet) }) ?? at;
    },
    rings: (destination) => routing().destinations[destination]?.kind === "telegram",
    holds(destination, name) {
      const { rules, destinations } = routing();
      const rule = rules.find((one) => one.name === name);
      return quietMode(rule, destinations[destination]) === "hold";
    },
  };
}

/** The one that is named, what that names, and then the places that nobody overlooks, other networks first. */
function fallbacksOf({ destinations }: Routing, destination: string): string[] {
  const chain: string[] = [];
  for (let next = destinations[destination]?.fallback; next !== undefined && !chain.includes(next);) {
    chain.push(next);
    next = destinations[next]?.fallback;
  }
  const kind = destinations[destination]?.kind;
  const usual = ["alerts", "system", "owner"].filter((name) => destinations[name] !== undefined);
  const others = usual.filter((name) => destinations[name]?.kind !== kind);
  return [...new Set([...chain, ...others, ...usual])].filter((name) => name !== destination);
}
