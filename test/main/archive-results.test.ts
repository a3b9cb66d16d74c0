import { expect, test } from "vitest";

import { archiveResults } from "../../src/main/archive-results.ts";
import { aLedger, resultOf } from "../support/ledgers.ts";
import { anId } from "../support/tasks.ts";

test("moves no result of which nobody was told", async () => {
  const ledger = await aLedger([], { ...resultOf(anId(1)), ...resultOf(anId(2)) });
  expect(await archiveResults(ledger, 0, new Set())).toBeUndefined();
  const change = await archiveResults(ledger, 0, new Set([anId(1)]));
  expect([...(change?.files ?? [])].filter(([, text]) => text === null)).toEqual([
    [`worker/RESULTS/${anId(1)}.md`, null],
  ]);
});
