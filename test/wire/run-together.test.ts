import { once } from "node:events";
import { setImmediate } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { runTogether } from "../../src/wire/run-together.ts";

describe("loops that belong together", () => {
  const ends: string[] = [];
  const good = (name: string) => async (stop: AbortSignal) => {
    if (!stop.aborted) await once(stop, "abort");
    await setImmediate();
    ends.push(name);
  };

  test("end when they are told to", async () => {
    const stop = new AbortController();
    const running = runTogether([good("one"), good("two")], stop.signal);
    stop.abort();
    await running;
    expect(ends.splice(0)).toEqual(["one", "two"]);
  });

  test("are stopped by the first that breaks, and end what they have under way before it is told", async () => {
    const breaks = () => Promise.reject(new Error("first"));
    const complains = async (stop: AbortSignal) => {
      await good("last")(stop);
      throw new Error("second");
    };
    const running = runTogether([good("one"), breaks, complains], new AbortController().signal);
    await expect(running).rejects.toThrow("first");
    expect(ends.splice(0)).toEqual(["one", "last"]);
  });
});
