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

test.each([
  [
    { kind: "own", limit: 60, moment: 5 },
    "ok",
    "a shell of its own ends a worker that is started from here and hangs for 1m5s",
  ],
  [{ kind: "systemd", limit: 15 }, "ok", "systemd ends a worker that is started from here and hangs for 15s"],
  [
    { kind: "none" },
    "warn",
    "nothing ends a worker that is started from here and hangs, while others take over its tasks",
  ],
] as const)("the doctor says what ends a worker that hangs: %j", async (watchdog, level, seen) => {
  await using desk = await Desk.sitDown();
  const probe = await desk.world.probe();
  desk.world.probe = async () => ({ ...probe, watchdog: () => watchdog });
  const findings = (await desk.json("doctor"))["findings"] as {
    about: string;
    level: string;
    seen: string;
  }[];
  expect(findings.find(({ about }) => about === "watchdog")).toMatchObject({ level, seen });
});
