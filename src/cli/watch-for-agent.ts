import type { Config } from "../config/settle.ts";
import type { TaskId } from "../core/ids.ts";
import type { Outcome } from "../core/task.ts";
import { Nudge } from "../every.ts";
import { mayPass } from "../fault.ts";
import { oneLine } from "../format/queue-header.ts";
import { resultPath } from "../ledger/paths.ts";
import { readLedger, type Ledger } from "../ledger/view.ts";
import type { Cli } from "./cli.ts";
import { lookEveryMs } from "./follow-task.ts";
import { sortedResults, withoutParts } from "./read-marks.ts";

/** A line for the agent: what has ended and where to read it; the text itself would cost it tokens. */
export type News = {
  task: TaskId;
  outcome: Outcome | "unreadable";
  title: string;
  read: string;
  file: string;
};

/** What OpenClaw takes of such a stream: a batch in 30 seconds, of 16 KiB. Longer ones it cuts, sooner ones it joins. */
const batchMs = 30_000;
const batchBytes = 16_000;

/**
 * Prints a line for each task that has ended, until it is told to go or nobody reads any more. What was told once is not
 * told again after a restart; a line that got lost is found by `pawl results --unread`.
 */
export async function watchForAgent(cli: Cli): Promise<void> {
  const { world } = cli;
  const config = await cli.config();
  await using open = await world.openLedger(config);
  const stop = new AbortController();
  using _int = world.onSignal("SIGINT", () => stop.abort());
  using _term = world.onSignal("SIGTERM", () => stop.abort());
  const nudge = new Nudge();
  using _wake = await world.watchWake(config, () => nudge.poke());
  const told = await Told.open(cli, config);
  let head: string | undefined;
  let waiting: News[] = [];
  let mayTellAtMs = 0;
  while (!stop.signal.aborted) {
    try {
      const sight = await open.repo.look();
      if (sight.head !== head) {
        const ledger = await readLedger(await open.repo.fetch());
        waiting = await told.newsIn(ledger);
        head = ledger.snapshot.commit;
      }
    } catch (error) {
      if (!mayPass(error)) throw error;
    }
    const nowMs = world.clock.monotonicMs();
    if (waiting.length > 0 && nowMs >= mayTellAtMs) {
      const batch = firstBatch(waiting);
      for (const news of batch) world.out.write(`${JSON.stringify(news)}\n`);
      // Whoever has gone away has not got them.
      if (
        !(await world.out.written().then(
          () => true,
          () => false,
        ))
      )
        return;
      await told.note(batch);
      waiting = waiting.slice(batch.length);
      mayTellAtMs = nowMs + batchMs;
    }
    const pauseMs = waiting.length > 0 ? Math.max(0, mayTellAtMs - nowMs) : lookEveryMs(config);
    await nudge.pause(pauseMs, world.clock, stop.signal);
  }
}

function firstBatch(waiting: readonly News[]): News[] {
  const batch: News[] = [];
  let bytes = 0;
  for (const news of waiting) {
    bytes += Buffer.byteLength(JSON.stringify(news)) + 1;
    if (bytes > batchBytes) break;
    batch.push(news);
  }
  return batch;
}

/** Which results this machine's agent has been told of. Whoever asks for the first time is told of none that are there. */
class Told {
  readonly #spool: { write(ids: string[]): Promise<void> };
  #ids: Set<string> | undefined;

  private constructor(spool: { write(ids: string[]): Promise<void> }, ids: Set<string> | undefined) {
    this.#spool = spool;
    this.#ids = ids;
  }

  static async open({ world }: Cli, config: Config): Promise<Told> {
    const spool = await world.spool<string[]>(config, "told-agent");
    const ids = await spool.read();
    return new Told(spool, ids && new Set(ids));
  }

  /** The oldest first. */
  async newsIn(ledger: Ledger): Promise<News[]> {
    if (!this.#ids) {
      this.#ids = new Set(ledger.results);
      await this.#spool.write([...this.#ids]);
    }
    // What has moved to the archive need not be remembered.
    this.#ids = new Set([...this.#ids].filter((id) => ledger.results.has(id as TaskId)));
    const isNew = ({ id }: { id: TaskId }) => !this.#ids?.has(id);
    const { results, unreadable } = await sortedResults(ledger);
    return [
      ...withoutParts(results)
        .filter(isNew)
        .map(({ id, outcome, title }) => newsOf(id, outcome, title)),
      ...unreadable.filter(isNew).map(({ id, problem }) => newsOf(id, "unreadable", problem)),
    ].toReversed();
  }

  async note(news: readonly News[]): Promise<void> {
    for (const { task } of news) this.#ids?.add(task);
    await this.#spool.write([...(this.#ids ?? [])]);
  }
}

function newsOf(task: TaskId, outcome: News["outcome"], title: string): News {
  return { task, outcome, title: oneLine(title, 120), read: `pawl show ${task}`, file: resultPath(task) };
}
