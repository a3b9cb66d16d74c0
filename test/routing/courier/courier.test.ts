import { beforeEach, describe, expect, test } from "vitest";

import { Fault } from "../../../src/fault.ts";
import type { ActionId } from "../../../src/core/envelope.ts";
import { openActions, why } from "../../../src/routing/deliveries/select.ts";
import { PostOffice, verbsOf } from "../../support/post-office.ts";
import { anAction, anEvent, networks, routingOf } from "../../support/routing.ts";

const result = (n: number, given: object = {}) =>
  anEvent({ at: "2026-11-21T10:00:00Z", title: `Result ${n}`, subject: `task:${n}`, ...given }, n);

describe("the courier", () => {
  let office: PostOffice;

  beforeEach(async () => {
    office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
    await office.open();
  });

  test("brings an event to where the rules send it, written down before and after", async () => {
    await office.tell(result(1, { category: "briefing.morning" }));
    expect(office.channel("briefings").texts).toEqual([expect.stringContaining("Result 1")]);
    expect(office.journal.entries.map(({ t }) => t)).toEqual(["event", "planned", "claimed", "sent"]);
    expect(office.courier.state.open.size).toBe(0);
  });

  test("tells an event once, however often it is announced and main is started again", async () => {
    const event = result(1, { category: "briefing.morning" });
    await office.tell(event);
    await office.tell(event);
    await office.open();
    await office.tell(event);
    expect(office.channel("briefings").shown).toHaveLength(1);
  });

  test("sends news of a task that comes within moments as one message", async () => {
    for (const n of [1, 2, 3]) {
      office.courier.tell(result(n, { labels: { job: "nightly" }, subject: "job:nightly" }));
    }
    await office.rest();
    expect(office.channel("results").shown).toEqual([]);
    await office.pass(60);
    expect(office.channel("results").texts).toEqual([expect.stringMatching(/3 events together/)]);
    expect(why(office.courier.state, result(2).id)?.sent.map(({ progress }) => progress.kind)).toEqual([
      "joined",
      "sent",
    ]);
  });

  test("is silent about what is over before its hold ends", async () => {
    const outage = { category: "outage", subject: "service:gmail", severity: "warning" };
    await office.tell(result(1, { ...outage, status: "firing" }));
    await office.pass(30);
    await office.tell(result(2, { ...outage, status: "resolved" }));
    await office.pass(3600);
    expect(office.channel("alerts").shown).toEqual([]);
    expect(office.courier.state.open.size).toBe(0);
  });

  test("edits the message of an outage when it is over", async () => {
    const outage = { category: "outage", subject: "service:gmail", severity: "warning" };
    await office.tell(result(1, { ...outage, status: "firing" }));
    await office.pass(300);
    expect(office.channel("alerts").texts).toEqual([expect.stringContaining("Outage")]);
    await office.tell(result(2, { ...outage, at: "2026-11-21T10:05:00Z", status: "resolved" }));
    expect(office.channel("alerts").shown).toHaveLength(1);
    expect(office.channel("alerts").texts[0]).toMatch(/Resolved/);
    expect(office.channel("alerts").texts[0]).toMatch(/It lasted 5m/);
  });

  test("sends anew what was to be edited and is gone", async () => {
    const outage = { category: "outage", subject: "service:gmail", severity: "warning" };
    await office.tell(result(1, { ...outage, status: "firing" }));
    await office.pass(300);
    office.channel("alerts").shown = [];
    await office.tell(result(2, { ...outage, status: "resolved" }));
    expect(office.channel("alerts").texts).toEqual([expect.stringMatching(/Resolved/)]);
  });

  test("collects a digest and sends it at its time", async () => {
    for (const n of [1, 2]) await office.tell(result(n, { category: "memory.update" }));
    expect(office.channel("memory").shown).toEqual([]);
    await office.pass(3600);
    expect(office.channel("memory").texts).toEqual([expect.stringMatching(/Hourly digest · 2 events/)]);
  });

  test("edits one card for beats that are well, so that they make no message", async () => {
    for (const n of [1, 2, 3]) {
      await office.tell(result(n, { category: "heartbeat.ok", subject: "heartbeat" }));
      await office.pass(60);
    }
    const { shown } = office.channel("system");
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ edits: 2, parcel: { pinned: true } });
  });

  test("keeps what the night holds back for one message in the morning, and asks each question by itself", async () => {
    const night = new PostOffice(routingOf(networks));
    await night.open();
    // Eleven in the evening in Berlin.
    await night.pass(12 * 3600);
    for (const n of [1, 2]) {
      const action = anAction({ id: `ac_${String(n).padStart(22, "0")}` });
      await night.tell(
        result(n, { at: "2026-11-21T22:00:00Z", category: "action.approve", subject: `task:${n}`, action }),
      );
    }
    expect(night.channel("owner").shown).toEqual([]);
    await night.pass(9 * 3600, 1800);
    const { shown } = night.channel("owner");
    expect(shown.map(({ parcel }) => parcel.silent)).toEqual([true, true, false]);
    expect(shown[2]?.text).toMatch(/Good morning · 2 held: 2 decisions/);
    expect(shown.map(verbsOf).map((verbs) => verbs.includes("ok"))).toEqual([true, true, false]);
  });

  test("knows what waits for a person, the oldest deadline first", async () => {
    const asked = (n: number, deadline?: string) =>
      result(n, {
        category: "action.approve",
        action: anAction({ id: `ac_${String(n).padStart(22, "0")}`, ...(deadline ? { deadline } : {}) }),
      });
    await office.tell(asked(1));
    await office.tell(asked(2, "2026-11-23T10:00:00Z"));
    await office.tell(asked(3, "2026-11-22T10:00:00Z"));
    const open = openActions(office.courier.state).map(({ question }) => question.action.id);
    expect(open).toEqual([3, 2, 1].map((n) => `ac_${String(n).padStart(22, "0")}` as ActionId));
  });

  test("sends nothing that could not be written down, and everything once it can", async () => {
    office.journal.failure = new Fault("DISK_FULL", "no room", { hint: "" });
    office.courier.tell(result(1, { category: "briefing.morning" }));
    await office.courier.once();
    expect(office.channel("briefings").calls).toBe(0);
    await expect(office.courier.flush()).rejects.toThrow("no room");
    office.journal.failure = undefined;
    await office.pass(10);
    expect(office.channel("briefings").shown).toHaveLength(1);
    await office.open();
    await office.rest();
    expect(office.channel("briefings").shown).toHaveLength(1);
  });
});
