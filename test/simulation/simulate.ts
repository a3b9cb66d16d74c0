import { parseArgs } from "node:util";

import { live } from "./history.ts";
import { playMany, type Played } from "./many.ts";
import { tallyOf } from "./tally.ts";

const betweenLinesMs = 10_000;

const { values } = parseArgs({
  options: { runs: { type: "string" }, seed: { type: "string" }, jobs: { type: "string" } },
});
const first = Number(values.seed ?? Date.now()) % 2 ** 32;
const beganMs = performance.now();

if (values.runs === undefined) {
  const history = await live(first, { withStory: true });
  console.log(history.story.join("\n"));
  conclude({ tally: tallyOf(history), broken: history.violations.map((one) => ({ seed: first, ...one })) });
} else {
  const jobs = values.jobs === undefined ? {} : { jobs: Number(values.jobs) };
  conclude(await playMany({ first, runs: Number(values.runs), ...jobs, heard: progress() }));
}

/** Says now and then how far it is, and at once which history broke a promise. */
function progress(): (soFar: Played) => void {
  let saidMs = beganMs;
  let said = 0;
  return ({ tally, broken }) => {
    for (const { seed, rule, what } of broken.slice(said)) console.log(`seed ${seed}: ${rule}: ${what}`);
    said = broken.length;
    if (performance.now() - saidMs < betweenLinesMs) return;
    saidMs = performance.now();
    console.log(`${tally["histories"]} histories, ${perSecond(tally["histories"] ?? 0)} a second`);
  };
}

function conclude({ tally, broken }: Played): void {
  console.log(`\n${"from seed".padEnd(32)} ${first}`);
  for (const [name, sum] of Object.entries(tally))
    console.log(`${spaced(name).padEnd(32)} ${Math.round(sum)}`);
  console.log(`${"histories a second".padEnd(32)} ${perSecond(tally["histories"] ?? 0)}`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}

function perSecond(histories: number): string {
  return (histories / ((performance.now() - beganMs) / 1000)).toFixed(1);
}

/** `lostAnswers` as people write it. */
function spaced(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
