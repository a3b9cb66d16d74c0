import type { Announce } from "../core/event.ts";
import type { NodeName } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import { paceFor, type Pace } from "../core/pace.ts";
import type { Request } from "../core/request.ts";
import { every, type Nudge } from "../every.ts";
import { Patience } from "../ledger/patience.ts";
import type { PushBudget } from "../ledger/push-budget.ts";
import { budgetOfMain } from "./budget-of-main.ts";
import { SteadyRepo, type Acceptance } from "../ledger/steady-repo.ts";
import type { Chance } from "../ports/chance.ts";
import type { Clock } from "../ports/clock.ts";
import type { SharedRepo } from "../ports/shared-repo.ts";
import type { Spool } from "../ports/spool.ts";
import type { Schedule } from "../schedules/schedule.ts";
import { Clockwork, type Pauses, type ScheduleMemory } from "./clockwork.ts";
import type { MainMemory } from "./memory.ts";
import type { Asked } from "./notice.ts";
import type { Standing } from "../core/standing.ts";
import { Tending } from "./tending.ts";

export type MainDeps = {
  repo: SharedRepo;
  clock: Clock;
  chance: Chance;
  announce: Announce;
  /** Is given each new result before its end is announced. */
  onResult?: (result: Result) => void;
  /** What people have been asked about tasks and not answered yet, by an earlier main as well. */
  asked?: () => readonly Asked[];
  /** Is told at each look how the whole stands. */
  onStanding?: (standing: Standing) => void;
  spool: Spool<MainMemory>;
  /** Ends the pause between two polls. */
  nudge: Nudge;
  /** Shared with whatever else of this node pushes to the repository. */
  pushes?: PushBudget;
  /** Where a person says that the branch's history may be replaced. */
  acceptance?: Spool<Acceptance>;
  /** What schedules have been seen to, and which a person has stopped. */
  schedules?: { memory: Spool<ScheduleMemory>; pauses: Spool<Pauses> };
};

/** With the budget that all of main shares. */
export type TendingDeps = MainDeps & { pushes: PushBudget };

export type MainSettings = {
  name: NodeName;
  pollSeconds: number;
  pace: Pace;
  /** More results than this in RESULTS/, and the oldest move to the archive. */
  keepResults: number;
  /** What a task gets that says nothing about it. */
  defaults: Request;
  schedules?: readonly Schedule[];
  remote: string;
  version: string;
};

/**
 * Adopts what people leave, requeues what is lost, tells what happened and keeps the pages for people, until `stop`.
 * Rejects with a Fault that waiting cannot cure.
 *
 * @param given asked anew in each round, so that a daemon can change them while it runs
 */
export async function runMain(deps: MainDeps, given: () => MainSettings, stop: AbortSignal): Promise<void> {
  const { clock, chance, announce, nudge, acceptance } = deps;
  const { name, remote, version } = given();
  const repo = new SteadyRepo(deps.repo, { node: () => given().name, clock, announce, acceptance });
  const settings = () => ({ ...given(), pace: paceFor(given().pace, repo.workers) });
  const pushes = deps.pushes ?? budgetOfMain(clock, () => settings().pace.pushesPerMinute);
  const tending = await Tending.open({ ...deps, repo, pushes }, settings);
  const patience = new Patience(() => settings().name, { announce, clock, chance });
  announce({ kind: "node-started", node: name, role: "main", remote, version });
  const clockwork = clockworkOf({ ...deps, pushes }, repo, settings);
  let pauseMs = 0;
  for await (const _ of every(() => pauseMs, { clock, nudge, stop })) {
    const waitMs = await patience.with(async () => {
      const held = await clockwork?.once();
      return (await tending.once()) ?? held;
    });
    pauseMs = waitMs ?? tending.pauseMs(chance());
  }
  announce({ kind: "node-stopped", node: name });
}

function clockworkOf(
  deps: TendingDeps,
  repo: SharedRepo,
  settings: () => MainSettings,
): Clockwork | undefined {
  if (!deps.schedules) return undefined;
  const { clock, chance, announce, pushes, schedules } = deps;
  return new Clockwork(
    { repo, node: settings().name, clock, chance, pushes, announce, ...schedules },
    () => settings().schedules ?? [],
    () => settings().defaults,
  );
}
