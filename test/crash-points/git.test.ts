import { describe, expect, test } from "vitest";

import { needs } from "../support/require.ts";
import { archive, claim, firstSubmit, publishResult, submit } from "./operations.ts";
import { surviveCrashes } from "./survive.ts";

/** Each of them is tried with PAWL_CRASH_POINTS=all, which takes ten minutes; else one in so many. */
const step = process.env["PAWL_CRASH_POINTS"] === "all" ? 1 : process.env["CI"] === "true" ? 7 : 41;

describe.skipIf(!needs("strace", "strace"))(
  "a node whose git is killed in the middle of",
  { tags: ["slow"] },
  () => {
    test.each([submit, firstSubmit, claim, publishResult, archive])(
      "$name ends it all the same, once",
      { timeout: 1_800_000 },
      async (operation) => {
        const { points, tried, killed, complaints } = await surviveCrashes(operation, step);
        console.info(`${operation.name}: ${tried} of ${points} crash points tried, ${killed} of them hit`);
        expect(complaints).toEqual([]);
        expect(killed).toBeGreaterThan(tried / 2);
      },
    );
  },
);
