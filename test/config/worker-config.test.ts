import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { readConfigText } from "../../src/config/read-config-text.ts";
import { settle } from "../../src/config/settle.ts";
import { workerConfig, type WorkerPlace } from "../../src/config/worker-config.ts";

const place: WorkerPlace = {
  name: "pawl-worker-1",
  remote: "git@github.com:you/coordination.git",
  branch: "main",
  state: "/var/lib/pawl/state",
  key: "/var/lib/pawl/keys/deploy",
  knownHosts: "/etc/pawl/known_hosts",
  openclawConfig: "/etc/pawl/openclaw.worker.json",
};

function settled(main?: string) {
  return settle(readConfigText(workerConfig(main, place).text, "x"), {
    source: "/etc/pawl/pawl.config.yaml",
    folder: "/etc/pawl",
    around: { cwd: "/", home: "/var/lib/pawl", hostname: "w", env: {} },
  });
}

describe("the configuration of a worker elsewhere", () => {
  test("says where everything is, without one on the main machine", () => {
    expect(settled()).toMatchObject({
      remote: place.remote,
      name: "pawl-worker-1",
      ssh: { key: place.key, knownHosts: place.knownHosts },
      executors: {
        openclaw: { config: place.openclawConfig, keys: ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"] },
      },
    });
  });

  test("has what the main machine's says about work, and nothing of its people, places and tokens", () => {
    const main = readFileSync("examples/pawl.config.yaml", "utf8");
    const { text } = workerConfig(main, place);
    expect(text).not.toMatch(/telegram|discord|TOKEN|schedules|srv|4242|worker-1$|quietHours/);
    expect(settled(main)).toMatchObject({
      remote: place.remote,
      routing: { timezone: "Europe/Berlin" },
      worker: { name: "pawl-worker-1", capabilities: ["linux", "gpu"], budget: { perDay: 5 } },
      defaultExecutor: "openclaw",
      executors: { command: { kind: "command" }, openclaw: { fallback: ["openai/gpt-5.2"] } },
      secrets: { env: ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"] },
    });
  });

  test("leaves out where OpenClaw lies on the main machine", () => {
    const main = "executors: {openclaw: {bin: /home/you/bin/openclaw, stateDir: /home/you/x, model: a/b}}\n";
    expect(settled(main).executors["openclaw"]).toEqual({
      kind: "openclaw",
      config: place.openclawConfig,
      model: "a/b",
      keys: ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"],
    });
  });

  test("has the limits of the main machine's, and never runs a task without a sandbox", () => {
    expect(settled().worker.sandbox).toEqual({ mode: "required", readOnly: [], writable: [] });
    const main =
      "worker: {sandbox: {mode: off, writable: [/srv/cache]}, limits: {memory: 1GB, processes: 50, cpu: 80%}}\n";
    expect(settled(main).worker).toMatchObject({
      sandbox: { mode: "required", readOnly: [], writable: [] },
      limits: { memoryBytes: expect.any(Number) as number, processes: 50, cpuPercent: 80 },
    });
  });

  test("is the same text each time", () => {
    const main = readFileSync("examples/pawl.config.yaml", "utf8");
    expect(workerConfig(main, place)).toEqual(workerConfig(main, place));
  });

  test("cannot be written into by an address", () => {
    const remote = "git@host:x\nname: other\nexecutors: {command: {}}";
    const config = settle(readConfigText(workerConfig(undefined, { ...place, remote }).text, "x"), {
      source: undefined,
      folder: "/",
      around: { cwd: "/", home: "/", hostname: "w", env: {} },
    });
    expect(Object.keys(config.executors)).toEqual(["openclaw"]);
    expect(config.name).toBe("pawl-worker-1");
  });

  test("tells which variables the worker has a use for", () => {
    const main =
      "worker: {passEnv: [HTTPS_PROXY]}\nexecutors: {claude: {argv: [claude], keys: [CLAUDE_KEY]}}\n";
    expect(workerConfig(main, place).variables).toEqual([
      "ANTHROPIC_API_KEY",
      "OPENAI_API_KEY",
      "CLAUDE_KEY",
      "HTTPS_PROXY",
    ]);
  });

  test.each([
    [undefined, true],
    ["worker: {executors: [command]}\nexecutors: {command: {}}\n", false],
    ["worker: {executors: [command, openclaw]}\nexecutors: {command: {}}\n", true],
  ])("of %j has a use for OpenClaw: %s", (main, is) => {
    expect(workerConfig(main, place).runsOpenclaw).toBe(is);
  });
});
