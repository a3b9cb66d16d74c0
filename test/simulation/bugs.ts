import type { Announce } from "../../src/core/event.ts";
import type { Pace } from "../../src/core/pace.ts";
import type { AttemptRunner } from "../../src/ports/attempt-runner.ts";
import type { Chance } from "../../src/ports/chance.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { SharedRepo } from "../../src/ports/shared-repo.ts";
import type { Spool } from "../../src/ports/spool.ts";
import type { Life } from "./machine.ts";
import type { Traits } from "./traits.ts";
import type { World } from "./world.ts";

/** A protocol bug, planted in what the nodes are given; without any of these all is as it should be. */
export type Bug = {
  /** The kind of history in which it is most likely to show. */
  traits?(drawn: Traits): Traits;
  /** The remote takes any push, whatever it was based on. */
  overwrites?: boolean;
  repo?(repo: SharedRepo, life: Life, world: World): SharedRepo;
  clock?(clock: Clock, life: Life): Clock;
  chance?(chance: Chance, life: Life): Chance;
  spool?<Value>(spool: Spool<Value>, life: Life): Spool<Value>;
  runner?(runner: AttemptRunner, life: Life): AttemptRunner;
  announce?(announce: Announce, life: Life): Announce;
  pace?(pace: Pace, life: Life): Pace;
  /** Nothing ends a program that hangs. */
  noWatchdog?: boolean;
};
