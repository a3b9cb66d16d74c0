import type { Envelope } from "../../core/envelope.ts";
import type { Entry } from "../entry.ts";
import type { Plan, PlannedDelivery } from "../plan-types.ts";
import { plan } from "./plan.ts";
import { RecentPast } from "./recent-past.ts";
import type { Routing } from "./settings.ts";

export type Replayed = {
  events: number;
  /** Messages at each destination, as it was and as it would have been; an edit is none, a digest is one. */
  messages: { destination: string; before: number; after: number }[];
  /** Events that would go elsewhere, or at another time. */
  changed: { envelope: Envelope; before: string; after: string }[];
};

/**
 * What other rules would have made of the same events. Events before `since` are replayed too, for what they leave
 * behind, and not counted.
 */
export function backtest(entries: readonly Entry[], routing: Routing, since?: Date): Replayed {
  const past = new RecentPast(() => routing);
  const plans = plansIn(entries);
  const counts = { before: new Tally(), after: new Tally() };
  const changed: Replayed["changed"] = [];
  let events = 0;
  for (const entry of entries) {
    if (entry.t !== "event" && entry.t !== "planned") past.take(entry);
    if (entry.t !== "event") continue;
    const { envelope, at } = entry;
    const now = new Date(at);
    past.take(entry);
    const after = plan(envelope, { routing, now, past: past.about(envelope, now) });
    past.take({ at, t: "planned", event: envelope.id, config: "", plan: after });
    const before = plans.get(envelope.id);
    if (before === undefined || (since && now < since)) continue;
    events++;
    counts.before.add(before, now);
    counts.after.add(after, now);
    const texts = { before: outcomeText(before), after: outcomeText(after) };
    if (texts.before !== texts.after) changed.push({ envelope, ...texts });
  }
  const names = [...new Set([...counts.before.destinations(), ...counts.after.destinations()])].toSorted();
  return {
    events,
    messages: names.map((destination) => ({
      destination,
      before: counts.before.of(destination),
      after: counts.after.of(destination),
    })),
    changed,
  };
}

function plansIn(entries: readonly Entry[]): Map<string, Plan> {
  return new Map(
    entries.flatMap((entry) => (entry.t === "planned" ? [[entry.event, entry.plan] as const] : [])),
  );
}

/** What becomes one message together is counted once. */
class Tally {
  readonly #messages = new Map<string, Set<string>>();
  readonly #groups = new Map<string, string>();
  #count = 0;

  add({ deliveries }: Plan, now: Date): void {
    for (const delivery of deliveries) {
      if (delivery.inPlace || delivery.statusCard) continue;
      const messages = this.#messages.get(delivery.destination) ?? new Set();
      messages.add(this.#messageOf(delivery, now));
      this.#messages.set(delivery.destination, messages);
    }
  }

  of(destination: string): number {
    return this.#messages.get(destination)?.size ?? 0;
  }

  destinations(): Iterable<string> {
    return this.#messages.keys();
  }

  #messageOf({ destination, timing }: PlannedDelivery, now: Date): string {
    if (timing.kind === "digest") return `digest ${timing.digest} ${timing.window}`;
    if (timing.kind === "held" && timing.because !== "hold") return `morning ${timing.until}`;
    if (timing.kind !== "grouped") return `single ${this.#count++}`;
    const key = `${destination} ${timing.key}`;
    const open = this.#groups.get(key);
    const until = open !== undefined && Date.parse(open) > now.getTime() ? open : timing.until;
    this.#groups.set(key, until);
    return `group ${timing.key} ${until}`;
  }
}

function outcomeText({ deliveries, suppressed }: Plan): string {
  if (deliveries.length === 0)
    return `nowhere (${[...new Set(suppressed.map(({ why }) => why))].join(", ")})`;
  return deliveries
    .map(({ destination, timing }) => {
      const how = timing.kind === "held" ? `held (${timing.because})` : timing.kind;
      return `${destination} ${how}`;
    })
    .toSorted()
    .join(", ");
}
