import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { wakeFile } from "../../src/adapters/git/hub.ts";
import { realClock } from "../../src/adapters/time/real-clock.ts";
import { NodeName, newTaskId } from "../../src/core/ids.ts";
import { update } from "../../src/ledger/update.ts";
import { readLedger } from "../../src/ledger/view.ts";
import { submitTask } from "../../src/main/submit-task.ts";
import type { Repos } from "../../test/support/repos.ts";
import { noopRunner, startWorker, type BenchWorker } from "./bench-worker.ts";
import { openFloor, type FloorPair } from "./floor-pair.ts";
import { TimedRepo } from "./timed-repo.ts";
import type { Way } from "./ways.ts";

/** Milliseconds from the submission, but `result`, which counts from when the submission was accepted. */
export type Round = { submitted: number; claimed: number; started: number; result: number; calls: string };

/** A submitter and a worker with a no-op runner on one hub, and beside them git alone on another. */
export class Stage implements AsyncDisposable {
  readonly #repos: Repos;
  readonly #submitter: Awaited<ReturnType<Repos["open"]>>;
  readonly #worker: TimedRepo;
  readonly #running: BenchWorker;
  readonly #poke: boolean;
  readonly floor: FloorPair;
  #startedMs = 0;

  private constructor(parts: {
    repos: Repos;
    submitter: Awaited<ReturnType<Repos["open"]>>;
    worker: TimedRepo;
    spool: string;
    floor: FloorPair;
    hubWakes: boolean;
  }) {
    this.#repos = parts.repos;
    this.#submitter = parts.submitter;
    this.#worker = parts.worker;
    this.floor = parts.floor;
    this.#poke = !parts.hubWakes;
    this.#running = startWorker(parts.worker, {
      spool: parts.spool,
      runner: noopRunner(() => (this.#startedMs = performance.now())),
      wakeFile: parts.hubWakes ? join(parts.repos.hub, wakeFile) : undefined,
    });
  }

  /** @param repos its hub is what the worker works on; disposed of along with the stage */
  static async open(repos: Repos, way: Way): Promise<Stage> {
    const submitter = await repos.open(`submitter-${way.name}`, way.to(repos.hub));
    const worker = new TimedRepo(await repos.open(`worker-${way.name}`, way.to(repos.hub)));
    const spool = join(repos.folder, `spool-${way.name}`);
    await mkdir(spool, { recursive: true });
    const floor = await openFloor(repos, way);
    await submitter.fetch();
    const stage = new Stage({
      repos,
      submitter,
      worker,
      spool: join(spool, "spool.json"),
      floor,
      hubWakes: way.name === "file",
    });
    await stage.quiet();
    return stage;
  }

  /** One task from its submission to its result. */
  async round(): Promise<Round> {
    const from = await this.#submitter.fetch();
    await readLedger(from);
    await this.quiet();
    this.#worker.calls = [];
    const accepted: number[] = [];
    const result = new Promise<void>((resolve) => {
      this.#worker.onAccepted = () => {
        if (accepted.push(performance.now()) === 2) resolve();
      };
    });
    const startMs = performance.now();
    const now = realClock.now();
    await update(
      { repo: this.#submitter, node: NodeName.parse("main"), clock: realClock, chance: Math.random },
      (ledger) =>
        submitTask(ledger, {
          id: newTaskId(now, Math.random),
          title: "Compare the three backup offers",
          prompt: "They are in offers/. Say which one you would take, and why.",
          request: { by: "bench" },
        }),
      { from },
    );
    const submittedMs = performance.now();
    if (this.#poke) this.#running.nudge.poke();
    await result;
    const [claimedMs = Number.NaN, resultMs = Number.NaN] = accepted;
    return {
      submitted: submittedMs - startMs,
      claimed: claimedMs - startMs,
      started: this.#startedMs - startMs,
      result: resultMs - submittedMs,
      calls: this.#worker.calls
        .filter(({ endMs }) => endMs <= resultMs)
        .map(({ verb }) => verb)
        .join(" "),
    };
  }

  /** Resolves when the worker has asked nothing for a while. */
  async quiet(): Promise<void> {
    for (let seen = -1; seen !== this.#worker.calls.length || seen === 0;) {
      seen = this.#worker.calls.length;
      await sleep(100);
      if (this.#worker.calls.length === 0) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
    await this.floor[Symbol.asyncDispose]();
    await this.#repos[Symbol.asyncDispose]();
  }
}
