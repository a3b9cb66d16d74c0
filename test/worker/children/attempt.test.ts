import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { chooseDriver } from "../../../src/adapters/child-process/choose-driver.ts";
import { PlainTaskProcess } from "../../../src/adapters/child-process/plain.ts";
import { realClock } from "../../../src/adapters/time/real-clock.ts";
import type { Task } from "../../../src/core/task.ts";
import type { ChildResult } from "../../../src/ports/attempt-runner.ts";
import type { TaskProcess } from "../../../src/ports/task-process.ts";
import { attemptRunner } from "../../../worker/run-attempt.ts";
import { adasTask, anId, aPastAttempt } from "../../support/tasks.ts";

const brought: ChildResult = {
  id: anId(2),
  text: `---\nid: ${anId(2)}\ntitle: Ask Acme\noutcome: succeeded\nattempt: 1\nended: 2026-11-21T11:00:00Z\n---\n\n12 USD\n`,
};

describe("an attempt that may hand work out", { tags: ["slow"] }, () => {
  let stateFolder: string;
  let processes: TaskProcess;
  let owner: string;

  beforeEach(() => {
    stateFolder = mkdtempSync(join(tmpdir(), "pawl-children-"));
    owner = `test-${randomBytes(6).toString("hex")}`;
    processes = new PlainTaskProcess(owner, { leftoverGraceMs: 100 });
  });

  afterEach(async () => {
    await processes.sweep();
    rmSync(stateFolder, { recursive: true, force: true });
  });

  test("leaves what it dropped last, even with the walls around it that this machine has", async () => {
    const confinement = { home: "/home/worker", hidden: [stateFolder], readOnly: [], writable: [] };
    ({ processes } = await chooseDriver(owner, { confinement, onlyLook: true }));
    const move = 'require("fs").renameSync(process.env.PAWL_TASK_INBOX, "elsewhere")';
    const prompt = `echo "Ask Acme" > "$PAWL_TASK_INBOX/acme.md"; node -e '${move}' 2>/dev/null || echo kept`;
    const { ending, drops = [] } = await ran({ prompt });
    // Behind walls a folder that others look into cannot be moved away and another be put in its place.
    const isWalled = processes.driver.startsWith("bwrap");
    expect(ending).toMatchObject({ kind: "succeeded", text: isWalled ? "kept" : "" });
    expect(drops.map(({ name }) => name)).toEqual(isWalled ? ["acme.md"] : []);
  });

  test("is heard and answered while it runs", async () => {
    const prompt = `echo "Ask Acme" > "$PAWL_TASK_INBOX/acme.md"
until [ -e "$PAWL_TASK_INBOX/acme.md.answer" ]; do sleep 0.02; done
cat "$PAWL_TASK_INBOX/acme.md.answer"`;
    const attempt = runner().start(adasTask({ prompt }));
    while (attempt.inbox?.read().length !== 1) await realClock.sleep(5);
    attempt.inbox.answer("acme.md", { kind: "queued", id: anId(2), existing: false });
    const { ending, drops } = await attempt.done;
    expect(ending).toMatchObject({ text: `{"kind":"queued","id":"${anId(2)}","existing":false}` });
    expect(drops).toBeUndefined();
  });

  test("waits if it says so and ends well", async () => {
    const { ending } = await ran({ prompt: 'echo "compare them" > "$PAWL_TASK_INBOX/wait"; echo bye' });
    expect(ending).toMatchObject({ kind: "waits", note: "compare them", answer: "bye" });
    expect(readdirSync(join(stateFolder, "work"))).toEqual([]);
  });

  test("has failed if it failed, whatever it said before", async () => {
    const { ending } = await ran({ prompt: 'touch "$PAWL_TASK_INBOX/wait"; exit 3' });
    expect(ending).toMatchObject({ kind: "failed" });
  });

  test("finds in its next attempt what the others brought", async () => {
    const { ending } = await ran({ prompt: 'cd "$PAWL_CHILDREN" && tail -n 1 *.md', children: [anId(2)] }, [
      brought,
    ]);
    expect(ending).toMatchObject({ kind: "succeeded", text: "12 USD" });
  });

  test("is told what they brought, and what it noted, if it is an agent", async () => {
    const tried = [aPastAttempt({ end: "waiting", why: "compare them" })];
    const gone = { id: anId(3), text: undefined };
    const task = { prompt: "Buy it.", request: { executor: "reader" }, tried, children: [anId(2), anId(3)] };
    const { ending } = await ran(task, [brought, gone]);
    expect(ending).toMatchObject({ kind: "succeeded" });
    expect("text" in ending && ending.text.split("\n")).toEqual([
      "Buy it.",
      "",
      "---",
      "",
      expect.stringContaining("You have handed out parts of this task before"),
      "What you noted then: compare them",
      "",
      `- ${anId(2)} Ask Acme: succeeded, see children/${anId(2)}.md in the working directory`,
      `- ${anId(3)}: it was taken away, there is no result`,
    ]);
  });

  test("is told of the parts that an attempt before it has handed out and nobody waited for", async () => {
    const open = { id: anId(3), text: undefined, title: "Ask Bolt", state: "running" };
    const task = { prompt: "Buy it.", request: { executor: "reader" }, tried: [aPastAttempt()] };
    const { ending } = await ran(task, [brought, open]);
    const lines = "text" in ending ? ending.text.split("\n") : [];
    expect(lines[4]).toBe(
      "You have handed out parts of this task before. Go on from there; do not hand them out again.",
    );
    expect(lines).toContain(`- ${anId(3)} Ask Bolt: running, it has not ended yet`);
  });

  test("has no inbox where the configuration forbids it", async () => {
    const attempt = runner(false).start(adasTask({ prompt: 'echo "[$PAWL_TASK_INBOX]"' }));
    expect(attempt.inbox).toBeUndefined();
    expect((await attempt.done).ending).toMatchObject({ text: "[]" });
  });

  function ran(task: Partial<Task>, children: readonly ChildResult[] = []) {
    return runner().start(adasTask(task), children).done;
  }

  function runner(mayHandOut = true) {
    return attemptRunner({
      settings: {
        defaultTimeoutSeconds: 3600,
        graceSeconds: 5,
        keepHours: 24,
        logLimitBytes: 1_000_000,
        passEnv: [],
        mayHandOut,
        executors: {
          shell: { kind: "command", mode: "shell" },
          reader: { kind: "template", argv: ["/bin/cat"], stdin: "prompt", result: "stdout" },
        },
      },
      stateFolder,
      env: { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`, HOME: "/home/worker" },
      secrets: [],
      processes,
      clock: realClock,
    });
  }
});
