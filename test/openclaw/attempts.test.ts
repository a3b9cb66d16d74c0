import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { chooseDriver } from "../../src/adapters/child-process/choose-driver.ts";
import { PlainTaskProcess } from "../../src/adapters/child-process/plain.ts";
import { realClock } from "../../src/adapters/time/real-clock.ts";
import type { Task } from "../../src/core/task.ts";
import type { RunningAttempt } from "../../src/ports/attempt-runner.ts";
import { type FakeModel, scripted, startFakeModel } from "../support/fake-model.ts";
import { HandClock } from "../support/hand-clock.ts";
import { openclawFolder, openclawRunner, type OpenclawScene } from "../support/openclaw.ts";
import { adasTask } from "../support/tasks.ts";

const openclaw = openclawFolder() ?? "";

// All in one file, one after the other: each run takes a gigabyte and ten seconds of a processor.
describe.skipIf(openclaw === "")("an attempt by a real OpenClaw", { tags: ["slow", "openclaw"] }, () => {
  let compileCache: string;
  let folder: string;
  let owner: string;

  beforeAll(() => {
    compileCache = mkdtempSync(join(tmpdir(), "pawl-compiled-"));
  });

  afterAll(() => {
    rmSync(compileCache, { recursive: true, force: true });
  });

  // After a failed login OpenClaw refuses to work for a while, and remembers that in the worker's folder.
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-openclaw-"));
    owner = `test-${randomBytes(6).toString("hex")}`;
  });

  afterEach(async () => {
    await new PlainTaskProcess(owner).sweep();
    rmSync(folder, { recursive: true, force: true });
  });

  test("may be given every option that we give", () => {
    const { stdout } = spawnSync(join(openclaw, "openclaw"), ["agent", "exec", "--help"], {
      encoding: "utf8",
      env: { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`, HOME: folder },
    });
    for (const option of "json config cwd model fallback thinking timeout message-file".split(" ")) {
      expect(stdout).toContain(`--${option}`);
    }
  });

  test("succeeds with what a command wrote into the result file, and tells what it took", async () => {
    await using model = await startFakeModel();
    expect((await attempt(model, { prompt: counting }).done).ending).toEqual({
      kind: "succeeded",
      text: "# All sheep are here\n",
      facts: {
        executor: "openclaw",
        driver: "plain",
        seconds: expect.any(Number),
        exit: 0,
        "model-asked": "fake/fake-1",
        model: "fake-1",
        provider: "fake",
        "tokens-in": 240,
        "tokens-out": 16,
        "cost-usd": 0.000272,
        turns: 2,
        tools: "exec",
        "tool-calls": 1,
      },
    });
    expect(model.calls).toHaveLength(2);
  });

  test("succeeds as well with the best driver that this machine has", async () => {
    await using model = await startFakeModel();
    const confinement = {
      home: join(folder, "home"),
      hidden: [folder],
      readOnly: [],
      writable: [compileCache],
    };
    const { processes } = await chooseDriver(owner, { confinement, onlyLook: true });
    const { ending } = await attempt(model, { prompt: counting }, { processes }).done;
    expect(ending).toMatchObject({
      kind: "succeeded",
      text: "# All sheep are here\n",
      facts: { driver: processes.driver },
    });
  });

  test("hands work out from its own shell, and waits for it", async () => {
    await using model = await startFakeModel();
    const handOut = 'echo "Ask Acme" > "$PAWL_TASK_INBOX/acme.md"; echo "compare" > "$PAWL_TASK_INBOX/wait"';
    const prompt = scripted({ kind: "exec", command: handOut }, { kind: "reply", text: "I wait." });
    const { ending, drops } = await attempt(model, { prompt }).done;
    expect(ending).toMatchObject({ kind: "waits", note: "compare", answer: "I wait." });
    expect(drops).toMatchObject([{ name: "acme.md", asked: { prompt: "Ask Acme" } }]);
    expect(model.heard[0]).toContain("PAWL_TASK_INBOX");
  });

  test("succeeds with the last words of the model that stepped in, and names that one", async () => {
    await using model = await startFakeModel();
    const prompt = scripted({ kind: "reply", text: "I stepped in for another model." });
    const { ending } = await attempt(model, { prompt, request: { executor: "locked-with-spare" } }).done;
    expect(ending).toMatchObject({
      kind: "succeeded",
      text: "I stepped in for another model.",
      facts: { model: "fake-1", provider: "fake" },
    });
    expect(model.calls).toEqual([
      { model: "locked-1", did: "status" },
      { model: "fake-1", did: "reply" },
    ]);
  });

  test("is misconfigured when its key is not taken, and does not try that again", async () => {
    await using model = await startFakeModel();
    const prompt = scripted({ kind: "reply", text: "never said" });
    const { ending } = await attempt(model, { prompt, request: { executor: "locked" } }).done;
    expect(ending).toMatchObject({ kind: "misconfigured", why: expect.stringContaining("HTTP 401") });
    expect(model.calls).toHaveLength(1);
  });

  test("fails when the provider rejects what it asks for", async () => {
    await using model = await startFakeModel();
    const { ending } = await attempt(model, { prompt: scripted({ kind: "status", code: 400 }) }).done;
    expect(ending).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("provider rejected the request"),
      facts: { exit: 1 },
    });
  });

  // OpenClaw itself gives up after one and a half to three minutes: for us only the clock goes that far.
  test.each([
    [429, "rate limit"],
    [500, "HTTP 500"],
  ])("is transient when status %i lasts until its time is up", async (code, words) => {
    await using model = await startFakeModel();
    const clock = new HandClock();
    const running = attempt(model, { prompt: scripted({ kind: "status", code }) }, { clock });
    await untilIn(running, waitsToAskAgain);
    await clock.advance(360_000);
    expect((await running.done).ending).toEqual({ kind: "transient", why: expect.stringContaining(words) });
  });

  test("is transient when nobody serves the model until its time is up", async () => {
    const clock = new HandClock();
    const prompt = scripted({ kind: "reply", text: "never said" });
    const running = attempt({ address: await deadAddress() }, { prompt }, { clock });
    await untilIn(running, waitsToAskAgain);
    await clock.advance(360_000);
    expect((await running.done).ending).toEqual({
      kind: "transient",
      why: expect.stringContaining("connection refused"),
    });
  });

  test("is timed out by OpenClaw itself when the model thinks for longer than the task may take", async () => {
    await using model = await startFakeModel();
    const request = { timeout: 10 };
    const { ending, facts } = await attempt(model, { prompt: scripted({ kind: "hang" }), request }).done;
    expect(ending).toMatchObject({ kind: "timed-out", why: "it was not done after 10s", facts: { exit: 2 } });
    expect(facts["seconds"]).toBeLessThan(10 + 60 + 5);
  });

  test("is timed out by the worker when OpenClaw does not see to it", async () => {
    await using model = await startFakeModel();
    const clock = new HandClock();
    const running = attempt(model, { prompt: scripted({ kind: "hang" }) }, { clock });
    await untilIn(running, () => model.calls.length > 0);
    await clock.advance(360_000);
    expect((await running.done).ending).toMatchObject({ kind: "timed-out", why: "it was not done after 6m" });
    expect(whatRuns()).toEqual([]);
  });

  test("leaves no agent and no shell behind when it is cancelled in the middle of a command", async () => {
    await using model = await startFakeModel();
    const running = attempt(model, { prompt: busyWithACommand });
    await untilIn(running, isBusy);
    running.stop("cancelled");
    expect((await running.done).ending).toMatchObject({ kind: "stopped", because: "cancelled" });
    expect(whatRuns()).toEqual([]);
  });

  test("leaves no agent and no shell behind when the next life sweeps up after a killed worker", async () => {
    await using model = await startFakeModel();
    const worker = spawn(
      process.execPath,
      [
        join(import.meta.dirname, "../fixtures/programs/openclaw-supervisor.ts"),
        JSON.stringify(scene(model)),
        busyWithACommand,
      ],
      { stdio: ["ignore", "inherit", "inherit"] },
    );
    const ended = once(worker, "exit");
    while (!isBusy() && worker.exitCode === null) await realClock.sleep(20);
    worker.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(isBusy()).toBe(true);
    expect(await new PlainTaskProcess(owner).sweep()).toBeGreaterThanOrEqual(2);
    expect(whatRuns()).toEqual([]);
  });

  const counting = scripted(
    { kind: "exec", command: "echo '# All sheep are here' > RESULT.md" },
    { kind: "reply", text: "I have counted them." },
  );

  const busyWithACommand = scripted({ kind: "exec", command: "sleep 1000; true" }, { kind: "hang" });

  /** The agent, and a shell of its that does what it was asked to. */
  function isBusy(): boolean {
    const lines = whatRuns();
    return lines.includes("openclaw-agent") && lines.includes("sleep 1000");
  }

  function attempt(
    model: Pick<FakeModel, "address">,
    task: Partial<Task>,
    given: Parameters<typeof openclawRunner>[1] = {},
  ): RunningAttempt {
    return openclawRunner(scene(model), given).start(adasTask(task));
  }

  function scene({ address }: Pick<FakeModel, "address">): OpenclawScene {
    return { folder, compileCache, address, owner, openclaw };
  }

  function inWorkspace(path: string): string {
    return join(folder, "work", "T-20261121-00001", "1", "task", path);
  }

  /** The first waits are over before one can act on them. */
  function waitsToAskAgain(): boolean {
    const log = inWorkspace("../output.log");
    return existsSync(log) && readFileSync(log, "utf8").includes("transient same-model retry 3/");
  }

  /** Command lines of all that works below the worker's folder, whatever it calls itself and whoever started it. */
  function whatRuns(): string[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && ask(() => readlinkSync(`/proc/${name}/cwd`)).startsWith(folder))
      .map((pid) => ask(() => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()));
  }
});

async function deadAddress(): Promise<string> {
  await using model = await startFakeModel();
  return model.address;
}

/** Waits for something to happen, and no longer than for the attempt's end. */
async function untilIn({ done }: RunningAttempt, isSo: () => boolean): Promise<void> {
  let end: unknown;
  void done.then((ended) => (end = ended));
  while (!isSo()) {
    if (end !== undefined) throw new Error(`it ended before: ${JSON.stringify(end)}`);
    await realClock.sleep(20);
  }
}

/** Nothing, when the process is gone meanwhile. */
function ask(look: () => string): string {
  try {
    return look();
  } catch {
    return "";
  }
}
