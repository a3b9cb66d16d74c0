import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { PlainTaskProcess } from "../../src/adapters/child-process/plain.ts";
import { realClock } from "../../src/adapters/time/real-clock.ts";
import type { Task } from "../../src/core/task.ts";
import type { RunningAttempt } from "../../src/ports/attempt-runner.ts";
import { attemptRunner, type AttemptRunnerParts } from "../../worker/run-attempt.ts";
import type { AttemptSettings } from "../../worker/settings.ts";
import { HandClock } from "../support/hand-clock.ts";
import { pidsWith } from "../support/processes.ts";
import { adasTask } from "../support/tasks.ts";

const openclaw = join(import.meta.dirname, "../fixtures/programs/openclaw-stub.mjs");
const escapeTree = join(import.meta.dirname, "../fixtures/programs/escape-tree.sh");
const apiKey = "sk-ant-0123456789";

const settings: AttemptSettings = {
  defaultTimeoutSeconds: 3600,
  graceSeconds: 5,
  keepHours: 24,
  logLimitBytes: 1_000_000,
  passEnv: ["FAVOURITE", "GIT_SSH_COMMAND", "SSH_AUTH_SOCK"],
  executors: {
    shell: { kind: "command", mode: "shell" },
    openclaw: { kind: "openclaw", bin: openclaw, keys: ["ANTHROPIC_API_KEY"], model: "anthropic/usual" },
    absent: { kind: "template", argv: ["no-such-agent", "{promptFile}"] },
    reader: { kind: "template", argv: ["/bin/cat"], stdin: "prompt", result: "stdout" },
  },
  models: [{ when: { category: ["chat"] }, model: "anthropic/small", thinking: "off" }],
};

/** Whoever does not go when told to is not waited for. */
const impatient = { ...settings, graceSeconds: 0.05 };

describe("an attempt", { tags: ["slow"] }, () => {
  let stateFolder: string;
  let owner: string;
  let processes: PlainTaskProcess;

  beforeEach(() => {
    stateFolder = mkdtempSync(join(tmpdir(), "pawl-attempt-"));
    owner = `test-${randomBytes(6).toString("hex")}`;
    processes = new PlainTaskProcess(owner, { leftoverGraceMs: 100 });
  });

  afterEach(async () => {
    await processes.sweep();
    rmSync(stateFolder, { recursive: true, force: true });
  });

  test("succeeds with what the command printed, and knows how it was run", async () => {
    expect(await ran({ prompt: "echo two sheep" })).toEqual({
      ending: {
        kind: "succeeded",
        text: "two sheep",
        facts: { executor: "shell", driver: "plain", seconds: expect.any(Number), exit: 0 },
      },
      facts: { executor: "shell", driver: "plain", seconds: expect.any(Number), exit: 0 },
    });
  });

  test("succeeds with the result file that the task is told of", async () => {
    expect(await ran({ prompt: 'echo chatter; echo "# Sheep" > "$PAWL_RESULT_FILE"' })).toMatchObject({
      ending: { kind: "succeeded", text: "# Sheep\n" },
    });
  });

  test("does not follow a result file that leads elsewhere, nor wait at a pipe", async () => {
    const secret = join(stateFolder, "elsewhere");
    writeFileSync(secret, "not for the task");
    expect(await ran({ prompt: `ln -s ${secret} RESULT.md; echo printed` })).toMatchObject({
      ending: { text: "printed" },
    });
    expect(await ran({ prompt: "mkfifo RESULT.md; echo printed" })).toMatchObject({
      ending: { text: "printed" },
    });
  });

  test("is told who it is, and sees of the worker's environment only what it may", async () => {
    const { ending } = await ran({ prompt: "env", attempt: 3 });
    const seen = Object.fromEntries(
      (ending.kind === "succeeded" ? ending.text : "").split("\n").map((line) => line.split("=", 2)),
    );
    const folder = join(stateFolder, "work", "T-20261121-00001", "3");
    expect(seen).toMatchObject({
      PAWL_TASK_ID: "T-20261121-00001",
      PAWL_ATTEMPT_NUMBER: "3",
      PAWL_WORKSPACE: join(folder, "task"),
      PAWL_RESULT_FILE: join(folder, "task", "RESULT.md"),
      PAWL_PROGRESS_FILE: join(folder, "progress"),
      TMPDIR: join(folder, "tmp"),
      HOME: "/home/worker",
      FAVOURITE: "sheep",
    });
    expect(Object.keys(seen)).not.toContain("GIT_SSH_COMMAND");
    expect(Object.keys(seen)).not.toContain("SSH_AUTH_SOCK");
    expect(Object.keys(seen)).not.toContain("ANTHROPIC_API_KEY");
    expect(Object.keys(seen)).not.toContain("SURPRISE");
  });

  test("does not show a secret in its result, its reason, its progress or its log", async () => {
    const attempt = runner().start(
      adasTask({
        prompt: `echo "::progress at ${apiKey}"; echo "key ${apiKey}"; echo "key ${apiKey}" >&2; exit 1`,
      }),
    );
    const { ending } = await attempt.done;
    expect(ending).toMatchObject({
      kind: "failed",
      why: "it ended with exit code 1: key [secret]",
      text: expect.stringContaining("key [secret]"),
    });
    expect(attempt.progress()).toBe("at [secret]");
    expect(JSON.stringify(ending)).not.toContain(apiKey);
    expect(readFileSync(inWorkspace("output.log"), "utf8").split("\n").toSorted()).toEqual([
      "",
      "::progress at [secret]",
      "key [secret]",
      "key [secret]",
    ]);
  });

  test("leaves nothing behind when it succeeded, and its folder when it failed", async () => {
    await ran({ prompt: "touch a file; echo fine" });
    expect(readdirSync(join(stateFolder, "work"))).toEqual([]);
    await ran({ prompt: "touch evidence; exit 1" });
    expect(existsSync(inWorkspace("task/evidence"))).toBe(true);
  });

  test("begins in an empty folder although a former life left one", async () => {
    await ran({ prompt: "touch evidence; exit 1" });
    expect(await ran({ prompt: "ls -A" })).toMatchObject({ ending: { kind: "succeeded", text: "" } });
  });

  test("shortens a result nobody could read, and keeps the whole on the worker", async () => {
    const { ending } = await ran({ prompt: "yes | head -c 1000000 > RESULT.md" });
    const text = ending.kind === "succeeded" ? ending.text : "";
    expect(Buffer.byteLength(text)).toBeLessThan(300_000);
    expect(text).toContain(`is on the worker in ${inWorkspace("")}`.replace(/\/$/, ""));
    expect(readFileSync(inWorkspace("task/RESULT.md"), "utf8")).toHaveLength(1_000_000);
  });

  test("shows the last line of progress, from standard output or from the file", async () => {
    const attempt = runner().start(
      adasTask({
        prompt: `echo "::progress one"; until [ -e go ]; do sleep 0.02; done; echo two >> $PAWL_PROGRESS_FILE; sleep 1000`,
      }),
    );
    await until(() => attempt.progress() === "one");
    writeFileSync(inWorkspace("task/go"), "");
    await until(() => attempt.progress() === "two");
    attempt.stop("cancelled");
    expect((await attempt.done).ending).toMatchObject({ kind: "stopped", because: "cancelled" });
  });

  test.each([
    ["what it printed last", "echo one; echo two", "one\ntwo"],
    ["its answer as far as that had come", "echo one; echo half > RESULT.md", "half"],
    ["what it complained of, if that is all", "echo no sheep >&2", "no sheep"],
  ])("that is stopped leaves %s", async (_, prompt, output) => {
    const attempt = runner().start(
      adasTask({ prompt: `${prompt}; echo '::progress up'; sleep 1000 & wait` }),
    );
    await untilProgress(attempt);
    attempt.stop("cancelled");
    expect((await attempt.done).ending).toEqual({ kind: "stopped", because: "cancelled", output });
  });

  test("is timed out by the worker's clock, whatever the program says then", async () => {
    const clock = new HandClock();
    const prompt = "trap 'echo all done; exit 0' TERM; echo '::progress up'; while :; do sleep 0.02; done";
    const attempt = runner({ clock }).start(adasTask({ prompt, request: { timeout: 90 } }));
    await untilProgress(attempt);
    await clock.advance(89_000);
    expect(attempt.progress()).toBe("up");
    await clock.advance(1000);
    expect(await attempt.done).toMatchObject({
      ending: {
        kind: "timed-out",
        why: "it was not done after 1m30s",
        text: expect.stringContaining("all done"),
      },
      facts: { seconds: 90, exit: 0 },
    });
    expect(clock.sleepers).toBe(0);
  });

  test("has the time that the configuration gives when the task names none", async () => {
    const clock = new HandClock();
    const attempt = runner({ clock }).start(adasTask({ prompt: "echo '::progress up'; exec sleep 1000" }));
    await untilProgress(attempt);
    await clock.advance(3_600_000);
    expect(await attempt.done).toMatchObject({
      ending: { kind: "timed-out", why: "it was not done after 1h" },
    });
  });

  test.each(["cancelled", "lease-lost", "draining"] as const)(
    "ends as stopped when it is %s",
    async (because) => {
      const attempt = runner().start(adasTask({ prompt: "echo '::progress up'; sleep 1000 & wait" }));
      await untilProgress(attempt);
      attempt.stop(because);
      attempt.stop("draining");
      expect(await attempt.done).toMatchObject({
        ending: { kind: "stopped", because },
        facts: { executor: "shell", driver: "plain" },
      });
    },
  );

  test("is not even started when it is stopped at once", async () => {
    const attempt = runner().start(adasTask({ prompt: "touch ../started" }));
    attempt.stop("cancelled");
    expect((await attempt.done).ending).toEqual({ kind: "stopped", because: "cancelled" });
    expect(existsSync(inWorkspace("started"))).toBe(false);
  });

  test("keeps its ending when it is stopped after it was over", async () => {
    const attempt = runner().start(adasTask({ prompt: "exit 4" }));
    const { ending } = await attempt.done;
    attempt.stop("cancelled");
    expect((await attempt.done).ending).toBe(ending);
    expect(ending).toMatchObject({ kind: "failed" });
  });

  describe("that has ended, and left behind what takes its time to go,", () => {
    const prompt = `
      (trap 'touch told' TERM; touch up; while :; do sleep 0.02; done) >/dev/null 2>&1 &
      until [ -e up ]; do sleep 0.02; done; echo two sheep`;

    beforeEach(() => {
      processes = new PlainTaskProcess(owner, { leftoverGraceMs: 3_600_000 });
    });

    test.each(["cancelled", "lease-lost", "draining"] as const)(
      "keeps its ending when it is %s then, which waits no longer for them",
      async (because) => {
        const attempt = runner({ settings: impatient }).start(adasTask({ prompt }));
        await until(() => existsSync(inWorkspace("task/told")));
        attempt.stop(because);
        expect((await attempt.done).ending).toMatchObject({ kind: "succeeded", text: "two sheep" });
      },
    );

    test("keeps its ending when its time is over then", async () => {
      const clock = new HandClock();
      const attempt = runner({ settings: impatient, clock }).start(
        adasTask({ prompt, request: { timeout: 90 } }),
      );
      await until(() => existsSync(inWorkspace("task/told")));
      await clock.advance(90_000);
      expect((await attempt.done).ending).toMatchObject({ kind: "succeeded", text: "two sheep" });
    });
  });

  test("that is timed out leaves nothing of what escaped from it", async () => {
    const clock = new HandClock();
    const pids = join(stateFolder, "pids");
    const prompt = `${escapeTree} ${pids} stay | while read line; do echo "::progress $line"; done`;
    const attempt = runner({ settings: impatient, clock }).start(
      adasTask({ prompt, request: { timeout: 90 } }),
    );
    await until(() => attempt.progress() === "ready");
    const marker = `PAWL_ATTEMPT=${owner}/T-20261121-00001/1`;
    expect(pidsWith(marker).length).toBeGreaterThan(3);
    await clock.advance(90_000);
    expect((await attempt.done).ending).toMatchObject({ kind: "timed-out" });
    expect(pidsWith(marker)).toEqual([]);
  });

  test("is misconfigured for an executor this worker does not have", async () => {
    expect(await ran({ request: { executor: "unheard-of" } })).toMatchObject({
      ending: { kind: "misconfigured", why: "this worker has no executor unheard-of" },
    });
  });

  test("is misconfigured when the agent is not installed", async () => {
    expect(await ran({ request: { executor: "absent" } })).toMatchObject({
      ending: { kind: "misconfigured", why: "no-such-agent is not there" },
    });
  });

  test("is misconfigured when no workspace can be made", async () => {
    writeFileSync(join(stateFolder, "work"), "a file where a folder should be");
    expect(await ran({ prompt: "echo fine" })).toMatchObject({
      ending: { kind: "misconfigured", why: expect.stringContaining("no workspace could be made") },
    });
  });

  test("succeeds although its output cannot be logged, and says so", async () => {
    const prompt = "mkdir ../output.log.50; head -c 60 /dev/zero | tr '\\0' x";
    expect(await ran({ prompt }, { settings: { ...settings, logLimitBytes: 100 } })).toMatchObject({
      ending: { kind: "succeeded", text: "x".repeat(60) },
      facts: { log: "incomplete" },
    });
  });

  test("passes for trouble of ours, and ends what it started, when our own code breaks while it runs", async () => {
    const broken = {
      ...realClock,
      sleep: () => Promise.reject(new Error("the clock fell off the wall")),
    };
    expect(await ran({ prompt: "sleep 1000" }, { clock: broken })).toMatchObject({
      ending: { kind: "transient", why: "Pawl itself failed while running it: the clock fell off the wall" },
    });
    expect(await processes.sweep()).toBe(0);
  });

  test("feeds the prompt to an agent that wants it on standard input", async () => {
    const request = { executor: "reader" };
    expect(await ran({ prompt: "Count the sheep.", request })).toMatchObject({
      ending: { kind: "succeeded", text: "Count the sheep." },
    });
  });

  describe("of OpenClaw", () => {
    test.each([
      ["write", { kind: "succeeded", text: "done writing" }],
      ["report", { kind: "succeeded", text: expect.stringContaining("All sheep are here.") }],
      ["lost", { kind: "succeeded", text: "saved in time\n" }],
      ["unauthorized", { kind: "misconfigured" }],
      ["unreachable", { kind: "transient" }],
      ["slow", { kind: "timed-out" }],
      ["garbage", { kind: "failed" }],
      ["silence", { kind: "failed" }],
    ])("that answers with %s", async (prompt, ending) => {
      expect(await ran({ prompt, request: { executor: "openclaw" } })).toMatchObject({ ending });
    });

    test("tells what it cost and which model really answered", async () => {
      expect((await ran({ prompt: "write", request: { executor: "openclaw" } })).facts).toMatchObject({
        executor: "openclaw",
        "model-asked": "anthropic/usual",
        model: "fake-1",
        provider: "fake",
        "tokens-in": 240,
        "cost-usd": 0.000272,
        turns: 2,
      });
    });

    test("uses the model that the table has for its category, and says which that was", async () => {
      const request = { executor: "openclaw", category: "chat" };
      expect((await ran({ prompt: "write", request })).facts).toMatchObject({
        "model-asked": "anthropic/small",
        thinking: "off",
      });
    });

    test("gets its key and folders, while the key stays out of the result", async () => {
      const { ending } = await ran({
        prompt: "environment",
        request: { executor: "openclaw", thinking: "high", timeout: 120 },
      });
      const seen = JSON.parse(ending.kind === "succeeded" ? ending.text : "null");
      expect(seen).toMatchObject({
        env: {
          ANTHROPIC_API_KEY: "[secret]",
          OPENCLAW_STATE_DIR: join(stateFolder, "shared", "openclaw"),
          NODE_COMPILE_CACHE: join(stateFolder, "shared", "compile-cache"),
          NO_COLOR: "1",
        },
        cwd: dirname(inWorkspace("task/x")),
      });
      expect(seen.argv).toEqual(expect.arrayContaining(["anthropic/usual", "high", "120"]));
    });

    test("is ended by the worker a minute after its own time limit", async () => {
      const clock = new HandClock();
      const task = adasTask({ prompt: "hang", request: { executor: "openclaw", timeout: 60 } });
      const attempt = runner({ clock }).start(task);
      await untilProgress(attempt);
      await clock.advance(119_000);
      expect(attempt.progress()).toBe("thinking");
      await clock.advance(1000);
      expect((await attempt.done).ending).toMatchObject({
        kind: "timed-out",
        why: "it was not done after 2m",
      });
    });
  });

  describe("'s runner", () => {
    test("names the executors whose program is there", () => {
      expect(runner().executors).toEqual(["shell", "openclaw", "reader"]);
    });

    test("notices an agent that is installed later", () => {
      const found = runner({ env: { PATH: stateFolder } });
      expect(found.executors).not.toContain("absent");
      writeFileSync(join(stateFolder, "no-such-agent"), "#!/bin/sh\n");
      chmodSync(join(stateFolder, "no-such-agent"), 0o755);
      expect(found.executors).toContain("absent");
    });

    test("removes what it kept when its time is over, and never what a link leads to", async () => {
      const clock = new HandClock();
      const precious = join(stateFolder, "precious");
      await ran(
        { prompt: `mkdir ${precious}; touch ${precious}/photo; ln -s ${precious} link; exit 1` },
        { clock },
      );
      symlinkSync(precious, join(stateFolder, "work", "T-20261121-00002"));
      await clock.advance(23 * 3_600_000);
      await runner({ clock }).sweep();
      expect(existsSync(inWorkspace("task/link"))).toBe(true);
      await clock.advance(2 * 3_600_000);
      await runner({ clock }).sweep();
      expect(existsSync(inWorkspace(""))).toBe(false);
      expect(readdirSync(precious)).toEqual(["photo"]);
    });
  });

  function runner(given: Partial<AttemptRunnerParts> = {}) {
    return attemptRunner({
      settings,
      stateFolder,
      env: {
        PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
        HOME: "/home/worker",
        FAVOURITE: "sheep",
        SURPRISE: "boo",
        GIT_SSH_COMMAND: "ssh -i key",
        SSH_AUTH_SOCK: "/run/agent",
        ANTHROPIC_API_KEY: apiKey,
      },
      secrets: [],
      processes,
      clock: realClock,
      ...given,
    });
  }

  function ran(task: Partial<Task>, given: Partial<AttemptRunnerParts> = {}) {
    return runner(given).start(adasTask(task)).done;
  }

  function inWorkspace(path: string): string {
    return join(stateFolder, "work", "T-20261121-00001", "1", path);
  }
});

function untilProgress(attempt: RunningAttempt): Promise<void> {
  return until(() => attempt.progress() !== undefined);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await realClock.sleep(5);
}
