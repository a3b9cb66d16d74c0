import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { processesNaming } from "../../support/processes.ts";
import { inPlaceOf } from "../../support/programs.ts";

const program = join(import.meta.dirname, "../../fixtures/programs/hanging-supervisor.ts");

describe("a supervisor under watch", { tags: ["slow"] }, () => {
  test("is ended with its tasks when it hangs", async () => {
    const supervisor = await started();
    supervisor.child.stdin.write("hang\n");
    const [code, signal] = (await once(supervisor.child, "exit")) as [number | null, string | null];
    expect([code, signal]).toEqual([null, "SIGKILL"]);
    await gone(() => isRunning(supervisor.task));
    await gone(() => processesNaming(supervisor.owner).length > 0);
  });

  test("is left alone while it lives, and may go without anybody being ended", async () => {
    const supervisor = await started();
    await sleep(3000);
    expect(supervisor.child.exitCode).toBeNull();
    supervisor.child.stdin.write("end\n");
    expect((await once(supervisor.child, "exit"))[0]).toBe(0);
    expect(isRunning(supervisor.task)).toBe(true);
    process.kill(supervisor.task, "SIGKILL");
    await gone(() => processesNaming(supervisor.owner).length > 0);
  });
});

describe("a supervisor under systemd's watch", { tags: ["slow"] }, () => {
  test.each([
    ["keeps the limit of its unit as long as its lease outlasts that", 60, "READY=1"],
    ["asks for its own limit where it does not", 180, "READY=1 WATCHDOG_USEC=1000000"],
  ])("%s", async (_, unitLimit, first) => {
    const folder = await mkdtemp(join(tmpdir(), "pawl-notified-"));
    const told = join(folder, "told");
    const PATH = inPlaceOf("systemd-notify", `echo "$*" >>${told}`, folder);
    const env = { ...process.env, PATH, NOTIFY_SOCKET: "/nowhere", WATCHDOG_USEC: `${unitLimit}000000` };
    const supervisor = await started("systemd", env);
    const lines = () => (existsSync(told) ? readFileSync(told, "utf8").split("\n") : []);
    await expect.poll(lines).toContain("WATCHDOG=1");
    await expect.poll(() => lines().filter((line) => line.startsWith("READY"))).toEqual([first]);
    supervisor.child.stdin.write("end\n");
    await once(supervisor.child, "exit");
    process.kill(supervisor.task, "SIGKILL");
    await rm(folder, { recursive: true });
  });
});

async function started(kind = "own", env = process.env) {
  const owner = `watchdog-test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const child = spawn(process.execPath, [program, owner], { env, stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const [seen, pid] = line.toString().trim().split(" ");
  expect(seen).toBe(kind);
  return { child, owner, task: Number(pid) };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone(isThere: () => boolean): Promise<void> {
  while (isThere()) await sleep(50);
}
