import * as z from "zod";

import { Action, Envelope } from "../../core/envelope.ts";
import type { Plan } from "../plan-types.ts";
import { actionOf } from "../fact.ts";
import { plan } from "./plan.ts";
import { RecentPast } from "./recent-past.ts";
import type { Routing } from "./settings.ts";

const kinds = ["now", "held", "grouped", "digest"] as const;
const reasons = [
  "duplicate",
  "inhibited",
  "silenced",
  "expired",
  "nothing-open",
  "never-shown",
  "recorded-only",
] as const;

/** What an event says; the rest is made up. `action: true` asks for an approval. */
const Told = z
  .strictObject({
    ...Envelope.omit({ v: true, id: true, at: true, action: true }).shape,
    source: Envelope.shape.source.default("cli"),
    subject: Envelope.shape.subject.default("test:fixture"),
    title: Envelope.shape.title.default("A test"),
    action: z.union([z.literal(true), Action], "must be true, or an action in full").optional(),
  })
  .meta({ description: "An event; only its category has to be said" });

const Expected = z.union(
  [z.enum(reasons), z.array(z.string()).min(1), z.record(z.string(), z.enum(kinds))],
  `must be a list of destinations, a block of them with ${kinds.join(", ")}, or one of ${reasons.join(", ")}`,
);

/** A file of these is a test of somebody's rules: events, and where they are to go. */
export const Fixtures = z
  .array(
    z.strictObject({
      name: z.string().optional(),
      at: z.iso.datetime({ offset: true }).default("2026-06-01T12:00:00Z"),
      /** Told before it, in this order and at the same time. */
      after: z.array(Told).default([]),
      event: Told,
      expect: Expected,
    }),
  )
  .min(1, "has no event to test");
export type Fixtures = z.infer<typeof Fixtures>;

export type FixtureOutcome = {
  name: string;
  ok: boolean;
  expected: string;
  got: string;
  plan: Plan;
  envelope: Envelope;
};

/** Plans each event as if nothing had been before but what its fixture says. */
export function tested(fixtures: Fixtures, routing: Routing): FixtureOutcome[] {
  return fixtures.map((fixture, n) => {
    const past = new RecentPast(() => routing);
    const now = new Date(fixture.at);
    const tell = (told: z.infer<typeof Told>, place: string) => {
      const envelope = filled(told, { place: `${n} ${place}`, at: fixture.at });
      past.take({ at: fixture.at, t: "event", envelope });
      const made = plan(envelope, { routing, now, past: past.about(envelope, now) });
      past.take({ at: fixture.at, t: "planned", event: envelope.id, config: "", plan: made });
      return { envelope, made };
    };
    fixture.after.forEach((told, before) => tell(told, `after ${before}`));
    const { envelope, made } = tell(fixture.event, "event");
    const expected = expectedText(fixture.expect);
    const got = gotText(made, Array.isArray(fixture.expect));
    const name = fixture.name ?? `${envelope.category} ${envelope.severity}`;
    return { name, ok: expected === got, expected, got, plan: made, envelope };
  });
}

function filled(told: z.infer<typeof Told>, { place, at }: { place: string; at: string }): Envelope {
  const { action, ...rest } = told;
  const made = actionOf({ kind: "approve", options: [], risk: "low" }, [place]);
  return Envelope.parse({
    ...rest,
    v: 1,
    id: made.id.replace("ac_", "ev_").padEnd(29, "0"),
    at,
    ...(action === undefined ? {} : { action: action === true ? made : action }),
  });
}

function expectedText(expected: z.infer<typeof Expected>): string {
  if (typeof expected === "string") return `nowhere: ${expected}`;
  if (Array.isArray(expected)) return expected.toSorted().join(", ");
  return Object.entries(expected)
    .map(([name, kind]) => `${name} ${kind}`)
    .toSorted()
    .join(", ");
}

function gotText({ deliveries, suppressed }: Plan, namesOnly: boolean): string {
  if (deliveries.length === 0) return `nowhere: ${[...new Set(suppressed.map(({ why }) => why))].join(", ")}`;
  return deliveries
    .map(({ destination, timing }) => (namesOnly ? destination : `${destination} ${timing.kind}`))
    .toSorted()
    .join(", ");
}
