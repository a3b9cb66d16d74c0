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

test.each([
  ["own-hub", 60, "ok"],
  // It renews for 255 s, hangs for 65 s and takes 30 s, and one per cent: 353.5 s of 360.
  ["own-hub", 85, "ok"],
  // 270 s, 65 s and 30 s, and one per cent, are 368.65 s.
  ["own-hub", 90, "bad"],
  ["own-hub", 300, "bad"],
  ["hosted", 300, "ok"],
  ["hosted", 60, "ok"],
] as const)(
  "the doctor of a machine that goes by %s finds a worker that beats each %d s %s",
  async (profile, every, level) => {
    await using desk = await Desk.sitDown({
      config: `remote: ssh://hub.example/hub.git\nname: desk\nprofile: ${profile}\n`,
    });
    desk.beat(aBeat({ every }));
    const findings = (await desk.json("doctor"))["findings"] as { about: string; level: string }[];
    expect(findings.find(({ about }) => about === "lease")).toMatchObject({ level });
  },
);
