import { durationText } from "../core/duration.ts";
import { hosted, leaseFallsShortBy, ownHub, type Pace } from "../core/pace.ts";
import { Fault } from "../fault.ts";
import type { Profile } from "./profile.ts";
import type { ConfigFile } from "./schema.ts";

/** The profile's pace with what the file says about it; whatever depends on the beat changes along with it. */
export function paceOf({ beat, lease, render }: ConfigFile, profile: Profile): Pace {
  const usual = profile === "hosted" ? hosted : ownHub;
  const scale = (beat ?? usual.beat) / usual.beat;
  const shrunk = Math.min(scale, 1);
  const pace: Pace = {
    ...usual,
    beat: usual.beat * scale,
    lease: lease ?? usual.lease * scale,
    renew: usual.renew * scale,
    watchdog: usual.watchdog * shrunk,
    grace: usual.grace * shrunk,
    render: render ?? usual.render,
  };
  const short = leaseFallsShortBy(pace);
  if (short === undefined) return pace;
  throw new Fault(
    "SETTINGS_UNSAFE",
    `A lease of ${durationText(pace.lease)} is too short for a beat each ${durationText(pace.beat)}: tasks would be given away that still run`,
    { hint: `Make lease at least ${durationText(Math.ceil(pace.lease + short + 1))}, or beat shorter.` },
  );
}
