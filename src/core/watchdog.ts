import { leaseFallsShortBy, type Pace } from "./pace.ts";

/** What ends a worker from outside when its own loop hangs. All in seconds. */
export type Watchdog =
  | { kind: "systemd"; limit: number }
  /** A shell of our own, which forgives a missed sign of life for a moment: that comes on top of its limit. */
  | { kind: "own"; limit: number; moment: number }
  | { kind: "none" };

export type Means = {
  /** What the unit asks for, where systemd watches this process. */
  unitLimit: number | undefined;
  /** A shell that can wait for input with a time limit. */
  hasShell: boolean;
};

/**
 * The watchdog of a worker with this pace. The limit of its unit stays where the lease outlasts it; otherwise systemd is
 * asked for that of the pace.
 */
export function chooseWatchdog(pace: Pace, { unitLimit, hasShell }: Means): Watchdog {
  if (unitLimit !== undefined) {
    const fits = leaseFallsShortBy({ ...pace, watchdog: unitLimit }) === undefined;
    return { kind: "systemd", limit: fits ? unitLimit : pace.watchdog };
  }
  return hasShell ? ownWatchdog(pace) : { kind: "none" };
}

/** Of all watchdogs the slowest. The shell counts whole seconds. */
export function ownWatchdog({ watchdog }: Pace): Watchdog {
  const limit = Math.max(1, Math.floor(watchdog));
  return { kind: "own", limit, moment: Math.min(5, limit) };
}

/** How long a hang lasts at most; undefined where nothing ends it, which no lease outlasts. */
export function longestHang(watchdog: Watchdog): number | undefined {
  switch (watchdog.kind) {
    case "systemd":
      return watchdog.limit;
    case "own":
      return watchdog.limit + watchdog.moment;
    case "none":
      return undefined;
    default:
      return watchdog satisfies never;
  }
}
