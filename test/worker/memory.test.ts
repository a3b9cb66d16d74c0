import { setImmediate } from "node:timers/promises";

import { expect, test } from "vitest";

import { Token } from "../../src/core/ids.ts";
import type { Spool } from "../../src/ports/spool.ts";
import { Remembering, type WorkerMemory } from "../../worker/memory.ts";

const tokens = ["aaaaaaaa", "bbbbbbbb", "cccccccc"].map((text) => Token.parse(text));

test("what a worker starts at once is on disk before it starts, in one write", async () => {
  const spool = new SlowSpool();
  const memory = await Remembering.open(spool);
  const startings = tokens.map((token) => memory.start(token));
  await spool.end();
  await Promise.all(startings);
  expect(spool.begun.map(({ started }) => started)).toEqual([tokens]);
});

test("what comes while the disk is busy waits for the write that follows", async () => {
  const spool = new SlowSpool();
  const memory = await Remembering.open(spool);
  const done: string[] = [];
  const start = (token: Token) => memory.start(token).then(() => done.push(token));
  const [first, second, third] = tokens as [Token, Token, Token];
  const starting = start(first);
  await setImmediate();
  const others = [start(second), start(third)];
  await spool.end();
  await starting;
  expect(done).toEqual([first]);
  await spool.end();
  await Promise.all(others);
  expect(spool.begun.map(({ started }) => started)).toEqual([[first], tokens]);
});

test("a write that failed is told to all that shared it, and the next one brings everything", async () => {
  const spool = new SlowSpool();
  const memory = await Remembering.open(spool);
  const [first, second, third] = tokens as [Token, Token, Token];
  const starting = Promise.allSettled([memory.start(first), memory.start(second)]);
  await spool.end(new Error("no room"));
  expect((await starting).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const later = memory.start(third);
  await spool.end();
  await later;
  expect(spool.begun.at(-1)?.started).toEqual(tokens);
});

test("pushes are kept by the write that follows, and cause none", async () => {
  const spool = new SlowSpool();
  const memory = await Remembering.open(spool);
  memory.notePushes([1, 2]);
  expect(spool.begun).toEqual([]);
  const starting = memory.start(tokens[0]!);
  await spool.end();
  await starting;
  expect(spool.begun.map(({ pushes }) => pushes)).toEqual([[1, 2]]);
});

/** A spool whose writes end when the test says so. */
class SlowSpool implements Spool<WorkerMemory> {
  readonly begun: WorkerMemory[] = [];
  #ending: PromiseWithResolvers<void> | undefined;

  async read(): Promise<undefined> {}

  write(value: WorkerMemory): Promise<void> {
    this.begun.push(value);
    this.#ending = Promise.withResolvers();
    return this.#ending.promise;
  }

  /** Ends the write that has begun, once there is one. */
  async end(error?: Error): Promise<void> {
    while (!this.#ending) await setImmediate();
    const ending = this.#ending;
    this.#ending = undefined;
    if (error) ending.reject(error);
    else ending.resolve();
  }
}
