import { describe, expect, test } from "vitest";

import { paceAt, paceOf, refuseUnsafePace } from "../../src/config/pace.ts";
import { leaseFallsShortBy } from "../../src/core/pace.ts";
import { chooseWatchdog, longestHang } from "../../src/core/watchdog.ts";
import { Fault } from "../../src/fault.ts";

describe("a configured pace", () => {
  test.each([1, 2, 5, 10, 15, 59, 60, 300, 3600])(
    "with a beat each %d s is safe with the watchdog that a worker gets, whichever that is",
    (beat) => {
      const pace = paceOf({ beat }, "own-hub");
      for (const unitLimit of [undefined, 1, 60, 180]) {
        const watchdog = chooseWatchdog(pace, { unitLimit, hasShell: true });
        expect(leaseFallsShortBy({ ...pace, watchdog: longestHang(watchdog) ?? Infinity })).toBeUndefined();
      }
    },
  );

  test("needs a lease that outlasts the slowest watchdog, with the moment that it forgives", () => {
    // (180 s renewal + 60 s and 5 s watchdog + 30 s grace) and one per cent: 277.75 s
    expect(() => paceOf({ lease: 277 }, "own-hub")).toThrow("A lease of 4m37s is too short");
    expect(paceOf({ lease: 278 }, "own-hub").lease).toBe(278);
  });
});

describe("a worker that runs", () => {
  const begun = { watchdog: { kind: "own", limit: 60, moment: 5 }, grace: 30 } as const;

  test("refuses a pace whose lease does not outlast what it began with, and says by how much", () => {
    // 30 s of renewal, 65 s and 30 s, and one per cent, are 126.25 s: 66.25 s more than its lease.
    const refuse = () => refuseUnsafePace(paceAt(10, "own-hub"), begun);
    expect(refuse).toThrow(Fault);
    expect(refuse).toThrow(
      "a lease of 1m is 1m7s too short for a worker that began with a watchdog of 1m5s and a grace of 30s; a restart is needed, or a longer lease",
    );
  });

  test("takes that pace with a longer lease, and one that is slower", () => {
    expect(() => refuseUnsafePace({ ...paceAt(10, "own-hub"), lease: 127 }, begun)).not.toThrow();
    expect(() => refuseUnsafePace(paceAt(300, "own-hub"), begun)).not.toThrow();
  });

  test("without a watchdog keeps to the rest of the rule", () => {
    const unwatched = { watchdog: { kind: "none" }, grace: 30 } as const;
    expect(() => refuseUnsafePace(paceAt(60, "own-hub"), unwatched)).not.toThrow();
    expect(() => refuseUnsafePace(paceAt(10, "own-hub"), unwatched)).toThrow("began with no watchdog");
  });
});
