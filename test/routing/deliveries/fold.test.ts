import { expect, test } from "vitest";

import { fold } from "../../../src/routing/deliveries/fold.ts";
import type { Entry } from "../../../src/routing/entry.ts";
import { plan } from "../../../src/routing/rules/plan.ts";
import { RecentPast } from "../../../src/routing/rules/recent-past.ts";
import { anEvent, routingOf } from "../../support/routing.ts";

test("an event that is written down twice, as by a mirror that is read, keeps its plan and deliveries", () => {
  const routing = routingOf();
  const envelope = anEvent({ category: "result.subagent" });
  const { at } = envelope;
  const now = new Date(at);
  const past = new RecentPast(() => routing).about(envelope, now);
  const told: Entry = { at, t: "event", envelope };
  const planned: Entry = {
    at,
    t: "planned",
    event: envelope.id,
    config: "-",
    plan: plan(envelope, { routing, now, past }),
  };
  const once = fold([told, planned]).events.get(envelope.id);
  expect(once?.deliveries.length).toBeGreaterThan(0);
  expect(fold([told, planned, told]).events.get(envelope.id)).toEqual(once);
});
