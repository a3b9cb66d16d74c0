import { expect, test } from "vitest";

import { documented, shapeOf } from "../support/cli-page.ts";
import { Desk } from "../support/desk.ts";

const config = `remote: ssh://hub.example/hub.git
name: desk
state: state
schedules:
  weekly-review:
    cron: "0 8 * * 1"
    timezone: Europe/Berlin
    prompt: Review the week.
    category: briefing.weekly
`;

test("lists the schedules, and shows the shape that its page promises", async () => {
  await using desk = await Desk.sitDown({ config });
  expect(shapeOf(await desk.json("schedule"))).toEqual(shapeOf(documented("schedule")));
  expect((await desk.type("schedule")).out).toContain("0 8 * * 1 (Europe/Berlin)");
});

test("prints the times to come", async () => {
  await using desk = await Desk.sitDown({ config });
  const { schedules } = await desk.json("schedule", "next", "weekly-review", "--count", "3");
  expect(schedules).toMatchObject([
    { name: "weekly-review", times: [{}, {}, {}].map(() => expect.any(String) as string) },
  ]);
});

test("submits a task now", async () => {
  await using desk = await Desk.sitDown({ config });
  const { out } = await desk.type("schedule", "run", "weekly-review");
  expect(await desk.json("show", out.trim())).toMatchObject({
    title: "Review the week.",
    request: { category: "briefing.weekly", by: "schedule:weekly-review" },
  });
});

test("pauses and goes on", async () => {
  await using desk = await Desk.sitDown({ config });
  await desk.type("schedule", "pause", "weekly-review");
  expect(await desk.json("schedule")).toMatchObject({ schedules: [{ paused: { by: "ada" } }] });
  await desk.type("schedule", "resume", "weekly-review");
  expect(await desk.json("schedule")).toMatchObject({ schedules: [{ paused: null }] });
});

test("asks which one is meant", async () => {
  await using desk = await Desk.sitDown({ config });
  const { code, err } = await desk.type("schedule", "run", "weekly-revew");
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringContaining("did you mean weekly-review?") as string,
  });
});

test.each([
  ["cron: '0 8 * * 1'\n    every: 6h\n    prompt: x", "says not when it is due, or says it twice"],
  ["cron: '0 8 * * 9'\n    prompt: x", "is never due by"],
  ["cron: '0 8 * * 1'\n    timezone: Mars/Base\n    prompt: x", "Mars/Base"],
  ["every: 6h", "says not what is to be done"],
  ["every: 5s\n    prompt: x", "at least a minute"],
])("refuses a schedule such as %j", async (written, problem) => {
  const bad = `remote: ssh://h/x.git\nschedules:\n  one:\n    ${written}\n`;
  await using desk = await Desk.sitDown({ config: bad });
  const { code, err } = await desk.type("schedule");
  expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(problem) as string });
});
