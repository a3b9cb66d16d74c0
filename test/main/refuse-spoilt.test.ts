import { expect, test } from "vitest";

import { approveTask } from "../../src/main/approve-task.ts";
import { cancelTask } from "../../src/main/cancel-task.ts";
import { retryTask } from "../../src/main/retry-task.ts";
import { readLedger, type Ledger } from "../../src/ledger/view.ts";
import { aSnapshot } from "../support/ledgers.ts";
import { anId } from "../support/tasks.ts";

const spoilt = `## ${anId()} Look into it\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n`;

test.each<[string, (ledger: Ledger) => unknown]>([
  ["approve", (ledger) => approveTask(ledger, anId(), { by: "ada", seen: "", now: new Date() })],
  ["cancel", (ledger) => cancelTask(ledger, anId())],
  ["retry", (ledger) => retryTask(ledger, anId())],
])("to %s a task whose section cannot be read says so, not that it is gone", async (_, decide) => {
  const ledger = await readLedger(aSnapshot({ "worker/QUEUE.md": spoilt }));
  await expect((async () => decide(ledger))()).rejects.toThrow(/QUEUE.md line 1 cannot be read: git's merge/);
});
