import { describe, expect, test } from "vitest";

import { costsOf, type CostKey } from "../../src/core/costs.ts";
import type { Facts, Result } from "../../src/core/outcome.ts";
import { ada, adasToken, bob } from "../support/tasks.ts";

const berlin = "Europe/Berlin";
const wide = { since: "2026-01-01", today: "2026-12-31" };

describe("the sum of costs", () => {
  test("adds up money and tokens, and counts what told no cost", () => {
    const results = [
      ended("2026-11-21T10:00:00Z", {
        "cost-usd": 0.1,
        "tokens-in": 100,
        "tokens-out": 10,
        "tokens-cached": 5,
      }),
      ended("2026-11-21T11:00:00Z", { "cost-usd": 0.2, "tokens-in": 200 }),
      ended("2026-11-21T12:00:00Z", { executor: "command" }),
    ];
    expect(costsOf(results, { by: "worker", timezone: berlin, ...wide }).rows).toEqual([
      { key: "ada", tasks: 3, unpriced: 1, costUsd: 0.3, tokensIn: 300, tokensOut: 10, tokensCached: 5 },
    ]);
  });

  test.each<[CostKey, string[]]>([
    ["model", ["anthropic/big $3", "mine $1", "anthropic/small $0.5", "- $0"]],
    ["category", ["research $3.5", "chat $1", "- $0"]],
    ["worker", ["ada $3.5", "bob $1", "- $0"]],
  ])("by %s has the dearest first", (by, rows) => {
    const big = { provider: "anthropic", model: "big", "model-asked": "anthropic/other" };
    const results = [
      ended("2026-11-21T10:00:00Z", { "cost-usd": 0.5, provider: "anthropic", model: "small" }, "research"),
      ended("2026-11-21T10:00:00Z", { "cost-usd": 3, ...big }, "research"),
      {
        ...ended("2026-11-21T10:00:00Z", { "cost-usd": 1, "model-asked": "mine" }, "chat"),
        lease: held(bob),
      },
      { ...ended("2026-11-21T10:00:00Z", {}), lease: undefined },
    ];
    const { rows: got } = costsOf(results, { by, timezone: berlin, ...wide });
    expect(got.map(({ key, costUsd }) => `${key} $${costUsd}`)).toEqual(rows);
  });

  test.each([
    ["spring, where the day has 23 hours", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z"],
    ["autumn, where the day has 25 hours", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z"],
  ])("takes days of the zone for days: in %s", (_, day, first, last) => {
    const secondsLater = (at: string, seconds: number) =>
      new Date(Date.parse(at) + seconds * 1000).toISOString();
    const results = [secondsLater(first, -1), first, last, secondsLater(last, 1)].map((at) =>
      ended(at, { "cost-usd": 1 }),
    );
    const { rows } = costsOf(results, { by: "day", timezone: berlin, ...wide, today: "2026-01-01" });
    expect(rows.map(({ costUsd }) => costUsd)).toEqual([1, 2, 1]);
    expect(rows[1]?.key).toBe(day);
  });

  test("has a row for each day since the first, also over the change of the clock", () => {
    const { rows } = costsOf([ended("2026-10-24T10:00:00Z", {})], {
      by: "day",
      timezone: berlin,
      since: "2026-10-01",
      today: "2026-10-27",
    });
    const days = ["2026-10-24", "2026-10-25", "2026-10-26", "2026-10-27"];
    expect(rows.map(({ key }) => key)).toEqual(days);
    expect(rows.map(({ tasks }) => tasks)).toEqual([1, 0, 0, 0]);
  });

  test("leaves out what ended before the first day, and what ended at no time", () => {
    const results = ["2026-11-19T22:59:59Z", "2026-11-19T23:00:00Z", "yesterday"].map((at) => ended(at, {}));
    const { total } = costsOf(results, { by: "model", timezone: berlin, ...wide, since: "2026-11-20" });
    expect(total.tasks).toBe(1);
  });

  test.each([NaN, Infinity, -5, "12", true])("takes %s for no cost", (cost) => {
    const { total } = costsOf([ended("2026-11-21T10:00:00Z", { "cost-usd": cost })], {
      by: "model",
      timezone: berlin,
      ...wide,
    });
    expect(total).toMatchObject({ costUsd: 0, unpriced: 1 });
  });

  test("shows of a model's name what can be shown", () => {
    const model = `\u001b[31m${"x".repeat(200)}`;
    const { rows } = costsOf([ended("2026-11-21T10:00:00Z", { model })], {
      by: "model",
      timezone: berlin,
      ...wide,
    });
    expect(rows[0]?.key).toBe(`[31m${"x".repeat(76)}`);
  });
});

function ended(
  at: string,
  facts: Facts,
  category?: string,
): Pick<Result, "ended" | "request" | "lease" | "facts"> {
  return { ended: at, facts, lease: held(ada), request: category === undefined ? {} : { category } };
}

function held(by: typeof ada): Result["lease"] {
  return { by, token: adasToken };
}
