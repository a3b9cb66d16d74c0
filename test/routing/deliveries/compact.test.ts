import { describe, expect, test } from "vitest";

import { essential } from "../../../src/routing/deliveries/compact.ts";
import { fold } from "../../../src/routing/deliveries/fold.ts";
import { openActions } from "../../../src/routing/deliveries/select.ts";
import { PostOffice } from "../../support/post-office.ts";
import { anAction, anEvent, networks, routingOf } from "../../support/routing.ts";

describe("a shorter journal", () => {
  test("forgets what is old and over, and knows everything else as before", async () => {
    const office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
    await office.open();
    const tell = (n: number, given: object) =>
      office.tell(
        anEvent({ at: office.clock.now().toISOString(), title: `News ${n}`, subject: `s:${n}`, ...given }, n),
      );
    await tell(1, { category: "action.approve", action: anAction() });
    await tell(2, { category: "briefing.morning" });
    await office.pass(9 * 86_400, 3600);
    await tell(3, { category: "briefing.morning" });
    const { entries } = office.journal;
    const kept = essential(entries, office.clock.now());
    expect(kept.length).toBeLessThan(entries.length);
    const state = fold(kept);
    expect([...state.events.keys()].map((id) => id.slice(-1))).toEqual(["1", "3"]);
    expect(openActions(state)).toHaveLength(1);
    expect(state.open).toEqual(office.courier.state.open);
    office.journal.entries = kept;
    await office.open();
    const before = office.channel("briefings").calls;
    await office.pass(60);
    expect(office.channel("briefings").calls).toBe(before);
  });

  test("knows the card that is edited again and again, however long nothing has changed", async () => {
    const office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
    await office.open();
    const beat = (n: number) =>
      office.tell(anEvent({ at: office.clock.now().toISOString(), category: "heartbeat.ok" }, n));
    await beat(1);
    await office.pass(9 * 86_400);
    office.journal.entries = essential(office.journal.entries, office.clock.now());
    await office.open();
    await beat(2);
    expect(office.channel("system").shown).toEqual([expect.objectContaining({ edits: 1 })]);
  });
});
