import { expect, test } from "vitest";

import { settle } from "../../worker/settle.ts";
import type { Finished } from "../../worker/memory.ts";
import { aLedger } from "../support/ledgers.ts";
import { aPastAttempt, ada, adasTask, adasToken, aTask } from "../support/tasks.ts";

const finished: Finished = {
  task: adasTask(),
  token: adasToken,
  ending: { kind: "succeeded", text: "what it found out", facts: {} },
  facts: {},
  started: "2026-11-21T10:00:00Z",
  ended: "2026-11-21T10:05:00Z",
};

test("keeps aside what an attempt brought that others noted as lost", async () => {
  const ledger = await aLedger([aTask({ attempt: 1, tried: [aPastAttempt({ end: "lost" })] })]);
  const { kind, change } = await settle(ledger, ada, finished);
  expect(kind).toBe("late");
  expect([...(change?.files.keys() ?? [])]).toEqual([`worker/RESULTS/${finished.task.id}.late-1.md`]);
});

test("knows again what this worker has given back itself", async () => {
  const ledger = await aLedger([aTask({ attempt: 1, tried: [aPastAttempt({ end: "failed" })] })]);
  expect(await settle(ledger, ada, finished)).toMatchObject({ kind: "known" });
});
