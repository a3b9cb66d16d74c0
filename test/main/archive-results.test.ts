import { expect, test } from "vitest";

import type { TaskId } from "../../src/core/ids.ts";
import { renderResult } from "../../src/format/result.ts";
import { archiveResults } from "../../src/main/archive-results.ts";
import { aLedger } from "../support/ledgers.ts";
import { anId } from "../support/tasks.ts";

test("moves no result of which nobody was told", async () => {
  const ledger = await aLedger([], { ...resultOf(anId(1)), ...resultOf(anId(2)) });
  expect(await archiveResults(ledger, 0, new Set())).toBeUndefined();
  const change = await archiveResults(ledger, 0, new Set([anId(1)]));
  expect([...(change?.files ?? [])].filter(([, text]) => text === null)).toEqual([
    [`worker/RESULTS/${anId(1)}.md`, null],
  ]);
});

function resultOf(id: TaskId): Record<string, string> {
  const text = renderResult({
    id,
    title: "Rebuild the nightly report",
    outcome: "cancelled",
    why: undefined,
    lease: undefined,
    attempt: 0,
    started: undefined,
    ended: "2026-11-21T10:00:00Z",
    request: {},
    tried: [],
    facts: {},
    text: "",
  });
  return { [`worker/RESULTS/${id}.md`]: text };
}
