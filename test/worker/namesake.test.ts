import { expect, test } from "vitest";

import { noopRunner, startWorker, workerSettings } from "../../bench/support/bench-worker.ts";
import { memorySpool } from "../../bench/support/memory-spool.ts";
import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import { type Event, sentence } from "../../src/core/event.ts";
import { NodeName, Token } from "../../src/core/ids.ts";
import type { StopReason } from "../../src/core/outcome.ts";
import { ownHub } from "../../src/core/pace.ts";
import type { Task } from "../../src/core/task.ts";
import { parseBeat } from "../../src/format/beat.ts";
import type { AttemptRunner } from "../../src/ports/attempt-runner.ts";
import type { Spool } from "../../src/ports/spool.ts";
import type { WorkerMemory } from "../../worker/memory.ts";
import { aBeat } from "../support/beats.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";
import { aTask } from "../support/tasks.ts";

const name = NodeName.parse("w1");
const minuteMs = 60_000;

test("a second machine with a worker's name does nothing, and says which the first one is", async () => {
  await using town = new Town();
  town.start("first");
  await town.clock.advance(minuteMs);
  const second = town.start("second");
  await town.clock.advance(10 * minuteMs);
  expect(second.told.filter(({ kind }) => kind === "remote-trouble").map(sentence)).toEqual([
    expect.stringMatching(/Another worker beats as w1, on the host first \[NAME_TAKEN\]/),
  ]);
  expect(town.beat()).toMatchObject({ host: "first", state: "idle" });
});

test("a second machine takes over once the first has said goodbye", async () => {
  await using town = new Town();
  const first = town.start("first");
  await town.clock.advance(minuteMs);
  town.start("second");
  await town.clock.advance(2 * minuteMs);
  const gone = first.worker[Symbol.asyncDispose]();
  await town.clock.advance(2 * minuteMs);
  await gone;
  expect(town.beat()).toMatchObject({ host: "second", state: "idle" });
});

test("a machine that was made anew takes over once the old one was silent for a lease, not earlier", async () => {
  await using town = new Town();
  town.hub.beat(name, JSON.stringify({ ...oldBeat, id: "0123456789abcdef" }));
  town.start("new");
  await town.clock.advance((ownHub.lease - 1) * 1000);
  expect(town.beat()).toMatchObject({ host: "old" });
  await town.clock.advance(2 * minuteMs);
  expect(town.beat()).toMatchObject({ host: "new" });
});

test.each([
  ["itself in a former life", { id: "0123456789abcdef", host: "new" }],
  ["the same host, by a version without ids", { host: "new" }],
  ["another that said goodbye", { state: "stopped" }],
])("a worker begins at once after a beat of %s", async (_, about) => {
  await using town = new Town();
  town.hub.beat(name, JSON.stringify({ ...oldBeat, ...about }));
  town.start("new", { id: Token.parse("0123456789abcdef") });
  await town.clock.advance(1000);
  expect(town.beat()).toMatchObject({ count: 8 });
});

test("a clone of a machine, with its state folder, does nothing beside it", async () => {
  await using town = new Town();
  const id = Token.parse("0123456789abcdef");
  town.start("first", { id });
  await town.clock.advance(minuteMs);
  town.start("clone", { id });
  await town.clock.advance(10 * minuteMs);
  expect(town.beat()).toMatchObject({ host: "first" });
});

test("a worker that finds another's beat in the place of its own stops what it runs, and beats no more", async () => {
  await using town = new Town([aTask()]);
  const { stopped } = town.start("first");
  await town.clock.advance(10_000);
  town.hub.beat(name, JSON.stringify({ ...oldBeat, id: "fedcba9876543210" }));
  await town.clock.advance(4 * minuteMs);
  expect(stopped).toEqual(["lease-lost"]);
  expect(town.beat()).toMatchObject({ host: "old" });
});

const oldBeat = aBeat({ worker: name, host: "old" });

class Town implements AsyncDisposable {
  readonly clock = new HandClock();
  readonly hub = new MemoryHub();
  readonly #workers: AsyncDisposable[] = [];

  constructor(tasks: Task[] = []) {
    const files = new Map([["worker/QUEUE.md", queueText(tasks)]]);
    this.hub.swap(undefined, { files, message: "begin", author: "x", at: "" });
  }

  start(host: string, memory: Pick<WorkerMemory, "id"> = {}) {
    const told: Event[] = [];
    const stopped: StopReason[] = [];
    const spool: Spool<WorkerMemory> = memorySpool();
    const kept: WorkerMemory = { drawn: [], started: [], finished: [], beats: 7, ...memory };
    const worker = startWorker(this.hub.open(host, this.clock), {
      spool: "",
      runner: patientRunner(stopped),
      settings: workerSettings({ name, host, pollSeconds: 5, pace: ownHub }),
      announce: (event) => told.push(event),
      deps: {
        clock: this.clock,
        spool: { read: async () => (await spool.read()) ?? kept, write: (value) => spool.write(value) },
      },
    });
    this.#workers.push(worker);
    return { worker, told, stopped };
  }

  /** What the hub shows of the worker now. */
  beat() {
    return parseBeat(this.hub.beats.get(name)?.text ?? "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = Promise.all(this.#workers.map((worker) => worker[Symbol.asyncDispose]()));
    await this.clock.advance(5 * minuteMs);
    await gone;
  }
}

/** Attempts that run until they are stopped. */
function patientRunner(stopped: StopReason[]): AttemptRunner {
  return {
    ...noopRunner(),
    start() {
      const { promise, resolve } = Promise.withResolvers<StopReason>();
      const done = promise.then((because) => ({ ending: { kind: "stopped", because } as const, facts: {} }));
      return {
        done,
        progress: () => undefined,
        stop(because) {
          stopped.push(because);
          resolve(because);
        },
      };
    },
  };
}
