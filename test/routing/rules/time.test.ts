import { describe, expect, test } from "vitest";

import { digestWindow } from "../../../src/routing/rules/digest-window.ts";
import { localDay } from "../../../src/core/local-day.ts";
import { localText, nextLocal } from "../../../src/routing/rules/local-time.ts";
import { quietUntil } from "../../../src/routing/rules/quiet.ts";
import { Random } from "../../support/random.ts";
import { anAction, brief, Rehearsal, routingOf } from "../../support/routing.ts";

const berlin = "Europe/Berlin";
const night = { from: "22:30", to: "07:30" };

describe("the next time that clocks show 07:30", () => {
  test.each([
    ["on a winter's day", berlin, "2026-01-10T05:00:00Z", "2026-01-10T06:30:00Z"],
    ["on a summer's day", berlin, "2026-07-10T05:00:00Z", "2026-07-10T05:30:00Z"],
    ["the morning after the clocks went forward", berlin, "2026-03-28T23:00:00Z", "2026-03-29T05:30:00Z"],
    ["the morning after the clocks went back", berlin, "2026-10-24T23:00:00Z", "2026-10-25T06:30:00Z"],
    ["on the other side of the world", "Pacific/Auckland", "2026-11-21T12:00:00Z", "2026-11-21T18:30:00Z"],
    ["at the very instant: tomorrow's", berlin, "2026-01-10T06:30:00Z", "2026-01-11T06:30:00Z"],
  ])("%s", (_, zone, now, expected) => {
    expect(nextLocal("07:30", zone, new Date(now))).toEqual(new Date(expected));
  });

  test("is asked in any order and remembers nothing wrong", () => {
    const random = new Random(11);
    const zones = [berlin, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];
    for (let n = 0; n < 3000; n++) {
      const zone = random.pick(zones);
      const now = new Date(Date.parse("2026-01-01T00:00:00Z") + random.below(365 * 86_400) * 1000);
      const next = nextLocal("07:30", zone, now);
      const why = `${zone} after ${now.toISOString()}: ${next.toISOString()}`;
      expect(next.getTime(), `${why}`).toBeGreaterThan(now.getTime());
      expect(next.getTime() - now.getTime(), `${why}`).toBeLessThanOrEqual(25 * 3_600_000);
      expect(localText(zone, next, next), `${why}`).toBe("07:30");
    }
  });
});

describe("a time that a day leaves out or has twice", () => {
  const after = (now: string) => nextLocal("02:30", berlin, new Date(now)).toISOString();

  test("comes at the jump, once", () => {
    expect(after("2026-03-28T12:00:00Z")).toBe("2026-03-29T01:00:00.000Z");
    expect(after("2026-03-29T01:00:00Z")).toBe("2026-03-30T00:30:00.000Z");
  });

  test("comes the first time, once", () => {
    expect(after("2026-10-24T12:00:00Z")).toBe("2026-10-25T00:30:00.000Z");
    expect(after("2026-10-25T00:30:00Z")).toBe("2026-10-26T01:30:00.000Z");
  });
});

describe("quiet hours", () => {
  const until = (at: string, wish?: Parameters<typeof quietUntil>[1]["wish"]) =>
    quietUntil(new Date(at), { hours: night, timezone: berlin, wish })?.toISOString();

  test.each([
    ["begin on time", "2026-01-10T21:30:00Z", "2026-01-11T06:30:00.000Z"],
    ["have not begun a second before", "2026-01-10T21:29:59Z", undefined],
    ["go on after midnight", "2026-01-10T23:30:00Z", "2026-01-11T06:30:00.000Z"],
    ["end on time", "2026-01-11T06:30:00Z", undefined],
    ["last until a second before", "2026-01-11T06:29:59Z", "2026-01-11T06:30:00.000Z"],
    ["are an hour shorter when clocks go forward", "2026-03-28T21:30:00Z", "2026-03-29T05:30:00.000Z"],
    ["hold through the jump", "2026-03-29T01:00:00Z", "2026-03-29T05:30:00.000Z"],
    ["are an hour longer when clocks go back", "2026-10-24T20:30:00Z", "2026-10-25T06:30:00.000Z"],
    ["hold through the hour that comes twice", "2026-10-25T01:30:00Z", "2026-10-25T06:30:00.000Z"],
  ])("%s", (_, at, expected) => {
    expect(until(at)).toBe(expected);
  });

  test("that begin at a time left out begin at the jump", () => {
    const hours = { from: "02:30", to: "06:00" };
    const at = (text: string) =>
      quietUntil(new Date(text), { hours, timezone: berlin, wish: undefined })?.toISOString();
    expect(at("2026-03-29T00:59:59Z")).toBeUndefined();
    expect(at("2026-03-29T01:00:00Z")).toBe("2026-03-29T04:00:00.000Z");
  });

  test("can be asked for by day, and then end when it was said", () => {
    expect(until("2026-01-10T12:00:00Z", { until: new Date("2026-01-10T14:00:00Z") })).toBe(
      "2026-01-10T14:00:00.000Z",
    );
    expect(until("2026-01-10T14:00:00Z", { until: new Date("2026-01-10T14:00:00Z") })).toBeUndefined();
  });

  test("that are asked for into the night last until morning", () => {
    expect(until("2026-01-10T20:00:00Z", { until: new Date("2026-01-10T23:00:00Z") })).toBe(
      "2026-01-11T06:30:00.000Z",
    );
  });

  test("that somebody ends are over for this night, not for the next", () => {
    const wish = { overAt: new Date("2026-01-10T23:00:00Z") };
    expect(until("2026-01-11T01:00:00Z", wish)).toBeUndefined();
    expect(until("2026-01-11T22:00:00Z", wish)).toBe("2026-01-12T06:30:00.000Z");
  });

  test("hold everything to one instant, in one night", () => {
    const play = new Rehearsal();
    const held = [
      "2026-10-24T20:30:00Z",
      "2026-10-25T00:30:00Z",
      "2026-10-25T01:30:00Z",
      "2026-10-25T06:29:00Z",
    ].map((at) => brief(play.tell(at, { category: "action.input", action: anAction() }))[0]);
    expect(new Set(held)).toEqual(new Set(["owner held 10-25T06:30 quiet"]));
  });

  test("are a person's own in that person's chat", () => {
    const routing = routingOf(`
telegram: { owner: 4242 }
routing:
  people: { you: { quietHours: { from: "20:00", to: "09:00" } }, bea: { telegram: 7, quietHours: { from: "01:00", to: "02:00" } } }
  destinations: { bea: { kind: telegram, person: bea } }
  rules: [{ to: [owner, bea] }]
`);
    const made = new Rehearsal(routing).tell("2026-01-10T19:30:00Z", { category: "x.a" });
    expect(brief(made)).toEqual(["owner held 01-11T08:00 quiet", "bea now"]);
  });

  test("can be off, or only without a sound", () => {
    const off = routingOf(
      "telegram: { owner: 4242 }\nrouting: { quietHours: off, rules: [{ to: owner }] }\n",
    );
    expect(brief(new Rehearsal(off).tell("2026-01-10T23:00:00Z", { category: "x.a" }))).toEqual([
      "owner now",
    ]);
    const soft = routingOf(
      "telegram: { owner: 4242 }\nrouting: { rules: [{ to: [owner, alerts], quiet: silent }] }\n",
    );
    expect(brief(new Rehearsal(soft).tell("2026-01-10T23:00:00Z", { category: "x.a" }))).toEqual([
      "owner now silent",
      "alerts now silent",
    ]);
  });
});

describe("a digest", () => {
  const twice = { kind: "at", times: ["07:30", "18:00"] } as const;
  const window = (now: string) => digestWindow(twice, berlin, new Date(now)).window;

  test("is the next of its times", () => {
    expect(window("2026-01-10T03:00:00Z")).toBe("2026-01-10T06:30:00Z");
    expect(window("2026-01-10T06:30:00Z")).toBe("2026-01-10T17:00:00Z");
    expect(window("2026-01-10T18:00:00Z")).toBe("2026-01-11T06:30:00Z");
  });

  test("has the same window whenever within it somebody asks, a restart between or not", () => {
    const random = new Random(3);
    for (let n = 0; n < 500; n++) {
      const startMs = Date.parse("2026-10-23T00:00:00Z") + random.below(5 * 86_400) * 1000;
      const { until } = digestWindow(twice, berlin, new Date(startMs));
      const laterMs = startMs + random.below(until.getTime() - startMs);
      expect(digestWindow(twice, berlin, new Date(laterMs)).until).toEqual(until);
    }
  });

  test("that comes each hour does so by the clock of the world, not by when main was started", () => {
    const hourly = { kind: "every", seconds: 3600 } as const;
    expect(digestWindow(hourly, berlin, new Date("2026-10-25T00:59:59Z")).window).toBe(
      "2026-10-25T01:00:00Z",
    );
    expect(digestWindow(hourly, berlin, new Date("2026-10-25T01:00:00Z")).window).toBe(
      "2026-10-25T02:00:00Z",
    );
  });

  test("at a time that a day has twice comes once", () => {
    const times = { kind: "at", times: ["02:30"] } as const;
    const windows = new Set<string>();
    for (
      let ms = Date.parse("2026-10-24T12:00:00Z");
      ms < Date.parse("2026-10-26T12:00:00Z");
      ms += 600_000
    ) {
      windows.add(digestWindow(times, berlin, new Date(ms)).window);
    }
    expect([...windows]).toEqual(["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", "2026-10-27T01:30:00Z"]);
  });

  test("for a chat waits for the end of quiet hours as well", () => {
    const routing = routingOf(
      "telegram: { owner: 4242 }\nrouting: { rules: [{ to: owner, digest: hourly }] }\n",
    );
    const [one] = new Rehearsal(routing).tell("2026-01-10T23:10:00Z", { category: "x.a" }).deliveries;
    expect(one?.timing).toEqual({
      kind: "digest",
      digest: "hourly",
      window: "2026-01-11T00:00:00Z",
      until: "2026-01-11T06:30:00Z",
    });
  });

  test("is not waited for by what would be over by then", () => {
    const made = new Rehearsal().tell("2026-01-10T12:10:00Z", {
      category: "memory.update",
      summary: "…",
      expires: "2026-01-10T12:30:00Z",
    });
    expect(brief(made)).toEqual(["memory now silent"]);
  });
});

test("today is a local day", () => {
  expect(localDay(berlin, new Date("2026-01-10T23:30:00Z"))).toBe("2026-01-11");
  expect(localText(berlin, new Date("2026-01-10T23:30:00Z"), new Date("2026-01-10T12:00:00Z"))).toBe(
    "11 Jan 00:30",
  );
});
