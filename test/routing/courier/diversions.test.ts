import { beforeEach, describe, expect, test } from "vitest";

import type { Sending } from "../../../src/ports/channel.ts";
import { PostOffice } from "../../support/post-office.ts";
import { anAction, anEvent, networks, routingOf } from "../../support/routing.ts";

const hour = 3600;
const revoked: Sending = { kind: "dead", code: "401", why: "the token is not valid", scope: "destination" };

describe("news for a Discord that takes nothing any more, at an owner's phone", () => {
  let office: PostOffice;
  let count = 0;
  const phone = () => office.channel("owner");
  const news = () =>
    phone().shown.flatMap(({ text, parcel }) =>
      text.includes("Nothing can be sent") ? [] : [{ text, silent: parcel.silent }],
    );
  const tell = (title: string, given: object = {}) =>
    office.tell(
      anEvent(
        {
          at: office.clock.now().toISOString(),
          category: "briefing.evening",
          subject: `s:${++count}`,
          title,
          ...given,
        },
        count,
      ),
    );

  beforeEach(async () => {
    office = new PostOffice(routingOf(networks));
    for (const [name, channel] of office.channels) {
      if (name !== "owner") channel.trouble = () => revoked;
    }
    await office.open();
  });

  test("is one list an hour, as silent as it was meant", async () => {
    for (const n of [1, 2, 3]) {
      await tell(`Result ${n}`);
      await office.pass(600);
    }
    expect(news()).toEqual([]);
    await office.pass(hour, 600);
    expect(news()).toEqual([{ text: expect.stringMatching(/Not taken elsewhere · 3 events/), silent: true }]);
    await tell("Result 4");
    await office.pass(hour, 600);
    expect(news()).toHaveLength(2);
    expect(news()[1]?.text).toMatch(/Result 4[\s\S]*for briefings, which does not take it/);
  });

  test("is one list in the morning after a night, however early it would have been too old", async () => {
    await office.pass(12 * hour, hour);
    for (const n of [1, 2, 3]) {
      await tell(`Result ${n}`);
      await tell(`Talk ${n}`, { category: "chat" });
      await office.pass(hour, 600);
    }
    expect(news()).toEqual([]);
    await office.pass(6 * hour, 600);
    expect(news()).toEqual([{ text: expect.stringMatching(/6 events together/), silent: false }]);
  });

  test("takes what was a list already along in its own", async () => {
    for (const n of [1, 2]) await tell(`Memory ${n}`, { category: "memory.update" });
    await office.pass(hour, 600);
    await tell("Result");
    await office.pass(2 * hour, 600);
    expect(news()).toEqual([{ text: expect.stringMatching(/3 events together/), silent: true }]);
    expect(office.courier.state.open.size).toBe(0);
  });

  test("comes at once when it is a warning or asks for something, and by day", async () => {
    await tell("A warning", { category: "incident", severity: "warning", status: "firing" });
    await tell("A question", { category: "chat", action: anAction() });
    const texts = news().map(({ text }) => text);
    expect(texts).toEqual([expect.stringContaining("A warning"), expect.stringContaining("A question")]);
    await office.pass(12 * hour, hour);
    await tell("Another warning", { category: "incident", severity: "warning", status: "firing" });
    await office.pass(hour, 600);
    expect(news().filter(({ text }) => text.includes("Another warning"))).toEqual([]);
    await office.pass(9 * hour, hour);
    expect(news().filter(({ text }) => text.includes("Another warning"))).toHaveLength(1);
  });
});
