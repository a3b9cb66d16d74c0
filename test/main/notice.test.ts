import { describe, expect, test } from "vitest";

import type { Event } from "../../src/core/event.ts";
import type { Task } from "../../src/core/task.ts";
import { notice } from "../../src/main/notice.ts";
import { aLedger } from "../support/ledgers.ts";
import { adasTask, anId, aPastAttempt, aTask } from "../support/tasks.ts";

const needsHuman = (task: Partial<Task> = {}) =>
  aTask({ state: { kind: "needs-human", why: "it never works" }, ...task });
const needsApproval = (prompt = "Look into it.") =>
  aTask({ prompt, request: { approval: "required" }, state: { kind: "needs-approval" } });

describe("what is asked of a person", () => {
  test.each([
    ["a decision", needsHuman(), "task-needs-human"],
    ["an approval", needsApproval(), "approval-wanted"],
  ])("is told of the first ledger too, for nobody knows who was asked for %s", async (_, task, kind) => {
    expect(await told(undefined, [task, adasTask({ id: anId(2) })])).toMatchObject([{ kind, task: task.id }]);
  });

  test("is told when it comes up, and no more as long as it stays", async () => {
    expect(await told([aTask()], [needsHuman()])).toMatchObject([{ kind: "task-needs-human" }]);
    expect(await told([needsHuman()], [needsHuman()])).toEqual([]);
    expect(await told([needsApproval()], [needsApproval()])).toEqual([]);
  });

  test("is told again when it was answered and came up again between two looks", async () => {
    const again = needsHuman({ attempt: 1, tried: [aPastAttempt()] });
    expect(await told([needsHuman()], [again])).toContainEqual(
      expect.objectContaining({ kind: "task-needs-human" }),
    );
  });

  test("is told again when it is about other words by now", async () => {
    const [asked] = await told(undefined, [needsApproval()]);
    const [askedAgain] = await told([needsApproval()], [needsApproval("Do something else.")]);
    expect(askedAgain).toMatchObject({ kind: "approval-wanted", prompt: "Do something else." });
    expect(asked).not.toEqual(askedAgain);
  });
});

async function told(before: Task[] | undefined, after: Task[]): Promise<Event[]> {
  return notice(before && (await aLedger(before)), await aLedger(after), []);
}
