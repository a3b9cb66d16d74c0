import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { loadConfig } from "../../src/config/load.ts";
import type { Result } from "../../src/core/outcome.ts";
import { parseResult } from "../../src/format/result.ts";
import { envelop } from "../../src/routing/envelop.ts";
import { plan } from "../../src/routing/rules/plan.ts";
import { RecentPast } from "../../src/routing/rules/recent-past.ts";
import { nextDue } from "../../src/schedules/schedule.ts";

const folder = join(import.meta.dirname, "../../examples/weekly-review");
const around = { cwd: "/", home: "/home/you", hostname: "box", timezone: "Europe/Berlin", env: {} };
const { routing, schedules } = loadConfig(around, join(folder, "pawl.config.yaml"));
const [schedule] = schedules;
const result = parseResult(readFileSync(join(folder, "expected-result.md"), "utf8")) as Result;
const now = new Date("2026-11-23T07:05:00Z");

test("the review is due on Mondays at eight, winter and summer", () => {
  expect(schedules).toHaveLength(1);
  const dueAfter = (day: string) => nextDue(schedule!.rhythm, new Date(day))?.toISOString();
  expect(dueAfter("2026-11-21T00:00:00Z")).toBe("2026-11-23T07:00:00.000Z");
  expect(dueAfter("2027-07-01T00:00:00Z")).toBe("2027-07-05T06:00:00.000Z");
});

test("its prompt is the file beside it, and it says what is out of bounds", async () => {
  const prompt = await schedule!.prompt();
  expect(prompt).toBe(readFileSync(join(folder, "weekly-review.md"), "utf8"));
  expect(prompt).toContain("only read");
});

test("the expected result is a result of that schedule", () => {
  expect(result).toMatchObject({
    title: schedule!.title,
    outcome: "succeeded",
    request: {
      category: schedule!.request.category,
      timeout: schedule!.request.timeout,
      by: "schedule:weekly-review",
    },
    text: expect.stringMatching(/^# The week in review\n/) as string,
  });
});

test("it comes to #briefings, at once and without a sound, and nowhere else", () => {
  expect(planOf("succeeded").deliveries).toMatchObject([
    { destination: "briefings", timing: { kind: "now" }, silent: true },
  ]);
  expect(routing.destinations["briefings"]).toMatchObject({
    kind: "discord",
    channel: { name: "briefings" },
  });
});

test("its failure comes to where failures of tasks come", () => {
  const destinations = planOf("failed").deliveries.map(({ destination }) => destination);
  expect(destinations).toContain("results");
  expect(destinations).not.toContain("briefings");
});

function planOf(outcome: Result["outcome"]) {
  const { id: task, title, lease } = result;
  const why = outcome === "failed" ? "the clone was refused" : undefined;
  const category = result.request.category;
  const event = { kind: "task-ended", task, title, outcome, why, by: lease?.by, category } as const;
  const envelope = envelop(event, {
    at: now.toISOString(),
    result: { ...result, outcome, why },
    offerRetry: routing.offerRetry,
  });
  if (envelope === undefined) throw new Error("nobody is told");
  const past = new RecentPast(() => routing);
  return plan(envelope, { routing, now, past: past.about(envelope, now) });
}
