import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { processesNaming } from "../../support/processes.ts";

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

async function started() {
  const owner = `watchdog-test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const child = spawn(process.execPath, [program, owner], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const [kind, pid] = line.toString().trim().split(" ");
  expect(kind).toBe("own");
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
