import type { Announce } from "../src/core/event.ts";
import type { NodeName } from "../src/core/ids.ts";
import { every, type Nudge } from "../src/every.ts";
import { Patience } from "../src/ledger/patience.ts";
import type { AttemptRunner } from "../src/ports/attempt-runner.ts";
import type { Chance } from "../src/ports/chance.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { SharedRepo } from "../src/ports/shared-repo.ts";
import type { Spool } from "../src/ports/spool.ts";
import { Exchange } from "./exchange.ts";
import type { WorkerMemory } from "./memory.ts";

export type WorkerDeps = {
  repo: SharedRepo;
  clock: Clock;
  chance: Chance;
  announce: Announce;
  spool: Spool<WorkerMemory>;
  runner: AttemptRunner;
  /** Ends the pause between two polls. */
  nudge: Nudge;
};

export type WorkerSettings = {
  name: NodeName;
  slots: number;
  capabilities: readonly string[];
  pollSeconds: number;
  beatSeconds: number;
  /** The least time between two beats that only bring progress; undefined where pushes are scarce. */
  progressSeconds: number | undefined;
  /** How long running tasks may go on after the worker was told to go. */
  drainSeconds: number;
  defaultExecutor: string;
  remote: string;
  host: string;
  version: string;
};

/** `drain`: take nothing new, let running tasks end. `stop`: end at once. */
export type WorkerSignals = { drain: AbortSignal; stop: AbortSignal };

/**
 * Polls, claims, runs, publishes and beats until it is told to go. Resolves when nothing of it runs any more; rejects
 * with a Fault that waiting cannot cure.
 *
 * @param settings asked anew before each exchange, so that a daemon can change them while it runs
 */
export async function runWorker(
  deps: WorkerDeps,
  settings: () => WorkerSettings,
  { drain, stop }: WorkerSignals,
): Promise<void> {
  const { clock, chance, announce, runner, nudge } = deps;
  const { name, remote, version } = settings();
  // Before anything is decided about the leases of a former life, nothing of it may run any more.
  await runner.sweep();
  const exchange = await Exchange.open(deps, settings);
  const patience = new Patience(() => settings().name, { announce, clock, chance });
  announce({ kind: "node-started", node: name, role: "worker", remote, version });

  const wakeUp = () => nudge.poke();
  drain.addEventListener("abort", wakeUp);
  let drainedSinceMs: number | undefined;
  let pauseMs = 0;
  for await (const _ of every(() => pauseMs, { clock, nudge, stop })) {
    if (drain.aborted && drainedSinceMs === undefined) {
      drainedSinceMs = clock.monotonicMs();
      announce({ kind: "node-draining", node: name, running: exchange.running });
    }
    const waitMs = await patience.with(() => exchange.once({ draining: drain.aborted }));
    pauseMs = waitMs ?? jittered(settings().pollSeconds * 1000, chance());
    if (drainedSinceMs === undefined) continue;
    const overMs = clock.monotonicMs() - drainedSinceMs - settings().drainSeconds * 1000;
    if (overMs >= 0) exchange.stopAll();
    else pauseMs = Math.min(pauseMs, -overMs);
    // With the remote away, what is left stays in the spool for the next life.
    if (exchange.running === 0 && (exchange.unsettled === 0 || waitMs !== undefined)) break;
  }
  drain.removeEventListener("abort", wakeUp);
  await exchange.close(stop);
  announce({ kind: "node-stopped", node: name });
}

/** Nodes that were started together must not ask together. */
function jittered(ms: number, random: number): number {
  return ms * (0.8 + 0.4 * random);
}
