import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { loadConfig } from "../../src/config/load.ts";
import type { Fault } from "../../src/fault.ts";
import { driverSeen, taskDriver } from "../../src/wire/task-driver.ts";
import { inPlaceOf } from "../support/programs.ts";

describe("what a worker runs its tasks with", { tags: ["slow"] }, () => {
  let folder: string;
  const path = process.env["PATH"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-driver-"));
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true });
  });

  test("is the best that works", async () => {
    const { driver, shortcomings } = await seen("{}");
    const missing = shortcomings.map(({ of }) => of);
    const held = missing.includes("cgroup") ? "plain" : "cgroup";
    expect(driver).toBe(missing.includes("sandbox") ? held : `bwrap+${held}`);
  });

  test("is no sandbox where none is wanted", async () => {
    expect((await seen("{ sandbox: off }")).driver).toMatch(/^(plain|cgroup)$/);
  });

  test("is no sandbox where bwrap is refused what it needs, and says why", async () => {
    withoutNamespaces();
    const { driver, shortcomings } = await seen("{}");
    expect(driver).toMatch(/^(plain|cgroup)$/);
    expect(shortcomings[0]).toMatchObject({
      of: "sandbox",
      why: "bwrap could not start it: setting up uid map: Permission denied",
      todo: expect.stringMatching(/user namespaces/),
    });
  });

  test("is nothing at all where a sandbox is required and there is none", async () => {
    withoutNamespaces();
    await expect(taskDriver(...configured("{ sandbox: required }"))).rejects.toThrow(
      "worker.sandbox is required, but there is none here: bwrap could not start it: setting up uid map: Permission denied",
    );
  });

  test("is refused where limits cannot be held", async () => {
    const { shortcomings } = await seen("{ sandbox: off, limits: { memory: 1300MB } }");
    const isMissing = shortcomings.some(({ of }) => of === "limits");
    const outcome = await taskDriver(...configured("{ sandbox: off, limits: { memory: 1300MB } }")).then(
      ({ driver }) => driver,
      (error: Fault) => error.message,
    );
    expect(outcome).toMatch(isMissing ? /^worker\.limits cannot be held here: / : /^cgroup$/);
  });

  function withoutNamespaces(): void {
    const words = "bwrap: setting up uid map: Permission denied";
    process.env["PATH"] = inPlaceOf("bwrap", `echo '${words}' >&2; exit 1`, folder);
  }

  function seen(worker: string) {
    return driverSeen(...configured(worker));
  }

  function configured(worker: string) {
    writeFileSync(join(folder, "pawl.config.yaml"), `remote: hub.git\nstate: state\nworker: ${worker}\n`);
    const around = { cwd: folder, home: folder, hostname: "box", env: process.env };
    return [loadConfig(around), around] as const;
  }
});
