import { whatQueuedWaitsFor, type Onlookers } from "../main/what-queued-waits-for.ts";
import { Workers } from "../main/workers.ts";
import type { Task } from "../core/task.ts";
import type { Cli } from "./cli.ts";
import type { AtLedger } from "./with-ledger.ts";

/**
 * Answers of each queued task what it lacks that no worker has, as CURRENT.md says it. Silence is beyond a single look: a
 * worker that beat at any time and did not say goodbye counts.
 */
export async function askWhatWaits(
  cli: Cli,
  { config, repo, ledger }: AtLedger,
): Promise<(task: Task) => string | undefined> {
  if (ledger.tasks.every(({ state }) => state.kind !== "queued")) return () => undefined;
  const workers = new Workers();
  const nowMs = cli.world.clock.monotonicMs();
  await workers.observe((await repo.look()).beats, nowMs, repo);
  const { defaultExecutor } = config;
  const onlookers: Onlookers = { workers: workers.views(nowMs), defaultExecutor, now: cli.now() };
  return (task) => (task.state.kind === "queued" ? whatQueuedWaitsFor(task, ledger, onlookers) : undefined);
}
