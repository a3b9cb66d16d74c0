import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import type { Limits } from "../../../src/adapters/child-process/limits.ts";
import type { Exit, Usage } from "../../../src/ports/task-process.ts";

const supervisor = join(import.meta.dirname, "../../fixtures/programs/limited-supervisor.mjs");

/** Without version 2 of cgroups the kernel shows no such file. */
const controllers = existsSync("/sys/fs/cgroup/cgroup.controllers")
  ? readFileSync("/sys/fs/cgroup/cgroup.controllers", "utf8").split(/\s+/)
  : [];
const isPossible =
  process.getuid?.() === 0 &&
  existsSync("/run/systemd/system") &&
  ["memory", "pids", "cpu"].every((name) => controllers.includes(name));
if (!isPossible) console.warn("skipped: limits are held only as root, with systemd and version 2 of cgroups");

/** What no test of these comes near while limits hold; where they do not hold, the machine has to outlive the tests. */
const atWorst = { memory: "1G", seconds: 120 };

/** As the worker's unit does it: in a cgroup of its own, in which others may be made. */
const delegated = [
  ..."systemd-run --quiet --pipe --wait --collect --property=Delegate=yes".split(" "),
  `--property=MemoryMax=${atWorst.memory}`,
  `--property=RuntimeMaxSec=${atWorst.seconds}`,
];

const timeout = (atWorst.seconds + 30) * 1000;

describe.runIf(isPossible)("an attempt with limits", { tags: ["slow"], timeout }, () => {
  test("goes as a whole when it takes more memory than it may, and says so", async () => {
    const greedy = "const held = []; while (held.length < 100) held.push(Buffer.alloc(8e6, 1));";
    const report = await run({ memoryBytes: 150e6 }, [
      "/bin/sh",
      "-c",
      `sleep 1000 & "$0" -e '${greedy}'; echo the shell went on`,
      process.execPath,
    ]);
    expect(report).toMatchObject({
      driver: "cgroup",
      shortcomings: [],
      exit: { kind: "signalled", signal: "SIGKILL" },
      usage: { ranOutOfMemory: true },
      stdout: "",
    });
  });

  test("is told how much memory it had, and not ended for less than it may have", async () => {
    const report = await run({ memoryBytes: 400e6 }, [process.execPath, "-e", "Buffer.alloc(100e6, 1)"]);
    expect(report).toMatchObject({ shortcomings: [], exit: { kind: "exited", code: 0 } });
    expect(report.usage.ranOutOfMemory).toBeUndefined();
    expect(report.usage.peakMemoryBytes).toBeGreaterThan(100e6);
    expect(report.usage.peakMemoryBytes).toBeLessThan(400e6);
  });

  test("begins no more processes than it may", async () => {
    const script = `
      const { spawn } = require("node:child_process");
      let begun = 0, refused = 0;
      for (let n = 0; n < 60; n++) spawn("sleep", ["2"]).on("spawn", () => begun++).on("error", () => refused++);
      process.on("exit", () => console.log(JSON.stringify({ begun, refused })));`;
    const report = await run({ processes: 40 }, [process.execPath, "-e", script]);
    expect(report).toMatchObject({ shortcomings: [], exit: { kind: "exited", code: 0 } });
    const { begun, refused } = JSON.parse(report.stdout) as { begun: number; refused: number };
    expect(begun + refused).toBe(60);
    // Node's own threads count as well.
    expect(begun).toBeGreaterThan(0);
    expect(begun).toBeLessThan(40);
  });

  test("is made to wait when it takes more of the processor than it may", async () => {
    const spin = `cgroup=/sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup)
      until grep -q '^nr_throttled [1-9]' $cgroup/cpu.stat; do :; done; echo throttled`;
    const report = await run({ cpuPercent: 10 }, ["/bin/sh", "-c", spin]);
    expect(report).toMatchObject({ shortcomings: [], stdout: "throttled\n" });
  });
});

/** Where something is missing the program was not begun. */
type Report = { driver: string; shortcomings: unknown[]; exit: Exit; usage: Usage; stdout: string };

async function run(limits: Limits, argv: readonly string[]): Promise<Report> {
  const [program = "", ...rest] = [
    ...delegated,
    process.execPath,
    supervisor,
    JSON.stringify(limits),
    ...argv,
  ];
  const { stdout } = await promisify(execFile)(program, rest);
  return JSON.parse(stdout) as Report;
}
