import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import type { AgentTool } from "../../src/ports/agent-tool.ts";
import type { Drop, DropAnswer } from "../../src/ports/task-inbox.ts";
import { blanker } from "../../src/format/secrets.ts";
import { FileInbox } from "../../worker/children/file-inbox.ts";
import { Desk } from "../support/desk.ts";
import { queueText } from "../support/ledgers.ts";
import { adasTask, anId, aTask } from "../support/tasks.ts";

const queued: DropAnswer = { kind: "queued", id: anId(2), existing: false };

describe("a command inside a task", () => {
  test("asks the task's worker, without configuration or git, and prints the new task's id", async () => {
    await using task = await Inside.make(queued);
    const { code, out } = await task.desk.type("submit", "Ask Acme", "--title", "Acme", "--timeout", "5m");
    expect({ code, out }).toEqual({ code: 0, out: `${anId(2)}\n` });
    expect(task.heard).toMatchObject([
      { asked: { title: "Acme", prompt: "Ask Acme", request: { timeout: 300 } } },
    ]);
  });

  test("says why the worker refuses", async () => {
    await using task = await Inside.make({ kind: "refused", why: "needs: prod is not the task's own" });
    const { code, err } = await task.desk.type("submit", "Ask Acme", "--needs", "prod");
    expect(code).not.toBe(0);
    expect(err).toContain("needs: prod is not the task's own");
  });

  test("lets the task wait, and tells it to end", async () => {
    await using task = await Inside.make(queued);
    const { out, err } = await task.desk.type("submit", "Ask Acme", "--wait");
    expect(out).toBe(`${anId(2)}\n`);
    expect(err).toContain("End now");
    expect(readFileSync(join(task.inbox, "wait"), "utf8")).toBe("handed out: Ask Acme\n");
  });

  test("does not take nonsense to the worker", async () => {
    await using task = await Inside.make(queued);
    const { code } = await task.desk.type("submit", "Ask Acme", "--timeout", "soon");
    expect(code).toBe(2);
    expect(task.heard).toEqual([]);
  });

  test("says so when there is no inbox where the environment has one", async () => {
    await using task = await Inside.make(queued);
    await rm(task.inbox, { recursive: true });
    const { code, err } = await task.desk.type("submit", "Ask Acme");
    expect(code).not.toBe(0);
    expect(err).toContain("PAWL_TASK_INBOX");
  });

  test("gives an agent the two tools that need no git", async () => {
    await using task = await Inside.make(queued);
    let tools: readonly AgentTool[] = [];
    task.desk.world.serveMcp = async (given) => void (tools = given);
    await task.desk.type("mcp");
    expect(tools.map(({ name }) => name)).toEqual(["submit_task", "wait_for_tasks"]);
    const [submit, wait] = tools;
    expect(await submit?.run({ prompt: "Ask Acme", key: "acme" })).toEqual(queued);
    await wait?.run({ note: "compare the offers" });
    expect(readFileSync(join(task.inbox, "wait"), "utf8")).toBe("compare the offers\n");
    expect(task.heard).toMatchObject([{ asked: { title: "Ask Acme", request: { key: "acme" } } }]);
  });
});

describe("a task that handed others out", () => {
  const child = aTask({ id: anId(2), title: "Ask Acme", request: { parent: anId() } });

  test("is shown with them, and they with it", async () => {
    await using desk = await Desk.sitDown({ queue: queueText([adasTask(), child]) });
    expect((await desk.type("show", anId())).out).toContain(`child      ${anId(2)} queued: Ask Acme\n`);
    expect((await desk.type("show", anId(2))).out).toContain(`parent     ${anId()}\n`);
    expect(await desk.json("show", anId())).toMatchObject({
      children: [{ id: anId(2), title: "Ask Acme", state: "queued" }],
    });
    expect((await desk.type("queue")).out).toContain(`Ask Acme (for ${anId()}`);
  });

  test("cannot be begun again by hand while it waits for one", async () => {
    const parent = aTask({ state: { kind: "blocked", why: "waits" }, children: [anId(2)] });
    await using desk = await Desk.sitDown({ queue: queueText([parent, child]) });
    const { code, err } = await desk.type("retry", anId());
    expect(code).not.toBe(0);
    expect(err).toContain(`waits for ${anId(2)}`);
  });
});

test("a child that has ended is tried again as a task of its own: nobody waits for the copy", async () => {
  await using desk = await Desk.sitDown();
  const parts = { why: undefined, lease: undefined, started: undefined, tried: [], facts: {}, attempt: 1 };
  const about = { id: anId(2), title: "Ask Acme", outcome: "failed", text: "", ...parts } as const;
  desk.end({
    ...about,
    ended: "2026-11-21T10:00:00Z",
    request: { parent: anId(), key: "x", needs: ["gpu"] },
  });
  const { id } = (await desk.json("retry", anId(2))) as { id: string };
  const { request } = await desk.json("show", id);
  expect(Object.keys(request as object).toSorted()).toEqual(["by", "created", "needs"]);
});

/** A desk whose environment is a task's, with a worker that gives one answer to all. */
class Inside implements AsyncDisposable {
  readonly desk: Desk;
  readonly inbox: string;
  readonly heard: Drop[] = [];
  readonly #answering: Promise<void>;
  #over = false;

  private constructor(desk: Desk, answer: DropAnswer) {
    this.desk = desk;
    this.inbox = join(desk.folder, "inbox");
    mkdirSync(this.inbox);
    desk.world.around = { ...desk.world.around, cwd: "/", env: { PAWL_TASK_INBOX: this.inbox } };
    this.#answering = this.#work(answer);
  }

  static async make(answer: DropAnswer): Promise<Inside> {
    return new Inside(await Desk.sitDown(), answer);
  }

  async #work(answer: DropAnswer): Promise<void> {
    const worker = new FileInbox(this.inbox, blanker([]));
    while (!this.#over) {
      for (const drop of worker.read()) {
        this.heard.push(drop);
        worker.answer(drop.name, answer);
      }
      if (existsSync(this.inbox)) await this.desk.clock.advance(200);
      await sleep(2);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    await this.#answering;
    await this.desk[Symbol.asyncDispose]();
  }
}
