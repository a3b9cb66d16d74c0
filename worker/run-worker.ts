import type { ChildRights } from "../src/core/child.ts";
import type { Announce } from "../src/core/event.ts";
import type { NodeName } from "../src/core/ids.ts";
import { paceFor, type Pace } from "../src/core/pace.ts";
import { every, type Nudge } from "../src/every.ts";
import { Patience } from "../src/ledger/patience.ts";
import { SteadyRepo, type Acceptance } from "../src/ledger/steady-repo.ts";
import type { AttemptRunner } from "../src/ports/attempt-runner.ts";
import type { Chance } from "../src/ports/chance.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { SharedRepo } from "../src/ports/shared-repo.ts";
import type { Spool } from "../src/ports/spool.ts";
import { Exchange } from "./exchange.ts";
import { stopWhenCutOff } from "./cut-off.ts";
import type { WorkerMemory } from "./memory.ts";
import { jittered } from "./poll.ts";
import type { Budget } from "./purse.ts";

export type WorkerDeps = {
  repo: SharedRepo;
  clock: Clock;
  chance: Chance;
  announce: Announce;
  spool: Spool<WorkerMemory>;
  runner: AttemptRunner;
  /** Ends the pause between two polls. */
  nudge: Nudge;
  /** Where a person says that the branch's history may be replaced. */
  acceptance?: Spool<Acceptance>;
};

export type WorkerSettings = {
  name: NodeName;
  slots: number;
  capabilities: readonly string[];
  pollSeconds: number;
  pace: Pace;
  /** How long running tasks may go on after the worker was told to go. */
  drainSeconds: number;
  defaultExecutor: string;
  /** Without them tasks hand nothing out. */
  children?: (ChildRights & { usualTimeoutSeconds: number }) | undefined;
  /** Without one nothing is ever too dear. */
  budget?: Budget | undefined;
  remote: string;
  host: string;
  version: string;
  /** Another object when the configuration was read again: what was broken may have been mended. */
  edition?: object;
};

/** `drain`: take nothing new, let running tasks end. `stop`: end at once. */
export type WorkerSignals = { drain: AbortSignal; stop: AbortSignal };

/**
 * Polls, claims, runs, publishes and beats until it is told to go. Resolves when nothing of it runs any more; rejects
 * with a Fault that waiting cannot cure.
 *
 * @param given asked anew before each exchange, so that a daemon can change them while it runs
 */
export async function runWorker(
  deps: WorkerDeps,
  given: () => WorkerSettings,
  { drain, stop }: WorkerSignals,
): Promise<void> {
  const { clock, announce, runner, nudge, acceptance } = deps;
  const { name, remote, version } = given();
  // Before anything is decided about the leases of a former life, nothing of it may run any more.
  await runner.sweep();
  const repo = new SteadyRepo(deps.repo, { node: () => given().name, clock, announce, acceptance });
  const settings = () => ({ ...given(), pace: paceFor(given().pace, repo.workers) });
  const exchange = await Exchange.open({ ...deps, repo }, settings);
  announce({ kind: "node-started", node: name, role: "worker", remote, version });

  const over = new AbortController();
  const wakeUp = () => nudge.poke();
  const endAll = () => exchange.stopAll("draining");
  drain.addEventListener("abort", wakeUp);
  stop.addEventListener("abort", endAll);
  const guard = stopWhenCutOff(exchange, { clock, announce, settings, over: over.signal });
  try {
    await talk(exchange, deps, settings, { drain, stop });
  } finally {
    over.abort();
    drain.removeEventListener("abort", wakeUp);
    stop.removeEventListener("abort", endAll);
    try {
      await guard;
    } finally {
      await exchange.close(stop);
    }
  }
  announce({ kind: "node-stopped", node: name });
}

async function talk(
  exchange: Exchange,
  { clock, chance, announce, nudge }: WorkerDeps,
  settings: () => WorkerSettings,
  { drain, stop }: WorkerSignals,
): Promise<void> {
  const patience = new Patience(() => settings().name, { announce, clock, chance });
  let drainedSinceMs: number | undefined;
  let pauseMs = 0;
  for await (const _ of every(() => pauseMs, { clock, nudge, stop })) {
    if (drain.aborted && drainedSinceMs === undefined) {
      drainedSinceMs = clock.monotonicMs();
      announce({ kind: "node-draining", node: settings().name, running: exchange.running });
      exchange.drain();
    }
    const waitMs = await patience.with(() => exchange.once());
    pauseMs = waitMs ?? Math.min(jittered(settings().pollSeconds * 1000, chance()), exchange.dueInMs);
    if (drainedSinceMs === undefined) continue;
    const leftMs = drainedSinceMs + settings().drainSeconds * 1000 - clock.monotonicMs();
    if (leftMs <= 0) exchange.stopAll("draining");
    else pauseMs = Math.min(pauseMs, leftMs);
    // With the remote away, what is left stays in the spool for the next life.
    if (exchange.running === 0 && (exchange.unsettled === 0 || waitMs !== undefined)) break;
  }
}
