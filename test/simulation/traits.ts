import { hosted, leaseFallsShortBy, ownHub, type Pace } from "../../src/core/pace.ts";
import type { Luck } from "./luck.ts";

/** Between two looks of a node. */
export const pollSeconds = 5;

/** What kind of history this is to be. */
export type Traits = {
  workers: number;
  tasks: number;
  slots: number;
  troubleMs: number;
  pace: Pace;
  keepResults: number;
  lossThere: number;
  lossBack: number;
  slow: number;
  /** Mean times between two faults of a kind, on the whole; Infinity for those that do not occur. */
  every: Record<FaultKind, number>;
  success: number;
  /** How many tasks hand others out. */
  parents: number;
  /** How many attempts take minutes. */
  long: number;
  /** A unit of systemd takes the attempts along when its main process dies. */
  unit: boolean;
};

export const faultKinds = [
  "crash",
  "reboot",
  "drain",
  "hang",
  "freeze",
  "partition",
  "disk-full",
  "clock-jump",
  "rewind",
  "edit",
  "twin",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export function drawTraits(luck: Luck): Traits {
  const wild = luck.flip(0.35);
  const often = (ms: number, probability: number) =>
    luck.flip(wild ? Math.min(1, probability * 1.5) : probability) ? ms * luck.between(0.4, 2) : Infinity;
  return {
    workers: luck.whole(1, 3),
    tasks: luck.whole(1, 6),
    slots: luck.flip(0.7) ? 1 : 2,
    troubleMs: luck.between(180_000, 600_000),
    pace: drawPace(luck),
    keepResults: luck.pick([0, 1, 3, 100]),
    lossThere: luck.flip(0.5) ? luck.between(0, 0.2) : 0,
    lossBack: luck.flip(0.5) ? luck.between(0, 0.25) : 0,
    slow: luck.flip(0.5) ? luck.between(0, wild ? 0.5 : 0.1) : 0,
    every: {
      crash: often(90_000, 0.6),
      reboot: often(200_000, 0.3),
      drain: often(200_000, 0.2),
      hang: often(90_000, 0.4),
      freeze: often(200_000, 0.1),
      partition: often(100_000, 0.5),
      "disk-full": often(200_000, 0.15),
      "clock-jump": often(100_000, 0.3),
      rewind: often(150_000, 0.12),
      edit: often(40_000, 0.6),
      twin: often(200_000, 0.08),
    },
    success: luck.pick([1, 0.9, 0.6]),
    long: luck.pick([0.1, 0.3, 0.8]),
    unit: luck.flip(0.5),
    parents: luck.flip(0.3) ? luck.pick([0.2, 0.6]) : 0,
  };
}

/** Either of the two profiles, faster, and as tight as the rule of leases lets it be. */
function drawPace(luck: Luck): Pace {
  const scarce = luck.flip(0.3);
  const pace: Pace = {
    ...(scarce ? hosted : ownHub),
    beat: 15,
    renew: 40,
    watchdog: 20,
    grace: 10,
    lease: luck.flip(0.7) ? 71 : 90,
    render: scarce ? 30 : 5,
    pushesPerMinute: scarce ? 12 : undefined,
  };
  const short = leaseFallsShortBy(pace);
  if (short !== undefined) throw new Error(`the lease is ${short} s too short`);
  return pace;
}
