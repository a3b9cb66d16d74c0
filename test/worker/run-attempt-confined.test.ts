import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { BwrapTaskProcess } from "../../src/adapters/child-process/bwrap.ts";
import { PlainTaskProcess } from "../../src/adapters/child-process/plain.ts";
import { tryBwrap } from "../../src/adapters/child-process/try-bwrap.ts";
import { realClock } from "../../src/adapters/time/real-clock.ts";
import type { Task } from "../../src/core/task.ts";
import { attemptRunner } from "../../worker/run-attempt.ts";
import { needs } from "../support/require.ts";
import { adasTask } from "../support/tasks.ts";

const stub = join(import.meta.dirname, "../fixtures/programs/openclaw-stub.mjs");
// The checkout may lie where a task sees nothing, below /tmp or the home.
const checkout = join(import.meta.dirname, "../..");
const plain = new PlainTaskProcess(`test-${process.pid}-confined`, { leftoverGraceMs: 100 });
const works =
  needs("bwrap", "bubblewrap") &&
  (await tryBwrap(
    new BwrapTaskProcess(plain, { home: tmpdir(), hidden: [], readOnly: [checkout], writable: [] }),
  )) === undefined;

type Given = { executor: string; prompt?: string };

describe.runIf(works)("an attempt in bwrap", { tags: ["slow"] }, () => {
  let folder: string;
  let home: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-confined-"));
    home = join(folder, "home");
    mkdirSync(home);
    writeFileSync(join(home, "claw.json"), "{}");
    writeFileSync(join(home, "notes"), "of the worker");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("reads the configuration of its OpenClaw, and leaves its result", async () => {
    expect(await ran({ executor: "openclaw", prompt: "report on the sheep" })).toMatchObject({
      ending: { kind: "succeeded", text: "# Report\n\nAll sheep are here.\n" },
      facts: { driver: "bwrap+plain" },
    });
  });

  test("keeps what its tasks share, and nothing else, from one to the next", async () => {
    mkdirSync(join(folder, "agent"));
    const agent = join(folder, "agent", "run");
    const script = [
      '{ cat "$OPENCLAW_STATE_DIR/login" "$HOME/login" "$HOME/notes" 2>/dev/null; ls -A "$HOME"; } >RESULT.md',
      'echo kept >"$OPENCLAW_STATE_DIR/login"; echo lost >"$HOME/login"',
    ];
    writeFileSync(agent, ["#!/bin/sh", ...script, ""].join("\n"), { mode: 0o755 });
    expect(await ran({ executor: "own" })).toMatchObject({ ending: { text: "claw.json\n" } });
    expect(await ran({ executor: "own" }, 2)).toMatchObject({ ending: { text: "kept\nclaw.json\n" } });
  });

  test("runs a command that tells how far it is", async () => {
    const running = runner().start(
      task({ executor: "shell", prompt: 'echo half >> "$PAWL_PROGRESS_FILE"; sleep 60' }),
    );
    while (running.progress() !== "half") await new Promise((resolve) => setTimeout(resolve, 20));
    running.stop("cancelled");
    expect((await running.done).ending).toEqual({ kind: "stopped", because: "cancelled" });
  });

  test("is not held against a task when it cannot even begin", async () => {
    const { ending } = await ran({ executor: "absent", prompt: "anything" });
    expect(ending).toEqual({ kind: "misconfigured", why: "no-such-agent is not there" });
  });

  function ran(given: Given, attempt = 1) {
    return runner().start(task(given, attempt)).done;
  }

  function task({ executor, prompt = "Do it." }: Given, attempt = 1): Task {
    return adasTask({ prompt, attempt, request: { executor } });
  }

  function runner() {
    return attemptRunner({
      settings: {
        defaultTimeoutSeconds: 60,
        graceSeconds: 5,
        keepHours: 24,
        logLimitBytes: 1_000_000,
        passEnv: [],
        executors: {
          shell: { kind: "command", mode: "shell" },
          own: { kind: "openclaw", bin: join(folder, "agent", "run"), config: join(home, "claw.json") },
          openclaw: { kind: "openclaw", bin: stub, config: join(home, "claw.json") },
          absent: { kind: "template", argv: ["no-such-agent", "{promptFile}"] },
        },
      },
      stateFolder: join(folder, "state"),
      env: { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`, HOME: home },
      secrets: [],
      processes: new BwrapTaskProcess(plain, {
        home,
        hidden: [join(folder, "state")],
        readOnly: [checkout],
        writable: [],
      }),
      clock: realClock,
    });
  }
});
