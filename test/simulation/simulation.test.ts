import { expect, test } from "vitest";

import { live } from "./history.ts";

const wanted = process.env["PAWL_SIMULATION_RUNS"];
/** What lands must not depend on luck: CI tries the same histories each time, everybody else new ones. */
const inCi = process.env["CI"] === "true";
const runsInCi = 1500;

/** Without a wish as many as half a minute allows; a wish is kept however long it takes. */
test("no history breaks a promise", { timeout: 3_600_000, tags: ["slow"] }, async () => {
  const first = inCi ? 1 : Math.floor(Math.random() * 2 ** 31);
  const until = performance.now() + 30_000;
  const most = wanted === undefined ? (inCi ? runsInCi : Infinity) : Number(wanted);
  let runs = 0;
  for (; runs < most && (most < Infinity || performance.now() < until); runs++) {
    const { seed, violations } = await live(first + runs);
    if (violations.length > 0) await tell(seed);
    expect(violations, `npm run simulate -- --seed ${seed}`).toEqual([]);
  }
  console.log(`${runs} histories from seed ${first} on, and no promise was broken`);
});

test("the same seed gives the same history, to the last commit", async () => {
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
