import { describe, expect, test } from "vitest";

import { hosted, leaseFallsShortBy, ownHub } from "../../src/core/pace.ts";
import { chooseWatchdog, longestHang } from "../../src/core/watchdog.ts";

const own = { unitLimit: undefined, hasShell: true };

describe("the watchdog of a worker", () => {
  test("is the unit's as long as the lease outlasts it", () => {
    // 360 s of lease are enough for 180 s of renewal, 30 s of grace, one per cent, and at most 146.4 s.
    expect(chooseWatchdog(ownHub, { ...own, unitLimit: 4 })).toEqual({ kind: "systemd", limit: 4 });
    expect(chooseWatchdog(ownHub, { ...own, unitLimit: 146 })).toEqual({ kind: "systemd", limit: 146 });
  });

  test("is the unit's with the pace's limit where the lease does not outlast it", () => {
    expect(chooseWatchdog(ownHub, { ...own, unitLimit: 180 })).toEqual({ kind: "systemd", limit: 60 });
    const fast = { ...ownHub, beat: 15, lease: 90, renew: 45, watchdog: 15, grace: 7.5 };
    expect(chooseWatchdog(fast, { ...own, unitLimit: 60 })).toEqual({ kind: "systemd", limit: 15 });
  });

  test("is a shell where no unit asks for one, and hangs for a moment longer than its limit", () => {
    const watchdog = chooseWatchdog(ownHub, own);
    expect(watchdog).toEqual({ kind: "own", limit: 60, moment: 5 });
    expect(longestHang(watchdog)).toBe(65);
  });

  test("counts whole seconds in a shell, at least one, and forgives no longer than it waits", () => {
    expect(chooseWatchdog({ ...ownHub, watchdog: 2.9 }, own)).toEqual({ kind: "own", limit: 2, moment: 2 });
    expect(chooseWatchdog({ ...ownHub, watchdog: 0.2 }, own)).toEqual({ kind: "own", limit: 1, moment: 1 });
  });

  test("is none where there is neither, and then a hang may last", () => {
    const watchdog = chooseWatchdog(ownHub, { unitLimit: undefined, hasShell: false });
    expect(watchdog).toEqual({ kind: "none" });
    expect(longestHang(watchdog)).toBeUndefined();
  });

  test.each([ownHub, hosted])("leaves the lease of a profile long enough, whatever the unit says", (pace) => {
    for (const unitLimit of [undefined, 1, 60, 180, 3600]) {
      const watchdog = longestHang(chooseWatchdog(pace, { unitLimit, hasShell: true }));
      expect(leaseFallsShortBy({ ...pace, watchdog: watchdog ?? Infinity })).toBeUndefined();
    }
  });
});
