import { parseArgs } from "node:util";

import { live, type History } from "./history.ts";

const { values } = parseArgs({
  options: { runs: { type: "string" }, seed: { type: "string" } },
});
const first = Number(values.seed ?? Date.now()) % 2 ** 32;

if (values.runs === undefined) {
  const history = await live(first, { withStory: true });
  console.log(history.story.join("\n"));
  report([history], 0);
} else {
  await many(Number(values.runs));
}

async function many(runs: number): Promise<void> {
  const began = performance.now();
  const histories: Pick<History, "counts" | "simulatedMs" | "events" | "violations">[] = [];
  for (let n = 0; n < runs; n++) {
    const { seed, counts, simulatedMs, events, violations } = await live((first + n) >>> 0);
    histories.push({ counts, simulatedMs, events, violations });
    const [violation] = violations;
    if (violation) console.log(`seed ${seed}: ${violation.rule}: ${violation.what}`);
    if ((n + 1) % 10_000 === 0) console.log(`${n + 1} histories, the last seed ${seed}`);
  }
  report(histories, (performance.now() - began) / 1000);
}

function report(
  histories: readonly Pick<History, "counts" | "simulatedMs" | "events" | "violations">[],
  seconds: number,
): void {
  const sums = new Map<string, number>();
  const add = (name: string, number: number) => sums.set(name, (sums.get(name) ?? 0) + number);
  for (const { counts, simulatedMs, events, violations } of histories) {
    add("histories that broke a promise", violations.length > 0 ? 1 : 0);
    add("simulated hours", simulatedMs / 3_600_000);
    add("events", events);
    for (const [name, count] of Object.entries(counts)) add(name, count);
  }
  console.log(`\n${"histories".padEnd(32)} ${histories.length}, from seed ${first} on`);
  for (const [name, sum] of sums) console.log(`${spaced(name).padEnd(32)} ${Math.round(sum)}`);
  if (seconds > 0)
    console.log(`${"histories a second".padEnd(32)} ${(histories.length / seconds).toFixed(1)}`);
  process.exitCode = (sums.get("histories that broke a promise") ?? 0) > 0 ? 1 : 0;
}

/** `lostAnswers` as people write it. */
function spaced(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
