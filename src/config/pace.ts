import { durationText } from "../core/duration.ts";
import { hosted, leaseFallsShortBy, ownHub, type Pace } from "../core/pace.ts";
import { longestHang, ownWatchdog, type Watchdog } from "../core/watchdog.ts";
import { Fault } from "../fault.ts";
import type { Profile } from "./profile.ts";
import type { ConfigFile } from "./schema.ts";

/** The profile's pace with what the file says about it. */
export function paceOf({ beat, lease, render }: ConfigFile, profile: Profile): Pace {
  const usual = paceAt(beat, profile);
  const pace: Pace = { ...usual, lease: lease ?? usual.lease, render: render ?? usual.render };
  const short = leaseFallsShortOfAny(pace);
  if (short === undefined) return pace;
  throw new Fault(
    "SETTINGS_UNSAFE",
    `A lease of ${durationText(pace.lease)} is too short for a beat each ${durationText(pace.beat)}: tasks would be given away that still run`,
    { hint: `Make lease at least ${durationText(Math.ceil(pace.lease + short + 1))}, or beat shorter.` },
  );
}

/** A profile's pace for a beat each so many seconds: whatever depends on the beat changes along with it. */
export function paceAt(beat: number | undefined, profile: Profile): Pace {
  const usual = profile === "hosted" ? hosted : ownHub;
  const scale = (beat ?? usual.beat) / usual.beat;
  const shrunk = Math.min(scale, 1);
  return {
    ...usual,
    beat: usual.beat * scale,
    lease: usual.lease * scale,
    renew: usual.renew * scale,
    watchdog: usual.watchdog * shrunk,
    grace: usual.grace * shrunk,
  };
}

/** By how many seconds a lease falls short where nobody knows which watchdog a worker has: the slowest has to do. */
export function leaseFallsShortOfAny(pace: Pace): number | undefined {
  return leaseFallsShortBy({ ...pace, watchdog: longestHang(ownWatchdog(pace)) ?? 0 });
}

/** What a worker began with and keeps until it is started again, whatever its configuration says by then. */
export type Begun = { watchdog: Watchdog; grace: number };

/** Refuses a pace whose lease would be lost while a worker that began so may still run its tasks. */
export function refuseUnsafePace(pace: Pace, { watchdog, grace }: Begun): void {
  // No lease outlasts a hang that nothing ends; that is told when the worker starts, and the rest still has to hold.
  const hang = longestHang(watchdog);
  const short = leaseFallsShortBy({ ...pace, watchdog: hang ?? 0, grace });
  if (short === undefined) return;
  const watched = hang === undefined ? "no watchdog" : `a watchdog of ${durationText(hang)}`;
  throw new Fault(
    "SETTINGS_UNSAFE",
    `a lease of ${durationText(pace.lease)} is ${durationText(Math.ceil(short))} too short for a worker that began with ${watched} and a grace of ${durationText(grace)}; a restart is needed, or a longer lease`,
    { hint: "Stop the worker and start it again." },
  );
}
