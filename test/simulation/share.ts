import { parentPort, workerData } from "node:worker_threads";

import { live } from "./history.ts";
import type { Report, Share } from "./many.ts";
import { mutations } from "./mutations.ts";
import { addTally, tallyOf, type Tally } from "./tally.ts";

const betweenReportsMs = 1000;

/** The thread that plays one share of many histories. */
const { first, step, runs, forMs, mutation } = workerData as Share;
const bug = mutation === undefined ? undefined : mutations[mutation];
const until = performance.now() + forMs;
let news: Tally = {};
let reportedMs = performance.now();

for (let n = 0; n < runs && performance.now() < until; n++) {
  const seed = (first + n * step) >>> 0;
  const history = await live(seed, bug === undefined ? {} : { bug });
  addTally(news, tallyOf(history));
  const [violation] = history.violations;
  if (violation) {
    report({ news, broken: { seed, rule: violation.rule, what: violation.what } });
    break;
  }
  if (performance.now() - reportedMs > betweenReportsMs) report({ news });
}
report({ news });

function report(message: Report): void {
  parentPort?.postMessage(message);
  news = {};
  reportedMs = performance.now();
}
