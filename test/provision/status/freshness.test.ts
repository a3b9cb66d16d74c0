import { describe, expect, test } from "vitest";

import {
  type Age,
  ageOf,
  type Freshness,
  freshnessOf,
  sightingOf,
} from "../../../provision/status/freshness.ts";
import { tasksPerDay } from "../../../provision/status/tasks-per-day.ts";

const seen = (atLeastSeconds: number, atMostSeconds?: number): Age => ({
  by: "looker",
  atLeastSeconds,
  atMostSeconds,
});

describe("a beat", () => {
  test.each<[age: Age | undefined, every: number | undefined, is: Freshness]>([
    [{ by: "worker", seconds: 419 }, undefined, "ok"],
    [{ by: "worker", seconds: 420 }, undefined, "late"],
    [{ by: "worker", seconds: 900 }, undefined, "dead"],
    [{ by: "worker", seconds: 419 }, 60, "ok"],
    [{ by: "worker", seconds: 900 }, 600, "late"],
    [seen(0), undefined, "unknown"],
    [seen(0, 419), undefined, "ok"],
    [seen(0, 420), undefined, "unknown"],
    [seen(420), undefined, "late"],
    [seen(900), undefined, "dead"],
    [undefined, undefined, "unknown"],
  ])("of the age %j, one each %s seconds, is %s", (age, every, is) => {
    expect(freshnessOf(age, every)).toBe(is);
  });

  test("has the age that the worker's own clock gives it, wherever ours stands", () => {
    const sighting = sightingOf(undefined, "c1", Date.parse("2031-01-01T00:00:00Z"));
    const workerNowMs = Date.parse("2026-11-21T10:02:00Z");
    expect(ageOf({ writtenAt: "2026-11-21T10:00:00Z", workerNowMs, sighting })).toEqual({
      by: "worker",
      seconds: 120,
    });
  });

  test("is as old as we have seen it, at least, when the worker's clock cannot be asked", () => {
    const first = sightingOf(undefined, "c1", 1_000_000);
    const again = sightingOf(first, "c1", 1_600_000);
    expect(ageOf({ writtenAt: "1999-01-01T00:00:00Z", workerNowMs: undefined, sighting: again })).toEqual(
      seen(600),
    );
  });

  test("is at most as old as our last look at the one before", () => {
    const first = sightingOf(undefined, "c1", 1_000_000);
    const other = sightingOf(first, "c2", 1_060_000);
    expect(ageOf({ writtenAt: undefined, workerNowMs: undefined, sighting: other })).toEqual(seen(0, 60));
    const later = sightingOf(other, "c2", 1_090_000);
    expect(ageOf({ writtenAt: undefined, workerNowMs: undefined, sighting: later })).toEqual(seen(30, 90));
  });

  test("is seen for the first time again when our clock was set back", () => {
    const first = sightingOf(undefined, "c1", 1_000_000);
    expect(sightingOf(first, "c1", 400_000)).toEqual({
      commit: "c1",
      firstSeenMs: 400_000,
      lastSeenMs: 400_000,
    });
  });
});

test("tasks are counted by the day of the zone on which they ended", () => {
  const ended = ["2026-11-20T23:30:00Z", "2026-11-21T09:00:00Z", "2026-11-01T09:00:00Z", "no time"];
  const now = new Date("2026-11-21T10:00:00Z");
  const of = (timezone: string) =>
    tasksPerDay(
      ended.map((at) => ({ ended: at })),
      { timezone, now, days: 3 },
    );
  expect(of("UTC")).toEqual([0, 1, 1]);
  expect(of("Europe/Berlin")).toEqual([0, 0, 2]);
});
