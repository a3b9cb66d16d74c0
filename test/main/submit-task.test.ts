import { describe, expect, test } from "vitest";

import { appendResults } from "../../src/format/archive.ts";
import { renderResult } from "../../src/format/result.ts";
import { isEmpty } from "../../src/ledger/change.ts";
import { readLedger } from "../../src/ledger/view.ts";
import { submitTask } from "../../src/main/submit-task.ts";
import { aLedger, aSnapshot, queueText } from "../support/ledgers.ts";
import { anId, aTask } from "../support/tasks.ts";

const id = anId();
const asked = { id, title: "Rebuild the nightly report", prompt: "Do it.", request: {} };

/** The push landed, but no answer came, and this is what the next look shows. */
describe("a submission that is decided again", () => {
  test("adds nothing when the task is in the queue", async () => {
    const { change, answer } = await submitTask(await aLedger([aTask()]), asked);
    expect(isEmpty(change)).toBe(true);
    expect(answer).toMatchObject({ id, state: "queued", existing: false });
  });

  test("adds nothing when the task has ended meanwhile, and its result is archived already", async () => {
    const text = renderResult({
      ...asked,
      outcome: "succeeded",
      why: undefined,
      lease: undefined,
      attempt: 1,
      started: undefined,
      ended: "2026-11-21T10:00:00Z",
      tried: [],
      facts: {},
      text: "done",
    });
    const ledger = await aLedger([], { "worker/ARCHIVE/2026/11/21.md": appendResults("", [{ id, text }]) });
    const { change, answer } = await submitTask(ledger, asked);
    expect(isEmpty(change)).toBe(true);
    expect(answer).toMatchObject({ state: "succeeded" });
  });

  test("adds nothing when a person has spoilt its section meanwhile", async () => {
    const spoilt = queueText([aTask()]).replace("- state: queued", "- state: qeued");
    const { change } = await submitTask(await readLedger(aSnapshot({ "worker/QUEUE.md": spoilt })), asked);
    expect(isEmpty(change)).toBe(true);
  });
});
