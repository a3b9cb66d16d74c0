import { expect, test } from "vitest";

import type { Beat } from "../../src/core/beat.ts";
import { aBeat } from "../support/beats.ts";
import { Desk } from "../support/desk.ts";

test("the doctor tells an executor that rests from one that a person has to mend", async () => {
  await using desk = await Desk.sitDown();
  const findings = async (about: Partial<Beat>) => {
    desk.beat(aBeat({ unhealthy: { openclaw: "HTTP 429" }, ...about }));
    const answer = (await desk.json("doctor"))["findings"] as { about: string; seen: string; todo: string }[];
    return answer.filter((finding) => finding.about === "worker").map(({ seen }) => seen);
  };
  expect(await findings({ resting: { openclaw: 40 } })).toEqual([
    "openclaw rests on ada, next try in 40s: HTTP 429",
  ]);
  expect(await findings({ resting: { openclaw: 0 } })).toEqual([
    "openclaw rests on ada, one task at a time tries it: HTTP 429",
  ]);
  expect(await findings({})).toEqual(["ada cannot run openclaw: HTTP 429"]);
  expect(await findings({ resting: { openclaw: 40 }, state: "stopped" })).toEqual([]);
  const budget = { day: "2026-11-21", spentUsd: 6, perDayUsd: 5, executors: ["openclaw"] };
  expect(await findings({ budget })).toEqual([]);
});
