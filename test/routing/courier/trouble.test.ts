import { beforeEach, describe, expect, test } from "vitest";

import type { Sending } from "../../../src/ports/channel.ts";
import { PostOffice } from "../../support/post-office.ts";
import { anAction, anEvent, networks, routingOf } from "../../support/routing.ts";

const news = (n: number, given: object = {}) =>
  anEvent(
    {
      at: "2026-11-21T10:00:00Z",
      category: "briefing.morning",
      title: `News ${n}`,
      subject: `n:${n}`,
      ...given,
    },
    n,
  );
const ask = (n: number) =>
  news(n, { category: "action.approve", action: anAction({ id: `ac_${String(n).padStart(22, "0")}` }) });

const lost: Sending = { kind: "unknown", code: "TIMEOUT", why: "no answer" };
const refused: Sending = { kind: "refused", code: "ECONNREFUSED", why: "nobody listens" };
const revoked: Sending = { kind: "dead", code: "401", why: "the token is not valid", scope: "destination" };

describe("when a network is in trouble", () => {
  let office: PostOffice;

  beforeEach(async () => {
    office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
    await office.open();
  });

  /** The next calls end like this; then all is well. */
  const next = (name: string, ...ends: (Sending & { arrives?: boolean })[]) => {
    office.channel(name).trouble = () => ends.shift();
  };

  test("what did not arrive is tried after 5 s, 25 s, 2 min, 10 min, 1 h and then each hour", async () => {
    office.channel("briefings").trouble = () => refused;
    const times: number[] = [];
    office.courier.tell(news(1, { expires: "2026-11-22T10:00:00Z" }));
    for (let second = 0; second < 3 * 3600; second += 5) {
      const before = office.channel("briefings").calls;
      await office.rest();
      if (office.channel("briefings").calls > before) times.push(second);
      await office.clock.advance?.(5000);
    }
    expect(times).toEqual([0, 5, 30, 150, 750, 4350, 7950]);
    office.channel("briefings").trouble = undefined;
    await office.pass(3600, 600);
    expect(office.channel("briefings").shown).toHaveLength(1);
  });

  test("a network that asks for patience gets it, and that counts as no failure", async () => {
    next("briefings", { kind: "later", afterSeconds: 30, why: "slow down" });
    await office.tell(news(1));
    await office.pass(29);
    expect(office.channel("briefings").shown).toEqual([]);
    await office.pass(2);
    expect(office.channel("briefings").shown).toHaveLength(1);
    expect([...office.courier.state.deliveries.values()].map(({ failures }) => failures)).toEqual([0]);
  });

  test.each([true, false])(
    "Discord is looked through for what may have arrived (it did: %s)",
    async (arrives) => {
      next("briefings", { ...lost, arrives });
      await office.tell(news(1));
      await office.pass(60, 3);
      expect(office.channel("briefings").shown).toHaveLength(1);
      expect(office.channel("briefings").calls).toBe(arrives ? 1 : 2);
    },
  );

  test.each([true, false])(
    "a question is sent to Telegram again, and says so (it did arrive: %s)",
    async (arrives) => {
      next("owner", { ...lost, arrives });
      await office.tell(ask(1));
      await office.pass(60, 3);
      const { texts } = office.channel("owner");
      expect(texts).toHaveLength(arrives ? 2 : 1);
      expect(texts.at(-1)).toMatch(/sent again, the first copy may have got lost/);
    },
  );

  test("what is not urgent is not sent to Telegram again, but named elsewhere", async () => {
    const routing = routingOf(`${networks}
routing:
  quietHours: off
  rules: [{ name: mine, when: { category: [chat] }, to: owner }, { name: rest, to: system }]
`);
    office = new PostOffice(routing);
    await office.open();
    next("owner", { ...lost, arrives: false });
    await office.tell(news(1, { category: "chat" }));
    await office.pass(60, 3);
    expect(office.channel("owner").calls).toBe(1);
    expect(office.channel("system").texts).toEqual([
      expect.stringMatching(/Perhaps not shown in owner: News 1/),
    ]);
  });

  test("news of one subject keeps its order while other subjects go on", async () => {
    next("briefings", refused);
    office.courier.tell(news(1, { subject: "a" }));
    await office.courier.once();
    office.courier.tell(news(2, { subject: "a", revision: 2 }));
    office.courier.tell(news(3, { subject: "b" }));
    await office.pass(120, 5);
    const order = office.channel("briefings").texts.map((text) => /News \d/.exec(text)?.[0]);
    expect(order.indexOf("News 1")).toBeLessThan(order.indexOf("News 2"));
    expect(order).toHaveLength(3);
  });

  test("a dead destination is left alone, its news goes elsewhere, and that is said on the other network", async () => {
    office.channel("owner").trouble = () => revoked;
    await office.tell(ask(1));
    await office.tell(ask(2));
    await office.pass(30, 5);
    expect(office.channel("owner").calls).toBe(1);
    const alerts = office.channel("alerts").texts.join("\n");
    expect(alerts).toMatch(/News 1/);
    expect(alerts).toMatch(/News 2/);
    const everywhere = [...office.channels.values()].flatMap(({ texts }) => texts).join("\n");
    expect(everywhere).toMatch(/Nothing can be sent to owner/);
    office.channel("owner").trouble = undefined;
    await office.courier.ask({ kind: "checked", destination: "owner" });
    await office.tell(ask(3));
    expect(office.channel("owner").texts).toEqual([expect.stringMatching(/News 3/)]);
  });

  test("a message that its network will never take goes elsewhere, alone", async () => {
    next("briefings", { kind: "dead", code: "50035", why: "Invalid Form Body", scope: "message" });
    await office.tell(news(1));
    await office.tell(news(2));
    await office.pass(10, 5);
    expect(office.channel("briefings").texts).toEqual([expect.stringMatching(/News 2/)]);
    expect([...office.channels.values()].flatMap(({ texts }) => texts).join("\n")).toMatch(
      /Invalid Form Body/,
    );
  });

  test("nothing is posted late: what is over is listed only", async () => {
    office.channel("briefings").trouble = () => refused;
    await office.tell(news(1));
    await office.pass(7 * 3600, 600);
    office.channel("briefings").trouble = undefined;
    await office.pass(3600, 600);
    expect(office.channel("briefings").shown).toEqual([]);
    expect(office.kinds("given-up")).toEqual([
      expect.objectContaining({ why: expect.stringMatching(/it was good until/) }),
    ]);
  });

  test("after hours away there is one list of what waited, not a post for each", async () => {
    office.channel("alerts").trouble = () => refused;
    for (let n = 1; n <= 6; n++) {
      await office.tell(
        news(n, {
          category: "incident",
          severity: "warning",
          subject: `s:${n}`,
          expires: "2026-11-22T10:00:00Z",
        }),
      );
    }
    await office.pass(3 * 3600, 60);
    office.channel("alerts").trouble = undefined;
    await office.pass(3600, 60);
    const { texts } = office.channel("alerts");
    expect(texts).toHaveLength(2);
    expect(texts[1]).toMatch(/Back after [34]h.* · 5 held/);
  });

  test("a question that Telegram does not take for ten minutes mentions the owner in #alerts", async () => {
    office.channel("owner").trouble = () => refused;
    await office.tell(ask(1));
    await office.pass(500, 20);
    expect(office.channel("alerts").shown).toEqual([]);
    await office.pass(200, 20);
    const [mention] = office.channel("alerts").shown;
    expect(mention?.text).toMatch(/owner cannot be reached/);
    expect(mention?.parcel.message).toMatchObject({ mentionsOwner: true });
    await office.pass(3600, 60);
    expect(office.channel("alerts").shown).toHaveLength(1);
  });

  test("a person tries again what was given up", async () => {
    next("briefings", ...Array.from({ length: 40 }, () => refused));
    await office.tell(news(1));
    await office.pass(7 * 3600, 600);
    const [given] = office.kinds("given-up");
    office.channel("briefings").trouble = undefined;
    await office.courier.ask({
      kind: "retry",
      delivery: (given as { delivery: string }).delivery,
      by: "aaron",
    });
    await office.rest();
    expect(office.channel("briefings").shown).toHaveLength(1);
  });

  test("requests that nobody can read are told once an hour, with how many, and without secrets", async () => {
    const lay = (...numbers: number[]) => {
      const why = `"${office.secret}" is not valid JSON, ${"x".repeat(5000)}`;
      office.unreadable.push(...numbers.map((n) => ({ key: `${n}.json`, why })));
      return office.rest();
    };
    const told = () => office.channel("system").shown.map(({ text }) => text);
    await lay(1);
    await lay(2, 3);
    await lay(4);
    expect(told()).toEqual([expect.stringContaining("does not understand")]);
    await office.pass(3600);
    await lay(5, 6);
    await office.rest();
    expect(told()).toHaveLength(2);
    expect(told()[1]).toContain("5 files since this was last told");
    expect(office.kinds("rejected")).toHaveLength(4);
    expect(JSON.stringify(office.journal.entries)).not.toContain(office.secret);
    expect(JSON.stringify(office.kinds("rejected"))).not.toContain("x".repeat(1000));
  });
});
