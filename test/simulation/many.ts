import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

import { addTally, type Broken, type Tally } from "./tally.ts";

export type Wish = {
  /** The first seed; the others follow it. */
  first: number;
  runs?: number;
  forMs?: number;
  /** How many threads; as many as there are cores if nobody says. */
  jobs?: number;
  /** A planted bug, by its name. */
  mutation?: string;
  /** One broken promise is enough; otherwise only the thread that met it plays no more. */
  oneIsEnough?: boolean;
  heard?: (soFar: Played) => void;
};

export type Played = { tally: Tally; broken: readonly Broken[] };

/** What one thread plays: every `step`th seed from `first` on, until one breaks a promise. */
export type Share = { first: number; step: number; runs: number; forMs: number; mutation?: string };

export type Report = { news: Tally; broken?: Broken };

/** Plays many histories on all cores. */
export async function playMany(wish: Wish): Promise<Played> {
  const { first, runs = Infinity, forMs = Infinity, jobs = availableParallelism(), mutation } = wish;
  const tally: Tally = {};
  const broken: Broken[] = [];
  const enough = new AbortController();
  const hear = (report: Report) => {
    if (enough.signal.aborted) return;
    addTally(tally, report.news);
    if (report.broken) broken.push(report.broken);
    wish.heard?.({ tally, broken });
    if (report.broken && wish.oneIsEnough) enough.abort();
  };
  const shares = Array.from({ length: Math.min(jobs, runs) }, (_, n): Share => {
    const share = { first: first + n, step: jobs, runs: Math.ceil((runs - n) / jobs), forMs };
    return mutation === undefined ? share : { ...share, mutation };
  });
  try {
    await Promise.all(shares.map((share) => play(share, hear, enough.signal)));
  } finally {
    enough.abort();
  }
  return { tally, broken: broken.toSorted((a, b) => a.seed - b.seed) };
}

function play(share: Share, hear: (report: Report) => void, enough: AbortSignal): Promise<void> {
  // Not the arguments that the test runner gave to its own process.
  const worker = new Worker(new URL("share.ts", import.meta.url), { workerData: share, execArgv: [] });
  enough.addEventListener("abort", () => void worker.terminate());
  worker.on("message", hear);
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", () => resolve());
  });
}
