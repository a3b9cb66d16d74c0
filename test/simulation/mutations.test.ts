import { expect, test } from "vitest";

import { live } from "./history.ts";
import { mutations } from "./mutations.ts";

const most = 10_000;
const first = 7000;

test.each(Object.entries(mutations))(
  "the judge finds out that %s",
  { timeout: 600_000, tags: ["slow"] },
  async (name, bug) => {
    let runs = 0;
    let found: string | undefined;
    while (found === undefined && runs < most) {
      const { violations } = await live(first + runs++, { bug });
      found = violations[0] && `${violations[0].rule}: ${violations[0].what}`;
    }
    expect(found, `${most} histories hide that ${name}`).toBeDefined();
    console.log(`after ${runs}: ${found}`);
  },
);
