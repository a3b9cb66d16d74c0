import { expect, test } from "vitest";

import { noChange } from "../../src/ledger/change.ts";
import { RecentResults } from "../../src/main/recent-results.ts";
import { renderPages } from "../../src/main/render-pages.ts";
import { aBeat } from "../support/beats.ts";
import { aLedger } from "../support/ledgers.ts";
import { ada } from "../support/tasks.ts";

test("the page for people tells an executor that rests from one that is broken, the same until that changes", async () => {
  const page = async (seconds: number) => {
    const unhealthy = { openclaw: "HTTP 429", claude: "no key" };
    const beat = aBeat({ executors: ["openclaw", "claude"], unhealthy, resting: { openclaw: seconds } });
    const change = await renderPages(await aLedger([]), noChange(), {
      workers: [{ name: ada, health: "alive", beat, silentSeconds: 0 }],
      defaultExecutor: "openclaw",
      now: new Date("2026-11-21T10:00:00Z"),
      badInbox: [],
      recent: new RecentResults(),
    });
    return change.files.get("CURRENT.md");
  };
  expect(await page(40)).toContain("openclaw rests (HTTP 429); cannot run claude (no key)");
  expect(await page(0)).toBe(await page(40));
});
