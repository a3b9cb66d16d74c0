import { describe, expect, test } from "vitest";

import { badCron, dueBetween, nextDue, type Rhythm, type Schedule } from "../../src/schedules/schedule.ts";

const berlin = (expression: string): Rhythm => ({ kind: "cron", expression, timezone: "Europe/Berlin" });
const aSchedule = (given: Partial<Schedule>): Schedule => ({
  name: "review",
  rhythm: { kind: "every", seconds: 3600 },
  missed: "once",
  title: "Review",
  prompt: async () => "Review the week.",
  request: {},
  ...given,
});
const hours = (...list: number[]) =>
  list.map((hour) => `2026-11-21T${String(hour).padStart(2, "0")}:00:00.000Z`);
const iso = (times: readonly Date[]) => times.map((time) => time.toISOString());

describe("the next time", () => {
  test.each<[string, Rhythm, string, string]>([
    ["Mondays at eight, in winter", berlin("0 8 * * 1"), "2026-11-21T12:00:00Z", "2026-11-23T07:00:00.000Z"],
    ["Mondays at eight, in summer", berlin("0 8 * * 1"), "2026-07-18T12:00:00Z", "2026-07-20T06:00:00.000Z"],
    [
      "not at the very time it was due",
      berlin("0 8 * * 1"),
      "2026-11-23T07:00:00Z",
      "2026-11-30T07:00:00.000Z",
    ],
    // Clocks jump from 02:00 to 03:00 on 29 March: what is due in between comes at the jump.
    [
      "a time that the spring leaves out",
      berlin("30 2 * * *"),
      "2026-03-28T12:00:00Z",
      "2026-03-29T01:00:00.000Z",
    ],
    // From 03:00 back to 02:00 on 25 October: what comes twice is due once.
    [
      "a time that the autumn has twice",
      berlin("30 2 * * *"),
      "2026-10-24T12:00:00Z",
      "2026-10-25T00:30:00.000Z",
    ],
    ["the day after that", berlin("30 2 * * *"), "2026-10-25T00:30:00Z", "2026-10-26T01:30:00.000Z"],
    [
      "each six hours",
      { kind: "every", seconds: 21_600 },
      "2026-11-21T06:00:00Z",
      "2026-11-21T12:00:00.000Z",
    ],
  ])("%s", (_, rhythm, from, next) => {
    expect(nextDue(rhythm, new Date(from))?.toISOString()).toBe(next);
  });

  test("is none for a date that never comes", () => {
    expect(badCron("0 0 31 2 *", "UTC")).toBeDefined();
    expect(badCron("0 8 * * 9", "UTC")).toBeDefined();
    expect(badCron("0 8 * * 1", "Mars/Base")).toBeDefined();
    expect(badCron("0 8 * * 1", "Europe/Berlin")).toBeUndefined();
  });
});

describe("what came due", () => {
  const since = new Date("2026-11-21T05:30:00Z");

  test.each<[Schedule["missed"], string, string[], number]>([
    ["skip", "2026-11-21T08:30:00Z", [], 3],
    ["once", "2026-11-21T08:30:00Z", hours(8), 2],
    ["all", "2026-11-21T08:30:00Z", hours(6, 7, 8), 0],
    ["skip", "2026-11-21T08:00:04Z", hours(8), 2],
    ["once", "2026-11-21T08:00:04Z", hours(8), 2],
    ["all", "2026-11-21T08:00:04Z", hours(6, 7, 8), 0],
    ["once", "2026-11-21T05:59:59Z", [], 0],
  ])("%s, seen at %s", (missed, now, fire, dropped) => {
    const due = dueBetween(aSchedule({ missed }), since, new Date(now));
    expect({ fire: iso(due.fire), dropped: due.dropped }).toEqual({ fire, dropped });
  });

  test("is no flood after months", () => {
    const { fire, dropped } = dueBetween(
      aSchedule({ missed: "all" }),
      since,
      new Date("2027-05-21T05:30:00Z"),
    );
    expect(fire.length).toBe(100);
    expect(dropped).toBeGreaterThan(4000);
  });
});
