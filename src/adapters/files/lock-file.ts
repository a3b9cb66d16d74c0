import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { LockAnswer } from "./lock.ts";

/**
 * For systems without abstract sockets: a file with the number of the process that holds the folder. After a crash it
 * stays behind and is removed by the next one, unless another process has got the same number meanwhile.
 */
export async function tryLockFile(folder: string): Promise<LockAnswer> {
  const path = join(folder, "lock");
  for (let tries = 0; tries < 3; tries++) {
    try {
      const file = await open(path, "wx");
      await file.writeFile(String(process.pid));
      await file.close();
      return { kind: "locked", lock: { [Symbol.asyncDispose]: () => rm(path, { force: true }) } };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const pid = Number(await readFile(path, "utf8").catch(() => ""));
    if (pid > 0 && isAlive(pid)) return { kind: "taken", by: `process ${pid}` };
    await rm(path, { force: true });
  }
  return { kind: "taken", by: "somebody who was faster" };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
