import { expect, test } from "vitest";

import { foundSeeds } from "./found-seeds.ts";
import { live } from "./history.ts";
import { playMany } from "./many.ts";

const wanted = process.env["PAWL_SIMULATION_RUNS"];
/** What lands must not depend on luck: CI tries the same histories each time, everybody else new ones. */
const inCi = process.env["CI"] === "true";
const runsInCi = 10_000;

/** Without a wish as many as half a minute allows; a wish is kept however long it takes. */
test("no history breaks a promise", { timeout: 3_600_000, tags: ["slow"] }, async () => {
  const first = inCi ? 1 : Math.floor(Math.random() * 2 ** 31);
  const most = wanted === undefined && inCi ? runsInCi : Number(wanted ?? Infinity);
  const { tally, broken } = await playMany({
    first,
    runs: most,
    forMs: most < Infinity ? Infinity : 30_000,
    oneIsEnough: true,
  });
  if (broken[0]) await tell(broken[0].seed);
  expect(broken, `npm run simulate -- --seed ${broken[0]?.seed}`).toEqual([]);
  console.log(`${tally["histories"]} histories from seed ${first} on, and no promise was broken`);
});

test.each(foundSeeds)("seed $seed shows no more that $what", { timeout: 60_000 }, async ({ seed }) => {
  const { violations } = await live(seed);
  expect(violations).toEqual([]);
});

test("the same seed gives the same history, to the last commit", { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const [one, other] = [await live(seed, { withStory: true }), await live(seed, { withStory: true })];
    expect(one.story).toEqual(other.story);
    expect(one).toEqual(other);
  }
});

async function tell(seed: number): Promise<void> {
  const { story } = await live(seed, { withStory: true });
  console.log(story.join("\n"));
}
