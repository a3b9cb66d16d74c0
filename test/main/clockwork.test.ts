import { expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import type { Event } from "../../src/core/event.ts";
import { NodeName } from "../../src/core/ids.ts";
import { Fault } from "../../src/fault.ts";
import { parseQueue } from "../../src/format/queue.ts";
import { PushBudget } from "../../src/ledger/push-budget.ts";
import { Clockwork, type Pauses, type ScheduleMemory } from "../../src/main/clockwork.ts";
import type { Spool } from "../../src/ports/spool.ts";
import type { Schedule } from "../../src/schedules/schedule.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";

const hourMs = 3_600_000;
const hourly: Schedule = {
  name: "review",
  rhythm: { kind: "every", seconds: 3600 },
  missed: "once",
  title: "Review",
  prompt: async () => "Review the week.",
  request: { category: "briefing.weekly" },
};

test("a task comes when its time comes, and not before", async () => {
  const place = aPlace();
  const clockwork = place.main();
  await clockwork.once();
  expect(place.tasks()).toEqual([]);
  await place.clock.advance(hourMs);
  await clockwork.once();
  await clockwork.once();
  expect(place.tasks()).toMatchObject([
    {
      title: "Review",
      prompt: "Review the week.",
      request: { category: "briefing.weekly", by: "schedule:review" },
    },
  ]);
});

test("a restart makes no second one, nor does a main that forgot, nor another main", async () => {
  const place = aPlace();
  await place.main().once();
  await place.clock.advance(hourMs);
  const before = place.memory.value;
  await Promise.all([place.main().once(), place.main().once()]);
  place.memory.value = before;
  await place.main().once();
  const other = aMemory<ScheduleMemory>();
  other.value = before;
  await place.main({ memory: other }).once();
  expect(place.tasks()).toHaveLength(1);
});

test("of times that nobody saw, one is made up for, and the others are told of", async () => {
  const place = aPlace();
  await place.main().once();
  await place.clock.advance(5 * hourMs + 600_000);
  await place.main().once();
  expect(place.tasks()).toHaveLength(1);
  expect(place.events).toEqual([{ kind: "schedule-missed", schedule: "review", count: 4 }]);
});

test("a schedule that comes at other times than before begins anew", async () => {
  const place = aPlace();
  await place.main().once();
  await place.clock.advance(5 * hourMs);
  await place.main({ schedule: { ...hourly, rhythm: { kind: "every", seconds: 1800 } } }).once();
  expect(place.tasks()).toEqual([]);
});

test("a paused one makes nothing, and makes up for nothing afterwards", async () => {
  const place = aPlace();
  const clockwork = place.main();
  await clockwork.once();
  place.pauses.value = { review: { by: "ada", at: "2026-11-21T10:00:00Z" } };
  await place.clock.advance(3 * hourMs);
  await clockwork.once();
  place.pauses.value = {};
  await clockwork.once();
  expect(place.tasks()).toEqual([]);
  await place.clock.advance(hourMs);
  await clockwork.once();
  expect(place.tasks()).toHaveLength(1);
});

test("what cannot reach the ledger is done by the next round", async () => {
  const place = aPlace();
  const clockwork = place.main();
  await clockwork.once();
  await place.clock.advance(hourMs);
  const fetch = place.repo.fetch.bind(place.repo);
  const away = new Fault("REMOTE_UNAVAILABLE", "no route", { hint: "-" });
  place.repo.fetch = () => Promise.reject(away);
  await expect(clockwork.once()).rejects.toThrow("no route");
  place.repo.fetch = fetch;
  await clockwork.once();
  expect(place.tasks()).toHaveLength(1);
});

test("a prompt that is not there is told of, and does not stop the others", async () => {
  const place = aPlace();
  const missing = new Fault("FILE_NOT_FOUND", "review.md cannot be read", { hint: "-" });
  const clockwork = place.main({ schedule: { ...hourly, prompt: () => Promise.reject(missing) } });
  await clockwork.once();
  await place.clock.advance(hourMs);
  await clockwork.once();
  await clockwork.once();
  expect(place.events).toEqual([
    { kind: "schedule-failed", schedule: "review", why: "review.md cannot be read" },
  ]);
});

test("all that comes due at once is one push, each with an id of its own", async () => {
  const place = aPlace();
  const schedules = ["a", "b", "c"].map((name) => ({ ...hourly, name, title: name }));
  // An id takes five draws: the second one is the same as the first.
  let draws = 0;
  const clockwork = place.main({ schedules, chance: () => Math.floor(draws++ / 10) / 32 });
  await clockwork.once();
  const before = place.commits();
  await place.clock.advance(hourMs);
  await clockwork.once();
  expect(place.tasks().map(({ title }) => title)).toEqual(["a", "b", "c"]);
  expect(place.commits() - before).toBe(1);
});

test("where pushes are scarce and spent, what is due waits and is not forgotten", async () => {
  const place = aPlace();
  const pushes = new PushBudget(place.clock, () => 1);
  const clockwork = place.main({ pushes });
  await clockwork.once();
  await place.clock.advance(hourMs);
  pushes.pushed();
  expect(await clockwork.once()).toBe("held");
  expect(place.tasks()).toEqual([]);
  await place.clock.advance(60_000);
  expect(await clockwork.once()).toBeUndefined();
  expect(place.tasks()).toHaveLength(1);
});

type Memory<Value> = Spool<Value> & { value: Value | undefined };

function aMemory<Value>(): Memory<Value> {
  const memory: Memory<Value> = {
    value: undefined,
    read: async () => structuredClone(memory.value),
    write: async (value) => void (memory.value = structuredClone(value)),
  };
  return memory;
}

type Given = {
  schedule?: Schedule;
  schedules?: Schedule[];
  memory?: Memory<ScheduleMemory>;
  pushes?: PushBudget;
  chance?: () => number;
};

function aPlace() {
  const hub = new MemoryHub();
  const clock = new HandClock();
  const files = new Map([["worker/QUEUE.md", queueText([])]]);
  hub.swap(undefined, { files, message: "begin", author: "x", at: clock.now().toISOString() });
  const node = NodeName.parse("main");
  const repo = hub.open(node, clock);
  const events: Event[] = [];
  const memory = aMemory<ScheduleMemory>();
  const pauses = aMemory<Pauses>();
  const main = ({ schedule = hourly, schedules = [schedule], memory: own = memory, ...more }: Given = {}) => {
    const announce = (event: Event) => void events.push(event);
    return new Clockwork(
      { repo, node, clock, chance: Math.random, announce, memory: own, pauses, ...more },
      () => schedules,
      () => ({}),
    );
  };
  const tasks = () =>
    parseQueue(hub.commits.get(hub.head ?? "")?.files.get("worker/QUEUE.md") ?? "").tasks.map(
      ({ task }) => task,
    );
  return { clock, events, memory, pauses, main, tasks, repo, commits: () => hub.commits.size };
}
