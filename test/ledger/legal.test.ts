import { describe, expect, test } from "vitest";

import type { NodeName, TaskId } from "../../src/core/ids.ts";
import type { Result } from "../../src/core/outcome.ts";
import type { Approval, Task } from "../../src/core/task.ts";
import { approvalDigest } from "../../src/format/approval.ts";
import { appendResults } from "../../src/format/archive.ts";
import { renderResult } from "../../src/format/result.ts";
import { legal, type Legality } from "../../src/ledger/legal.ts";
import { readStep } from "../../src/ledger/step.ts";
import { aSnapshot, queueText } from "../support/ledgers.ts";
import { aPastAttempt, aTask, ada, adasTask, adasToken, anId, bob, bobsToken } from "../support/tasks.ts";

type Files = Record<string, string>;
type Case = { before: Files; after: Files; by: NodeName | undefined };

const id = anId();
const resultAt = (task: TaskId) => `worker/RESULTS/${task}.md`;
const day = "worker/ARCHIVE/2026/11/21.md";
const lost = aPastAttempt();
const cancelled = aTask({ state: { kind: "cancelled" } });
const running = adasTask();
const bobs = adasTask({ state: { kind: "running", by: bob, token: bobsToken } });
const given = (task: Partial<Task>, by = bob): Case => ({
  before: queue(running),
  after: queue(adasTask({ state: { kind: "queued" }, ...task })),
  by,
});

const asking = (also: Partial<Task> = {}) =>
  aTask({ request: { approval: "required" }, state: { kind: "needs-approval" }, ...also });
const consent = (also: Partial<Approval> = {}): Approval => ({
  by: "ada",
  at: "2026-11-21T12:31:07Z",
  digest: approvalDigest(asking()),
  stands: true,
  ...also,
});

const lawful: Record<string, Case> = {
  "a worker claims a queued task": { before: queue(aTask()), after: queue(running), by: ada },
  "the holder publishes its result": { before: queue(running), after: withResult(), by: ada },
  "main ends a cancelled task": {
    before: queue(cancelled),
    after: withResult({ outcome: "cancelled", lease: undefined, attempt: 0 }),
    by: bob,
  },
  "the holder ends what was cancelled": {
    before: queue(adasTask({ state: { kind: "cancelled", lease: { by: ada, token: adasToken } } })),
    after: withResult({ outcome: "cancelled" }),
    by: ada,
  },
  "main ends an expired task": {
    before: queue(aTask({ request: { expires: "2026-11-21T09:00:00Z" } })),
    after: withResult({ outcome: "expired", lease: undefined, attempt: 0 }),
    by: bob,
  },
  "the holder gives its lease up": given({ tried: [{ ...lost, end: "failed" }] }, ada),
  "another finds that a lease is lost": given({ tried: [lost] }),
  "a node cancels what runs": {
    before: queue(running),
    after: queue(adasTask({ state: { kind: "cancelled" } })),
    by: bob,
  },
  "a person's retry begins anew": {
    before: queue(aTask({ attempt: 3, tried: [lost], state: { kind: "needs-human", why: "lost" } })),
    after: queue(aTask({ attempt: 3 })),
    by: bob,
  },
  "a person's approval is written down": {
    before: queue(asking()),
    after: queue(asking({ state: { kind: "queued" }, approved: consent() })),
    by: bob,
  },
  "a worker claims what was approved": {
    before: queue(asking({ state: { kind: "queued" }, approved: consent() })),
    after: queue(adasTask({ request: { approval: "required" }, approved: consent() })),
    by: ada,
  },
  "a task is added": { before: queue(), after: queue(aTask()), by: bob },
  "a bare line becomes a task": {
    before: { "worker/QUEUE.md": `${queueText([])}- [ ] do it\n` },
    after: queue(aTask({ title: "do it", prompt: "do it" })),
    by: bob,
  },
  "an INBOX file becomes a task": {
    before: { ...queue(), "worker/INBOX/wish.md": "Do it.\n" },
    after: queue(aTask()),
    by: bob,
  },
  "a result moves to the archive": {
    before: { ...queue(), [resultAt(id)]: aResult(), [day]: "" },
    after: { ...queue(), [day]: archived() },
    by: bob,
  },
  "the section of a finished task goes": {
    before: { ...queue(aTask()), [day]: archived() },
    after: { ...queue(), [day]: archived() },
    by: bob,
  },
  "the pages are rendered": {
    before: queue(),
    after: { ...queue(), "CURRENT.md": "new\n", "worker/HEARTBEAT.md": "new\n" },
    by: bob,
  },
  "a late result is kept aside": {
    before: queue(bobs),
    after: { ...queue(bobs), [`worker/RESULTS/${id}.late-1.md`]: aResult() },
    by: ada,
  },
  "a person rewrites the queue": {
    before: queue(running),
    after: { "worker/QUEUE.md": "gone\n" },
    by: undefined,
  },
  "a person's merge brings a finished task back": {
    before: { ...queue(), [resultAt(id)]: aResult() },
    after: { ...queue(running), [resultAt(id)]: aResult() },
    by: undefined,
  },
  "a person moves a result to the archive": {
    before: { ...queue(), [resultAt(id)]: aResult() },
    after: { ...queue(), [day]: archived() },
    by: undefined,
  },
};

const unlawful: Record<string, Case & { because: RegExp }> = {
  "a claim of what runs": {
    before: queue(running),
    after: queue(aTask({ attempt: 2, state: { kind: "running", by: bob, token: bobsToken } })),
    by: bob,
    because: /claimed while it was running/,
  },
  "a claim of what is cancelled": {
    before: queue(cancelled),
    after: queue(running),
    by: ada,
    because: /claimed while it was cancelled/,
  },
  "a claim that keeps the attempt": {
    before: queue(aTask({ attempt: 1 })),
    after: queue(running),
    by: ada,
    because: /claimed as attempt 1 after 1/,
  },
  "a claim for another": { before: queue(aTask()), after: queue(running), by: bob, because: /bob claimed/ },
  "a claim under a token that stands there already": {
    before: queue(aTask(), adasTask({ id: anId(2) })),
    after: queue(running, adasTask({ id: anId(2) })),
    by: ada,
    because: /token of .* was not new/,
  },
  "an attempt that falls": {
    before: queue(aTask({ attempt: 2 })),
    after: queue(aTask({ attempt: 1 })),
    by: bob,
    because: /fell from 2 to 1/,
  },
  "an attempt that rises without a claim": {
    before: queue(aTask({ attempt: 2 })),
    after: queue(aTask({ attempt: 3 })),
    by: bob,
    because: /nobody claimed/,
  },
  "a lease that another gives up as failed": {
    ...given({ tried: [{ ...lost, end: "failed" }] }),
    because: /bob ended an attempt of ada/,
  },
  "a lease that ends without a word": { ...given({ tried: [] }, ada), because: /without a word/ },
  "a lease that ends as another's attempt": {
    ...given({ tried: [{ ...lost, by: bob }] }),
    because: /attempt 1 of bob was noted/,
  },
  "an approval of something else": {
    before: queue(asking()),
    after: queue(asking({ state: { kind: "queued" }, approved: consent({ digest: "0".repeat(32) }) })),
    by: bob,
    because: /ada approved something else/,
  },
  "an approval that nobody asked for": {
    before: queue(asking({ state: { kind: "blocked", why: "x" } })),
    after: queue(asking({ state: { kind: "blocked", why: "x" }, approved: consent() })),
    by: bob,
    because: /approved while it was blocked/,
  },
  "an approval that is taken away": {
    before: queue(asking({ state: { kind: "queued" }, approved: consent() })),
    after: queue(asking({ state: { kind: "queued" } })),
    by: bob,
    because: /approval of .* was taken away/,
  },
  "a release without approval": {
    before: queue(asking()),
    after: queue(asking({ state: { kind: "queued" } })),
    by: bob,
    because: /went on without the approval/,
  },
  "a claim of what was edited after its approval": {
    before: queue(asking({ state: { kind: "queued" }, approved: consent({ digest: "0".repeat(32) }) })),
    after: queue(
      adasTask({ request: { approval: "required" }, approved: consent({ digest: "0".repeat(32) }) }),
    ),
    by: ada,
    because: /claimed without the approval/,
  },
  "a lease that ends in approval": {
    ...given({ tried: [lost], state: { kind: "needs-approval" } }),
    because: /from running to needs-approval/,
  },
  "past attempts that are forgotten": {
    before: queue(aTask({ attempt: 1, tried: [lost] })),
    after: queue(aTask({ attempt: 1 })),
    by: bob,
    because: /past attempts/,
  },
  "a cancellation that is undone": {
    before: queue(cancelled),
    after: queue(aTask()),
    by: bob,
    because: /cancellation .* was lost/,
  },
  "a cancelled task that succeeds": {
    before: queue(adasTask({ state: { kind: "cancelled", lease: { by: ada, token: adasToken } } })),
    after: withResult(),
    by: ada,
    because: /lease that was not the task's/,
  },
  "a running task that its worker calls cancelled": {
    before: queue(running),
    after: withResult({ outcome: "cancelled" }),
    by: ada,
    because: /lease that was not the task's/,
  },
  "a section that goes without a result": {
    before: queue(aTask()),
    after: queue(),
    by: bob,
    because: /left the queue without a result/,
  },
  "a finished task that comes back": {
    before: { ...queue(), [day]: archived() },
    after: { ...queue(aTask()), [day]: archived() },
    by: bob,
    because: /came back, though it has a result/,
  },
  "a task that begins as running": {
    before: queue(),
    after: queue(running),
    by: ada,
    because: /attempt behind it/,
  },
  "a section that is there twice": {
    before: queue(),
    after: queue(aTask(), aTask()),
    by: bob,
    because: /cannot be read: .* stands here twice/,
  },
  "a result under a lease that is gone": {
    before: queue(bobs),
    after: withResult(),
    by: ada,
    because: /under a lease that was not the task's/,
  },
  "a result that another publishes": {
    before: queue(running),
    after: withResult(),
    by: bob,
    because: /bob published/,
  },
  "a result of another attempt": {
    before: queue(running),
    after: withResult({ attempt: 2 }),
    by: ada,
    because: /attempt 2, not 1/,
  },
  "a result of a task that is not there": {
    before: queue(),
    after: withResult(),
    by: ada,
    because: /not in the queue/,
  },
  "a result beside the open section": {
    before: queue(running),
    after: { ...queue(running), [resultAt(id)]: aResult() },
    by: ada,
    because: /in the queue still/,
  },
  "a second result": {
    before: { ...queue(running), [day]: archived() },
    after: { ...withResult(), [day]: archived() },
    by: ada,
    because: /second result/,
  },
  "a result that names another task": {
    before: queue(running),
    after: withResult({ id: anId(7) }),
    by: ada,
    because: /says that it is that of/,
  },
  "a result that cannot be read": {
    before: queue(running),
    after: { ...queue(), [resultAt(id)]: "done\n" },
    by: ada,
    because: /cannot be read/,
  },
  "an end without a lease or a cause": {
    before: queue(aTask()),
    after: withResult({ outcome: "cancelled", lease: undefined, attempt: 0 }),
    by: bob,
    because: /was queued, and ended as cancelled/,
  },
  "a result that changes": {
    before: { ...queue(), [resultAt(id)]: aResult() },
    after: { ...queue(), [resultAt(id)]: aResult({ text: "other" }) },
    by: ada,
    because: /was changed/,
  },
  "a result that goes": {
    before: { ...queue(), [resultAt(id)]: aResult() },
    after: queue(),
    by: bob,
    because: /was removed/,
  },
  "a result that reaches the archive with other words": {
    before: { ...queue(), [resultAt(id)]: aResult() },
    after: { ...queue(), [day]: archived(aResult({ text: "other" })) },
    by: bob,
    because: /did not come from RESULTS/,
  },
  "an archive that is rewritten": {
    before: { ...queue(), [day]: archived() },
    after: { ...queue(), [day]: "" },
    by: bob,
    because: /may only grow/,
  },
  "a late result that is written again": {
    before: { ...queue(), [`worker/RESULTS/${id}.late-1.md`]: "one\n" },
    after: { ...queue(), [`worker/RESULTS/${id}.late-1.md`]: "two\n" },
    by: ada,
    because: /written once/,
  },
  "a file of people's": {
    before: queue(),
    after: { ...queue(), "README.md": "ours\n" },
    by: bob,
    because: /touched README/,
  },
  "a result of no task": {
    before: queue(),
    after: { ...queue(), "worker/RESULTS/../x.md": "x\n" },
    by: bob,
    because: /touched/,
  },
  "an INBOX file that a node writes": {
    before: queue(),
    after: { ...queue(), "worker/INBOX/a.md": "Do it.\n" },
    by: bob,
    because: /which is people's/,
  },
  "an INBOX file that comes to nothing": {
    before: { ...queue(), "worker/INBOX/a.md": "Do it.\n" },
    after: queue(),
    by: bob,
    because: /took "Do it." away/,
  },
  "a page that is removed": {
    before: { ...queue(), "CURRENT.md": "x\n" },
    after: queue(),
    by: bob,
    because: /removed CURRENT/,
  },
  "a prompt that a node mends": {
    before: queue(aTask()),
    after: queue(aTask({ prompt: "Do it well." })),
    by: bob,
    because: /what people wrote: "Do it."/,
  },
  "a title that a node mends": {
    before: queue(aTask()),
    after: queue(aTask({ title: "Nicer" })),
    by: bob,
    because: /what people wrote/,
  },
  "a wish that a node drops": {
    before: queue(aTask({ request: { priority: "high" } })),
    after: queue(aTask()),
    by: bob,
    because: /what people wrote: "- priority: high"/,
  },
  "an order that a node changes": {
    before: queue(aTask(), aTask({ id: anId(2), title: "B" })),
    after: queue(aTask({ id: anId(2), title: "B" }), aTask()),
    by: bob,
    because: /what people wrote/,
  },
  "a person who removes a result": {
    before: { ...queue(), [resultAt(id)]: aResult() },
    after: queue(),
    by: undefined,
    because: /was removed/,
  },
  "a person who changes a result": {
    before: { ...queue(), [resultAt(id)]: aResult() },
    after: { ...queue(), [resultAt(id)]: aResult({ text: "better" }) },
    by: undefined,
    because: /was changed/,
  },
  "a person who takes a result out of the archive": {
    before: { ...queue(), [day]: archived() },
    after: { ...queue(), [day]: "" },
    by: undefined,
    because: /was removed/,
  },
};

describe("a legal commit", () => {
  test.each(Object.entries(lawful))("is: %s", async (_, one) => {
    expect(await judged(one)).toEqual({ kind: "legal" });
  });

  test.each(Object.entries(unlawful))("is not: %s", async (_, one) => {
    expect(await judged(one)).toMatchObject({ kind: "illegal", reason: expect.stringMatching(one.because) });
  });
});

async function judged({ before, after, by }: Case): Promise<Legality> {
  return legal(await readStep(aSnapshot(before, "0".repeat(40)), aSnapshot(after, "1".repeat(40))), by);
}

function queue(...tasks: Task[]): Files {
  return { "worker/QUEUE.md": queueText(tasks) };
}

function withResult(about: Partial<Result> = {}): Files {
  return { ...queue(), [resultAt(id)]: aResult(about) };
}

function archived(text = aResult()): string {
  return appendResults("", [{ id, text }]);
}

function aResult(about: Partial<Result> = {}): string {
  return renderResult({
    id,
    title: "Rebuild the nightly report",
    outcome: "succeeded",
    why: undefined,
    lease: { by: ada, token: adasToken },
    attempt: 1,
    started: "2026-11-21T10:00:00Z",
    ended: "2026-11-21T10:01:00Z",
    request: {},
    tried: [],
    facts: {},
    text: "done",
    ...about,
  });
}
