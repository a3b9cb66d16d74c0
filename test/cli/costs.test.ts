import { expect, test } from "vitest";

import { bar } from "../../src/cli/bar.ts";
import { sinceDay } from "../../src/cli/since.ts";
import { TaskId } from "../../src/core/ids.ts";
import type { Facts, Result } from "../../src/core/outcome.ts";
import { appendResults } from "../../src/format/archive.ts";
import { renderResult } from "../../src/format/result.ts";
import { documented, shapeOf } from "../support/cli-page.ts";
import { Desk } from "../support/desk.ts";
import { ada, adasToken, anId } from "../support/tasks.ts";

const config = "remote: ssh://h/x.git\nname: desk\nrouting: {timezone: Europe/Berlin}\n";

test("what tasks have cost is told by day, with a bar as long as there is room", async () => {
  await using desk = await deskWithCosts();
  desk.screens.out.columns = 70;
  const { out, err } = await desk.type("costs");
  expect(out).toMatchInlineSnapshot(`
    "DAY         TASKS     IN  OUT  CACHED     COST
    2026-11-19      1      0    0       0  $0.5000  █████████████████████
    2026-11-20      0      0    0       0    $0.00
    2026-11-21      2  12.4k    0       0  $0.2500  ██████████▌
    total           3  12.4k    0       0  $0.7500
    "
  `);
  expect(err).toBe("1 task of 3 told no cost, as commands do not.\n");
});

test("results of the archive count as far back as is asked for", async () => {
  await using desk = await deskWithCosts();
  const total = async (...args: string[]) => (await desk.json("costs", ...args))["total"];
  expect(await total()).toMatchObject({ tasks: 3, costUsd: 0.75 });
  expect(await total("--since", "2026-11-20")).toMatchObject({ tasks: 2, costUsd: 0.25 });
  expect(await total("--since", "90d")).toMatchObject({ tasks: 4, costUsd: 4.75 });
});

test("day files are opened only as far back as is asked for", async () => {
  await using desk = await deskWithCosts();
  const opened: string[] = [];
  const openLedger = desk.world.openLedger.bind(desk.world);
  desk.world.openLedger = async (settled) => {
    const ledger = await openLedger(settled);
    const { repo } = ledger;
    const fetch = repo.fetch.bind(repo);
    repo.fetch = async () => {
      const snapshot = await fetch();
      const read = snapshot.read.bind(snapshot);
      snapshot.read = (path) => (opened.push(path), read(path));
      return snapshot;
    };
    return ledger;
  };
  await desk.type("costs", "--since", "1d");
  const days = opened.filter((path) => path.includes("ARCHIVE")).toSorted();
  expect(days[0]).toBe("worker/ARCHIVE/2026/11/13.md");
  expect(days.at(-1)).toBe("worker/ARCHIVE/2026/11/22.md");
});

test("colours are for terminals", async () => {
  await using desk = await deskWithCosts();
  expect((await desk.type("costs", "--by", "model")).out).not.toContain("\u001b[");
  desk.screens.out.isTerminal = true;
  expect((await desk.type("costs", "--by", "model")).out).toContain("\u001b[36m█");
});

test("where no task has ended, that is said", async () => {
  await using desk = await Desk.sitDown({ config });
  expect((await desk.type("costs", "--since", "1d")).out).toBe("No task has ended since 2026-11-20.\n");
});

test("the page shows the shape of the answer", async () => {
  await using desk = await deskWithCosts();
  expect(shapeOf(await desk.json("costs"))).toEqual(shapeOf(documented("costs")));
});

test.each([
  [["--by", "moon"], "day, model, category, worker"],
  [["--since", "lately"], "--since lately: expected a duration or a date"],
])("%j is refused", async (args, why) => {
  await using desk = await Desk.sitDown({ config });
  const { code, err } = await desk.type("costs", ...args);
  expect(code).toBe(2);
  expect(err).toContain(why);
});

test.each([
  ["0d", "2026-10-26"],
  ["23h", "2026-10-26"],
  // Half an hour after midnight on the day after one of 25 hours: 24 hours ago it was that day, too.
  ["1d", "2026-10-25"],
  ["2d", "2026-10-24"],
  ["2026-10-01", "2026-10-01"],
  ["2026-10-01T23:00Z", "2026-10-02"],
])("%s means from %s on", (text, day) => {
  const now = new Date("2026-10-25T23:30:00Z");
  expect(sinceDay(text, { now, timezone: "Europe/Berlin" })).toBe(day);
});

test.each([
  [1, "████"],
  [0.5, "██"],
  [0.4, "█▋"],
  [0.0001, "▏"],
  [0, ""],
])("a bar for %d of four cells is %j", (share, drawn) => {
  expect(bar(share, 4)).toBe(drawn);
});

async function deskWithCosts(): Promise<Desk> {
  const desk = await Desk.sitDown({ config });
  const model = { provider: "anthropic", model: "small" };
  desk.end(aResult(anId(1), "2026-11-21T10:00:00Z", { ...model, "cost-usd": 0.25, "tokens-in": 12_400 }));
  desk.end(aResult(anId(2), "2026-11-21T11:00:00Z", { executor: "command" }));
  const archived = (id: TaskId, at: string, facts: Facts) =>
    appendResults(undefined, [{ id, text: renderResult(aResult(id, at, facts)) }]);
  const [recent, old] = [TaskId.parse("T-20261118-00001"), TaskId.parse("T-20260901-00001")];
  desk.push({
    "worker/ARCHIVE/2026/11/18.md": archived(recent, "2026-11-19T10:00:00Z", { ...model, "cost-usd": 0.5 }),
    "worker/ARCHIVE/2026/09/01.md": archived(old, "2026-09-01T10:00:00Z", { ...model, "cost-usd": 4 }),
  });
  return desk;
}

function aResult(id: TaskId, at: string, facts: Facts): Result {
  return {
    id,
    title: "Compare the offers",
    outcome: "succeeded",
    why: undefined,
    lease: { by: ada, token: adasToken },
    attempt: 1,
    started: at,
    ended: at,
    request: {},
    tried: [],
    facts,
    text: "Done.",
  };
}
