import { beforeEach, describe, expect, test } from "vitest";

import { Token } from "../../src/core/ids.ts";
import type { Ending } from "../../src/core/outcome.ts";
import type { Finished } from "../../worker/memory.ts";
import { Rests } from "../../worker/rests.ts";
import { HandClock } from "../support/hand-clock.ts";
import { adasTask } from "../support/tasks.ts";

const minute = 60_000;

describe("an executor that met a passing trouble", () => {
  let clock: HandClock;
  let rests: Rests;
  beforeEach(() => {
    clock = new HandClock();
    rests = new Rests(clock, () => 0.999);
  });

  test("rests, then is on probation, and rests longer after each trouble that it meets there", async () => {
    for (const waitMs of [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]) {
      heed({ kind: "transient", why: "HTTP 429" });
      await clock.advance(0.9 * waitMs);
      expect([rests.resting, rests.probing]).toEqual([["openclaw"], []]);
      expect(rests.seconds?.["openclaw"]).toBeGreaterThan(0);
      await clock.advance(0.1 * waitMs);
      expect([rests.resting, rests.probing]).toEqual([[], ["openclaw"]]);
      expect([rests.whys, rests.seconds]).toEqual([{ openclaw: "HTTP 429" }, { openclaw: 0 }]);
    }
  });

  test.each<Ending>([
    { kind: "succeeded", text: "Done.", facts: {} },
    { kind: "waits", note: "", answer: "", facts: {} },
  ])("is free at the first that ended as %o, and its next rest is a short one", async (ending) => {
    heed({ kind: "transient", why: "HTTP 429" });
    await clock.advance(10_000);
    heed({ kind: "transient", why: "HTTP 429" });
    heed(ending);
    expect([rests.any, rests.resting]).toEqual([false, []]);
    expect(rests.seconds).toBeUndefined();
    heed({ kind: "transient", why: "HTTP 429" });
    expect(rests.seconds).toEqual({ openclaw: 10 });
  });

  test("rests no longer for what began before, and counts what is not settled yet once", async () => {
    const [one, other] = [
      ended({ kind: "transient", why: "HTTP 429" }),
      ended({ kind: "transient", why: "HTTP 503" }),
    ];
    rests.heed([one], "openclaw");
    rests.heed([one, other], "openclaw");
    expect([rests.whys, rests.seconds]).toEqual([{ openclaw: "HTTP 429" }, { openclaw: 10 }]);
    await clock.advance(10_000);
    rests.heed([one, other], "openclaw");
    expect(rests.probing).toEqual(["openclaw"]);
  });

  test("is not one of another name", () => {
    rests.heed([ended({ kind: "transient", why: "HTTP 429" }, "claude")], "openclaw");
    expect(rests.resting).toEqual(["claude"]);
  });

  test("is trusted again when nothing has ended for five minutes, which is news for a while, and the trouble is remembered", async () => {
    heed({ kind: "transient", why: "HTTP 429" });
    await clock.advance(10_000 + 5 * minute);
    expect([rests.probing, rests.seconds, rests.any]).toEqual([[], undefined, true]);
    await clock.advance(5 * minute);
    expect(rests.any).toBe(false);
    heed({ kind: "transient", why: "HTTP 429" });
    expect(rests.seconds).toEqual({ openclaw: 20 });
    await clock.advance(20_000 + 15 * minute);
    heed({ kind: "transient", why: "HTTP 429" });
    expect(rests.seconds).toEqual({ openclaw: 10 });
  });

  test("is forgotten when the configuration is another", () => {
    heed({ kind: "transient", why: "HTTP 429" });
    rests.forgetAll();
    expect([rests.any, rests.resting]).toEqual([false, []]);
  });

  function heed(ending: Ending): void {
    rests.heed([ended(ending)], "openclaw");
  }
});

let drawn = 0;

function ended(ending: Ending, executor?: string): Finished {
  const token = Token.parse((++drawn).toString(16).padStart(16, "0"));
  const times = { started: "2026-11-21T10:00:00Z", ended: "2026-11-21T10:01:00Z" };
  return { task: adasTask({ request: { executor } }), token, ending, facts: {}, ...times };
}
