import { expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import type { Beat } from "../../src/core/beat.ts";
import { sentence } from "../../src/core/event.ts";
import { renderBeat } from "../../src/format/beat.ts";
import { condition, Workers } from "../../src/main/workers.ts";
import { aBeat } from "../support/beats.ts";
import { HandClock } from "../support/hand-clock.ts";
import { ada } from "../support/tasks.ts";

test("a worker's goodbye is told, and not one that was said before we came", async () => {
  const watch = watching();
  expect(await watch({ state: "idle" })).toEqual(["worker ada is there"]);
  expect(await watch({ state: "draining" })).toEqual([]);
  expect(await watch({ state: "stopped" })).toEqual(["worker ada said goodbye"]);
  expect(await watch({ state: "stopped" })).toEqual([]);
  expect(await watch({ state: "idle" })).toEqual(["worker ada is there"]);
  expect(await watching()({ state: "stopped" })).toEqual([]);
});

test("a worker that stands still is told of once, and when it goes on", async () => {
  const watch = watching();
  await watch({});
  const trouble = "HISTORY_FORKED";
  expect(await watch({ trouble })).toEqual([
    expect.stringMatching(/worker ada lives, but stands still: .*history was replaced/),
  ]);
  expect(await watch({ trouble })).toEqual([]);
  expect(await watch({})).toEqual(["worker ada goes on"]);
});

test("a spent budget is told of once a day, and not as an executor that somebody has to mend", async () => {
  const watch = watching();
  await watch({});
  const spent = (day: string, spentUsd: number): Partial<Beat> => ({
    unhealthy: { openclaw: "the day's budget of $5.00 is spent", claude: "no key" },
    budget: { day, spentUsd, perDayUsd: 5, executors: ["openclaw"] },
  });
  expect(await watch(spent("2026-11-21", 5))).toEqual([
    "worker ada has spent $5.00 of its $5.00 for 2026-11-21 and takes no paid tasks until the next day",
    "worker ada cannot run claude: no key",
  ]);
  expect(await watch(spent("2026-11-21", 7))).toEqual([]);
  expect(await watch({})).toEqual([]);
  expect(await watch(spent("2026-11-22", 6))).toEqual([
    expect.stringContaining("$6.00 of its $5.00 for 2026-11-22"),
    "worker ada cannot run claude: no key",
  ]);
});

test("an executor that rests is told to nobody, unless it turns out that somebody has to mend it", async () => {
  const watch = watching();
  await watch({});
  expect(await watch({ unhealthy: { openclaw: "HTTP 429" }, resting: { openclaw: 40 } })).toEqual([]);
  expect(await watch({ unhealthy: { openclaw: "HTTP 503" }, resting: { openclaw: 0 } })).toEqual([]);
  expect(await watch({ unhealthy: { openclaw: "no key" } })).toEqual([
    "worker ada cannot run openclaw: no key",
  ]);
});

test.each([
  ["stopped", "silent", { state: "stopped" }],
  ["silent", "silent", { trouble: "HISTORY_FORKED" }],
  ["stands still", "alive", { trouble: "HISTORY_FORKED", state: "draining" }],
  ["draining", "late", { state: "draining" }],
  ["late", "late", {}],
] as const)("people see %s of one that is %s and says %o", (word, health, about) => {
  expect(condition({ health, beat: aBeat(about) })).toBe(word);
});

/** Shows a main one beat after the other; answers what it tells. */
function watching() {
  const hub = new MemoryHub();
  const workers = new Workers();
  const repo = hub.open("main", new HandClock());
  return async (about: Partial<Beat>) => {
    hub.beat(ada, renderBeat(aBeat(about)));
    return (await workers.observe((await repo.look()).beats, 0, repo)).map(sentence);
  };
}
