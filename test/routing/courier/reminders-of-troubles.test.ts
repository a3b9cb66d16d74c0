import { beforeEach, describe, expect, test } from "vitest";

import { essential } from "../../../src/routing/deliveries/compact.ts";
import { PostOffice } from "../../support/post-office.ts";
import { anEvent, networks, routingOf } from "../../support/routing.ts";

const day = 86_400;

describe("an outage that does not end", () => {
  let office: PostOffice;
  let count = 0;

  const outage = (given: object = {}) =>
    office.tell(
      anEvent(
        {
          at: office.clock.now().toISOString(),
          category: "outage",
          severity: "warning",
          status: "firing",
          subject: "worker:w1",
          title: "w1 is silent",
          ...given,
        },
        ++count,
      ),
    );
  const alerts = () => office.channel("alerts");
  const reminders = () => alerts().texts.filter((text) => text.includes("Not over"));

  beforeEach(async () => {
    office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
    await office.open();
    await outage();
    await office.pass(200, 100);
  });

  test("is told again each day, one reminder at a time, as an answer to the first message", async () => {
    const standing: number[] = [];
    for (let days = 0; days < 3; days++) {
      await office.pass(day, 3600);
      standing.push(reminders().length);
    }
    expect(standing).toEqual([1, 1, 1]);
    expect(alerts().texts[0]).not.toContain("Not over");
    expect(alerts().shown.at(-1)?.parcel.replyTo).toEqual({ chat: "c", message: "m1" });
    expect(reminders()[0]).toMatch(/that is 3d.*reminder 3/);
    expect(alerts().removed).toEqual(["m2", "m3"]);
  });

  test("takes its reminder along when it ends, and is told of no more", async () => {
    await office.pass(day, 3600);
    await outage({ status: "resolved", severity: "info", title: "w1 is back" });
    expect(alerts().texts).toEqual([expect.stringMatching(/Resolved/)]);
    await office.pass(3 * day, 3600);
    expect(alerts().texts).toHaveLength(1);
    expect(office.courier.state.troubles.size).toBe(0);
  });

  test("is left alone while somebody has silenced it, and told once when the silence ends", async () => {
    const until = new Date(office.clock.now().getTime() + 4 * day * 1000).toISOString();
    const silence = { id: "s1", subject: "worker:*", until, why: "known", by: "aaron" };
    await office.courier.ask({ kind: "silence", silence });
    await office.pass(4 * day - 3600, 3600);
    expect(reminders()).toEqual([]);
    await office.pass(2 * 3600, 3600);
    expect(reminders()).toEqual([expect.stringContaining("reminder 4")]);
  });

  test("is not told of seven times at once by a main that was away for a week", async () => {
    await office.clock.advance?.(7 * day * 1000);
    await office.open();
    await office.rest();
    expect(reminders()).toEqual([expect.stringContaining("reminder 7")]);
    expect(alerts().calls).toBe(2);
  });

  test("begins anew when it comes again", async () => {
    await office.pass(day, 3600);
    await outage({ status: "resolved", severity: "info" });
    await outage();
    await office.pass(200, 100);
    expect(reminders()).toEqual([]);
    await office.pass(day, 3600);
    expect(reminders()).toEqual([expect.stringContaining("reminder 1")]);
  });

  test("is not told again when it was over before the reminder could be shown", async () => {
    alerts().trouble = () => ({ kind: "refused", code: "503", why: "not now" });
    await office.pass(day, 3600);
    alerts().trouble = undefined;
    await outage({ status: "resolved", severity: "info" });
    await office.pass(3600, 60);
    expect(reminders()).toEqual([]);
    expect(alerts().texts).toEqual([expect.stringMatching(/Resolved/)]);
  });

  test("is known after the journal was made shorter, however long it lasts", async () => {
    await office.pass(10 * day, 6 * 3600);
    office.journal.entries = essential(office.journal.entries, office.clock.now());
    await office.open();
    await office.rest();
    await outage({ status: "resolved", severity: "info" });
    expect(alerts().texts).toEqual([expect.stringMatching(/Resolved/)]);
  });
});
