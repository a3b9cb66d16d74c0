import { expect, test } from "vitest";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import { ActionId } from "../../src/core/envelope.ts";
import { NodeName } from "../../src/core/ids.ts";
import { Fault } from "../../src/fault.ts";
import { approvalDigest } from "../../src/format/approval.ts";
import { parseQueue } from "../../src/format/queue.ts";
import { renderResult } from "../../src/format/result.ts";
import { runErrand, type ErrandTools } from "../../src/main/errand.ts";
import { answerOwner } from "../../src/main/owner/answer-owner.ts";
import { ledgerCommands } from "../../src/main/owner/ledger-commands.ts";
import type { Errand } from "../../src/ports/carry-out.ts";
import { HandClock } from "../support/hand-clock.ts";
import { queueText } from "../support/ledgers.ts";
import { aTask, anId } from "../support/tasks.ts";

const asking = aTask({ request: { approval: "required" }, state: { kind: "needs-approval" } });
const stuck = aTask({ state: { kind: "needs-human", why: "3 attempts failed" } });
const action = ActionId.parse("ac_01KA9Z8Q5Y0V2T6W3R4X7B");
const answered = { action, by: "aaron", at: "2026-11-21T12:31:07Z" };
const approval: Errand = {
  ...answered,
  kind: "approve-task",
  verb: "ok",
  task: anId(),
  digest: approvalDigest(asking),
};
const retrial: Errand = { ...answered, kind: "failed-task", verb: "rt", task: anId() };

test("an approval lets the task run, however often it is carried out", async () => {
  const { tools, tasks } = aPlace([asking]);
  expect(await runErrand(tools, approval)).toEqual({ kind: "done", how: `${anId()} may run` });
  expect(tasks()).toMatchObject([{ state: { kind: "queued" }, approved: { by: "aaron", stands: true } }]);
  expect(await runErrand(tools, approval)).toMatchObject({ kind: "done" });
});

test("an approval of what was edited since is refused, and says so", async () => {
  const { tools, tasks } = aPlace([{ ...asking, prompt: "something else" }]);
  expect(await runErrand(tools, approval)).toMatchObject({
    kind: "refused",
    how: expect.stringContaining("edited") as string,
  });
  expect(tasks()).toMatchObject([{ state: { kind: "needs-approval" } }]);
});

test("a rejection cancels", async () => {
  const { tools, tasks } = aPlace([asking]);
  expect(await runErrand(tools, { ...approval, verb: "no" })).toMatchObject({ kind: "done" });
  expect(tasks()).toMatchObject([{ state: { kind: "cancelled" } }]);
});

test("a retry queues an open task again", async () => {
  const { tools, tasks } = aPlace([stuck]);
  expect(await runErrand(tools, retrial)).toEqual({ kind: "done", how: `${anId()} is queued again` });
  expect(tasks()).toMatchObject([{ state: { kind: "queued" } }]);
});

test("a retry of an ended task makes one copy, however often it is carried out", async () => {
  const { tools, tasks, hub } = aPlace([]);
  finish(hub, stuck);
  await runErrand(tools, retrial);
  await runErrand(tools, retrial);
  expect(tasks()).toMatchObject([{ prompt: "the old prompt", state: { kind: "queued" } }]);
});

test("what cannot reach the ledger is asked again later", async () => {
  const { tools } = aPlace([asking]);
  const away = new Fault("REMOTE_UNAVAILABLE", "no route to the hub", { hint: "-" });
  tools.repo.fetch = () => Promise.reject(away);
  expect(await runErrand(tools, approval)).toEqual({ kind: "later", how: "no route to the hub" });
});

test("an answer that asks for nothing changes nothing", async () => {
  const { tools, hub } = aPlace([stuck]);
  const { head } = hub;
  expect(await runErrand(tools, { ...retrial, verb: "no" })).toMatchObject({ kind: "done" });
  expect(hub.head).toBe(head);
});

test("the owner's commands are answered in a few lines, mistakes with what to do about them", async () => {
  const { tools, tasks } = aPlace([stuck]);
  const owner = answerOwner(ledgerCommands((work) => work({ ...tools, defaults: {} })));
  const say = async (name: string, args = "") =>
    (await owner.answer({ name, args, person: "aaron", key: "telegram:1" })).markdown;
  expect(await say("queue")).toContain(`\`${anId()}\` **needs-human**`);
  expect(await say("show", anId().slice(-5))).toContain("3 attempts failed");
  expect(await say("submit", "Compare the offers")).toMatch(/^`T-\S+` is queued\.$/);
  expect(tasks()).toMatchObject([{}, { title: "Compare the offers", request: { by: "aaron" } }]);
  expect(await say("cancel", anId())).toBe(`${anId()} is cancelled.`);
  expect(await say("workers")).toBe("No worker has shown itself.");
  expect(await say("show", "zzzzz")).toContain("There is no task zzzzz");
  expect(await say("submit")).toContain("Write it behind /submit");
  expect(await say("quue")).toContain("Did you mean /queue?");
  expect(await say("constructor")).toContain("There is no command /constructor");
  expect(await say("help")).toContain("/show <id>: one task, or its result");
});

test("a command that is heard again after a crash is the same task", async () => {
  const { tools, tasks, hub } = aPlace([]);
  finish(hub, stuck);
  const owner = answerOwner(ledgerCommands((work) => work({ ...tools, defaults: {} })));
  const say = (name: string, args: string, key: string) => owner.answer({ name, args, person: "aaron", key });
  const first = await say("submit", "Compare the offers", "telegram:1");
  await say("submit", "Compare the offers", "telegram:1");
  await say("retry", anId(), "telegram:2");
  await say("retry", anId(), "telegram:2");
  expect(first.markdown).toContain(tasks()[0]?.id);
  expect(tasks().map(({ request: { key } }) => key)).toEqual(["chat telegram:1", "chat telegram:2"]);
  await say("submit", "Compare the offers", "telegram:3");
  expect(tasks()).toHaveLength(3);
});

test("a command that breaks is answered in words, without those of what broke", async () => {
  const owner = answerOwner(ledgerCommands(() => Promise.reject(new RangeError("token 123"))));
  const { markdown } = await owner.answer({ name: "queue", args: "", person: "aaron", key: "telegram:1" });
  expect(markdown).toContain("it broke (RangeError)");
  expect(markdown).not.toContain("123");
});

function finish(hub: MemoryHub, { id, title, request }: typeof stuck): void {
  const facts = { attempt: 1, started: undefined, ended: "2026-11-21T10:00:00Z", tried: [], facts: {} };
  const ended = {
    id,
    title,
    request,
    outcome: "failed",
    why: "exit 1",
    lease: undefined,
    text: "",
    ...facts,
  } as const;
  const files = new Map(hub.commits.get(hub.head ?? "")?.files).set(
    `worker/RESULTS/${id}.md`,
    renderResult(ended),
  );
  hub.swap(hub.head, { files, message: "x", author: "x", at: "2026-11-21T10:00:00Z" });
}

function aPlace(open: Parameters<typeof queueText>[0]) {
  const hub = new MemoryHub();
  const clock = new HandClock();
  const files = new Map([["worker/QUEUE.md", queueText(open)]]);
  hub.swap(undefined, { files, message: "begin", author: "x", at: clock.now().toISOString() });
  const node = NodeName.parse("main");
  let drawn = 0;
  const tools: ErrandTools = {
    repo: hub.open(node, clock),
    node,
    clock,
    chance: () => (drawn++ * 0.137) % 1,
    pastPrompt: async () => "the old prompt",
  };
  const tasks = () =>
    parseQueue(hub.commits.get(hub.head ?? "")?.files.get("worker/QUEUE.md") ?? "").tasks.map(
      ({ task }) => task,
    );
  return { tools, hub, tasks };
}
