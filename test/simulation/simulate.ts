import { parseArgs } from "node:util";

import { live } from "./history.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "1" }, seed: { type: "string" } },
});
const first = values.seed === undefined ? Date.now() % 2 ** 32 : Number(values.seed);
const runs = Number(values.runs);
const started = performance.now();
const totals: Record<string, number> = {};
let failures = 0;
for (let n = 0; n < runs; n++) {
  const seed = (first + n) >>> 0;
  const history = await live(seed, { withStory: runs === 1 });
  if (runs === 1) console.log(history.story.join("\n"));
  for (const [name, count] of Object.entries(history.counts)) totals[name] = (totals[name] ?? 0) + count;
  totals["simulatedMs"] = (totals["simulatedMs"] ?? 0) + history.simulatedMs;
  totals["events"] = (totals["events"] ?? 0) + history.events;
  for (const { rule, what } of history.violations.slice(0, 3)) console.log(`seed ${seed}: ${rule} ${what}`);
  if (history.violations.length > 0) failures++;
}
const seconds = (performance.now() - started) / 1000;
console.log({ runs, failures, perSecond: runs / seconds, ...totals });
