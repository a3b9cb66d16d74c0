import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { PlainTaskProcess } from "../../src/adapters/child-process/plain.ts";
import { realClock } from "../../src/adapters/time/real-clock.ts";
import type { AttemptRunner } from "../../src/ports/attempt-runner.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { TaskProcess } from "../../src/ports/task-process.ts";
import { isOnPath } from "../../worker/is-on-path.ts";
import { openclawVersion } from "../../provision/pins.ts";
import { attemptRunner } from "../../worker/run-attempt.ts";
import { modelKey } from "./fake-model.ts";

/**
 * The folder of a real OpenClaw, in PAWL_OPENCLAW_BIN or on PATH. Without one the tests are skipped and say so in one
 * line; where PAWL_REQUIRE_ALL=1 that is an error, unless PAWL_WITHOUT_OPENCLAW=1 says that it could not be installed.
 */
export function openclawFolder(): string | undefined {
  const { PAWL_OPENCLAW_BIN = "", PATH = "", PAWL_REQUIRE_ALL, PAWL_WITHOUT_OPENCLAW } = process.env;
  const folder = [PAWL_OPENCLAW_BIN, ...PATH.split(delimiter)].find((here) => isOnPath("openclaw", here));
  if (folder !== undefined) return folder;
  const say = `skipped: there is no openclaw here (npm install --global openclaw@${openclawVersion})`;
  if (PAWL_REQUIRE_ALL === "1" && PAWL_WITHOUT_OPENCLAW !== "1") throw new Error(say);
  console.warn(say);
  return undefined;
}

export type OpenclawScene = {
  /** Of the worker; holds all that a run needs and leaves. */
  folder: string;
  /** What openclaw compiles once, for all scenes. */
  compileCache: string;
  /** Where the model is served. */
  address: string;
  owner: string;
  openclaw: string;
};

/** A worker's runner for a real OpenClaw that knows the fake model, by a good key (`fake`) and by a bad one (`locked`). */
export function openclawRunner(
  scene: OpenclawScene,
  given: { clock?: Clock; processes?: TaskProcess } = {},
): AttemptRunner {
  const { folder, compileCache, owner, openclaw } = scene;
  const { clock = realClock, processes = new PlainTaskProcess(owner) } = given;
  const home = join(folder, "home");
  const config = join(home, "openclaw.json");
  mkdirSync(home);
  mkdirSync(join(folder, "shared"));
  symlinkSync(compileCache, join(folder, "shared", "compile-cache"));
  writeFileSync(config, JSON.stringify(configuration(scene.address)));
  const common = { kind: "openclaw", config, keys: ["FAKE_MODEL_KEY"] } as const;
  return attemptRunner({
    settings: {
      defaultTimeoutSeconds: 300,
      graceSeconds: 5,
      keepHours: 24,
      logLimitBytes: 1_000_000,
      passEnv: [],
      mayHandOut: true,
      executors: {
        openclaw: { ...common, model: "fake/fake-1" },
        locked: { ...common, model: "locked/locked-1" },
        "locked-with-spare": { ...common, model: "locked/locked-1", fallback: ["fake/fake-1"] },
      },
    },
    stateFolder: folder,
    env: {
      PATH: [dirname(process.execPath), openclaw, process.env["PATH"]].join(delimiter),
      HOME: home,
      FAKE_MODEL_KEY: modelKey,
    },
    secrets: [],
    processes,
    clock,
  });
}

/** As lean as OpenClaw can be: what it leaves out it need not load. */
export function configuration(baseUrl: string) {
  const provider = (apiKey: string, id: string) => {
    const cost = { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 };
    const model = { id, name: id, input: ["text"], cost, contextWindow: 128_000, maxTokens: 8192 };
    return { baseUrl, api: "openai-completions", apiKey, models: [model] };
  };
  const providers = {
    fake: provider("${FAKE_MODEL_KEY}", "fake-1"),
    locked: provider("a key that was taken back", "locked-1"),
  };
  return {
    models: { mode: "replace", providers },
    agents: { defaults: { model: { primary: "fake/fake-1" } } },
    plugins: { enabled: false },
    skills: { allowBundled: [] },
    tools: { allow: ["exec", "process"], toolSearch: false },
  };
}
