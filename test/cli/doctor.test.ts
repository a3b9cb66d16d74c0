import { expect, test } from "vitest";

import type { Beat } from "../../src/core/beat.ts";
import { aBeat } from "../support/beats.ts";
import { Desk } from "../support/desk.ts";

test("the doctor names the node of this machine that stands still because history was replaced", async () => {
  await using desk = await Desk.sitDown();
  const probe = await desk.world.probe();
  const forked = [{ node: "main-desk", why: "aaa does not descend from bbb" }];
  desk.world.probe = async () => ({ ...probe, forkedNodes: async () => forked });
  const { code, out } = await desk.type("doctor");
  expect(code).toBe(1);
  expect(out).toMatch(
    /✗ history +main-desk stands still, history was replaced: aaa does not descend from bbb\n/,
  );
  expect(out).toContain("`pawl accept-history` if it is to stay so");
});

test("the doctor names a worker that lives and stands still, but not one that has gone since", async () => {
  await using desk = await Desk.sitDown();
  const findings = async (about: Partial<Beat>) => {
    desk.beat(aBeat(about));
    const answer = (await desk.json("doctor"))["findings"] as { about: string; seen: string }[];
    return answer.filter((finding) => finding.about === "worker").map(({ seen }) => seen);
  };
  expect(await findings({})).toEqual([]);
  expect(await findings({ trouble: "PUSH_DENIED" })).toEqual(["ada stands still (there)"]);
  expect(await findings({ trouble: "PUSH_DENIED", state: "stopped" })).toEqual([]);
});
