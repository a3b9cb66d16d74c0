import { expect, test } from "vitest";

import { playMany } from "./many.ts";
import { mutations } from "./mutations.ts";

const most = 10_000;
const first = 7000;

test.each(Object.keys(mutations))(
  "the judge finds out that %s",
  { timeout: 600_000, tags: ["slow"] },
  async (mutation) => {
    const { tally, broken } = await playMany({ first, runs: most, mutation, oneIsEnough: true });
    expect(broken, `${most} histories hide that ${mutation}`).not.toEqual([]);
    const [found] = broken;
    console.log(`after ${tally["histories"]}, with seed ${found?.seed}: ${found?.rule}: ${found?.what}`);
  },
);
