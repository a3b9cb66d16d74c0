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

test("keeps aside, with its answer, what an attempt brought that wanted to wait for others", async () => {
  const ledger = await aLedger([aTask({ attempt: 1, tried: [aPastAttempt({ end: "lost" })] })]);
  const ending = { kind: "waits", note: "put it together", answer: "half of it", facts: {} } as const;
  const { kind, change } = await settle(ledger, ada, { ...finished, ending });
  expect(kind).toBe("late");
  const kept = change?.files.get(`worker/RESULTS/${finished.task.id}.late-1.md`);
  expect(kept).toContain(
    "late: it wanted to go on once what it handed out had ended; the task is queued now",
  );
  expect(kept).toContain("half of it");
});

test("ends a cancelled task with the answer of an attempt that wanted to wait for others", async () => {
  const state = { kind: "cancelled", lease: { by: ada, token: adasToken } } as const;
  const ledger = await aLedger([aTask({ attempt: 1, state })]);
  const ending = { kind: "waits", note: "put it together", answer: "half of it", facts: {} } as const;
  const { kind, change } = await settle(ledger, ada, { ...finished, ending });
  expect(kind).toBe("result");
  expect(change?.files.get(`worker/RESULTS/${finished.task.id}.md`)).toContain("half of it");
});

test("knows again what this worker has given back itself", async () => {
  const ledger = await aLedger([aTask({ attempt: 1, tried: [aPastAttempt({ end: "failed" })] })]);
  expect(await settle(ledger, ada, finished)).toMatchObject({ kind: "known" });
});
