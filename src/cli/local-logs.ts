import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import type { Config } from "../config/settle.ts";

export type LocalLog = { task: string; attempt: number; path: string };

/** The output of attempts that ran on this machine, of any worker of this ledger; the newest attempt of a task last. */
export async function localLogs({ state }: Config): Promise<LocalLog[]> {
  const logs: LocalLog[] = [];
  for (const node of await namesIn(state)) {
    if (!node.startsWith("worker-")) continue;
    const work = join(state, node, "work");
    for (const task of await namesIn(work)) {
      for (const attempt of await namesIn(join(work, task))) {
        const path = join(work, task, attempt, "output.log");
        const found = await stat(path).catch(() => undefined);
        if (found?.isFile()) logs.push({ task, attempt: Number(attempt), path });
      }
    }
  }
  return logs.toSorted((a, b) => a.attempt - b.attempt);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}
