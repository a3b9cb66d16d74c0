import { beforeEach, describe, expect, test } from "vitest";

import { Fault } from "../../../src/fault.ts";
import type { Entry } from "../../../src/routing/entry.ts";
import { PostOffice } from "../../support/post-office.ts";
import { anAction, anEvent, networks, routingOf } from "../../support/routing.ts";

const day = 86_400;
const told = ["event", "planned", "claimed", "sent"];

describe("a main that runs for weeks", () => {
  let office: PostOffice;
  let count = 0;

  const tell = (given: object = {}) =>
    office.tell(
      anEvent(
        {
          at: office.clock.now().toISOString(),
          category: "briefing.morning",
          subject: `s:${++count}`,
          ...given,
        },
        count,
      ),
    );
  const entries = () => office.journal.entries;

  /** As many as make a day worth a look, told long ago and over. */
  const oldNews = (n = 600) =>
    Array.from({ length: n }, (_, i): Entry[] => {
      const envelope = anEvent({ subject: `old:${i}` }, 1_000_000 + i);
      const at = "2026-11-01T00:00:00.000Z";
      const plan = { trace: [], deliveries: [], suppressed: [] };
      return [
        { at, t: "event", envelope },
        { at, t: "planned", event: envelope.id, config: "c", plan },
      ];
    }).flat();

  beforeEach(async () => {
    office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
    office.journal.entries = oldNews();
    await office.open();
  });

  test("forgets each day what is old and over, on disk and in memory", async () => {
    await tell({ category: "action.approve", action: anAction() });
    expect(office.courier.state.events.size).toBe(601);
    await office.pass(day, day / 2);
    expect(entries().filter(({ t }) => t === "event")).toHaveLength(1);
    expect(office.courier.state.events.size).toBe(1);
    expect(office.courier.state.questions.size).toBe(1);
    await tell();
    expect(office.channel("briefings").shown).toHaveLength(1);
    await office.open();
    await office.rest();
    expect(office.channel("briefings").calls).toBe(1);
  });

  test("forgets nothing of a short journal", async () => {
    office.journal.entries = oldNews(10);
    await office.open();
    await office.pass(day);
    expect(office.courier.state.events.size).toBe(10);
  });

  test("goes on with its long journal when there is no disk for a shorter one", async () => {
    const compact = office.journal.compact.bind(office.journal);
    office.journal.compact = async () => {
      throw new Fault("DISK_FULL", "no room", { hint: "" });
    };
    await office.pass(day, day / 2);
    await tell();
    expect(office.channel("briefings").shown).toHaveLength(1);
    expect(office.courier.state.events.size).toBe(601);
    office.journal.compact = compact;
    await office.pass(day, day / 2);
    expect(office.courier.state.events.size).toBe(1);
  });

  test("keeps what is told while it forgets", async () => {
    const read = office.journal.read.bind(office.journal);
    await office.clock.advance?.(day * 1000);
    const late = anEvent({ at: office.clock.now().toISOString(), category: "briefing.morning" }, 7);
    office.journal.read = () => {
      office.courier.tell(late);
      return read();
    };
    await office.courier.once();
    office.journal.read = read;
    expect([...office.courier.state.events.keys()]).toEqual([late.id]);
    await office.rest();
    expect(office.channel("briefings").shown).toHaveLength(1);
    await office.open();
    await office.rest();
    expect(office.channel("briefings").calls).toBe(1);
  });

  test("copies each entry once, without reading its journal for it", async () => {
    const copied: Entry[] = [];
    const copy = () =>
      office.courier.mirror(async (some) => void copied.push(...some.filter(({ t }) => t !== "mirrored")));
    await copy();
    expect(copied).toHaveLength(1200);
    office.journal.read = () => Promise.reject(new Error("nobody has to read it"));
    await tell();
    await copy();
    await copy();
    expect(copied.slice(1200).map(({ t }) => t)).toEqual(told);
  });

  test("copies each entry once, though it forgets what was copied and is started again", async () => {
    const copied: Entry[] = [];
    const copy = () =>
      office.courier.mirror(async (some) => void copied.push(...some.filter(({ t }) => t !== "mirrored")));
    await copy();
    await tell();
    await office.pass(day, day / 2);
    expect(entries().length).toBeLessThan(20);
    await copy();
    await tell();
    await office.open();
    await copy();
    expect(copied.slice(1200).map(({ t }) => t)).toEqual([...told, ...told]);
  });

  test("forgets nothing while a copy is on its way, whose end would be counted wrongly", async () => {
    const arrival = Promise.withResolvers<void>();
    const copying = office.courier.mirror(() => arrival.promise);
    await office.pass(day, day / 2);
    expect(office.courier.state.events.size).toBe(600);
    arrival.resolve();
    await copying;
    expect(office.courier.state.mirrored).toBe(1200);
    await office.rest();
    expect(office.courier.state.events.size).toBe(0);
  });
});
