import { expect, test } from "vitest";

import { Crowd } from "../../src/ledger/crowd.ts";
import { HandClock } from "../support/hand-clock.ts";
import { ada, bob } from "../support/tasks.ts";

test("a worker that was silent for a day is shown, but does not live", async () => {
  const clock = new HandClock();
  const crowd = new Crowd(clock);
  crowd.saw({
    head: "h",
    beats: new Map([
      [ada, "a1"],
      [bob, "b1"],
    ]),
  });
  expect(crowd.count).toEqual({ shown: 2, living: 2 });
  await clock.advance(23 * 3_600_000);
  crowd.saw({
    head: "h",
    beats: new Map([
      [ada, "a2"],
      [bob, "b1"],
    ]),
  });
  expect(crowd.count).toEqual({ shown: 2, living: 2 });
  await clock.advance(2 * 3_600_000);
  expect(crowd.count).toEqual({ shown: 2, living: 1 });
  crowd.saw({ head: "h", beats: new Map([[ada, "a2"]]) });
  expect(crowd.count).toEqual({ shown: 1, living: 1 });
});
