import { chmod, lstat, mkdir, readdir, realpath, rm, rmdir, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { TaskId } from "../src/core/ids.ts";
import type { Task } from "../src/core/task.ts";
import type { AttemptPaths } from "./executors/executor.ts";

/** One attempt's own place on this machine. */
export type Workspace = AttemptPaths & {
  /** Holds all the others but the shared one. */
  folder: string;
  /** Stands for the home of the worker's user, where tasks do not see that one. */
  home: string;
  tmp: string;
  logFile: string;
  progressFile: string;
  /** Where it drops what others are to do. */
  inbox: string;
  /** Where it finds what the tasks have brought that it waited for; not there when there are none. */
  children: string;
};

export function workspaceFor({ id, attempt }: Pick<Task, "id" | "attempt">, stateFolder: string): Workspace {
  const folder = join(workFolder(stateFolder), id, String(attempt));
  return {
    folder,
    workspace: join(folder, "task"),
    promptFile: join(folder, "prompt.md"),
    resultFile: join(folder, "task", "RESULT.md"),
    home: join(folder, "home"),
    tmp: join(folder, "tmp"),
    logFile: join(folder, "output.log"),
    progressFile: join(folder, "progress"),
    inbox: join(folder, "inbox"),
    children: join(folder, "task", "children"),
    shared: join(stateFolder, "shared"),
  };
}

/** Makes it anew, whatever a former life left there. */
export async function makeWorkspace(workspace: Workspace, prompt: string): Promise<void> {
  await removeWorkspace(workspace.folder);
  for (const folder of [
    workspace.workspace,
    workspace.home,
    workspace.tmp,
    workspace.inbox,
    workspace.shared,
  ]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  await writeFile(workspace.promptFile, prompt, { mode: 0o600 });
  // What is not there cannot be made accessible to the task alone.
  await writeFile(workspace.progressFile, "", { mode: 0o600 });
}

/** From now on it is counted how long the folder has been kept. */
export async function keepWorkspace(folder: string, now: Date): Promise<void> {
  await utimes(folder, now, now);
}

/** Removes the folder of one attempt and nothing outside of it, wherever links in it or above it lead. */
export async function removeWorkspace(folder: string): Promise<void> {
  const taskFolder = dirname(folder);
  if (!(await isRealFolder(taskFolder))) return;
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    // Some tools protect their caches by taking the right to write from the folders.
    if (!isOneOf(error, ["EACCES", "EPERM"])) throw error;
    await unlockFolders(folder);
    await rm(folder, { recursive: true, force: true });
  }
  await removeIfEmpty(taskFolder);
}

/** Removes what was kept for longer than `keepHours`, or was left by a former life that long ago. */
export async function tidyWorkspaces(
  stateFolder: string,
  { now, keepHours, busy }: { now: Date; keepHours: number; busy: ReadonlySet<string> },
): Promise<void> {
  const oldestMs = now.getTime() - keepHours * 3_600_000;
  for (const id of await namesIn(workFolder(stateFolder))) {
    if (!TaskId.safeParse(id).success) continue;
    const taskFolder = join(workFolder(stateFolder), id);
    for (const attempt of await namesIn(taskFolder)) {
      const folder = join(taskFolder, attempt);
      if (!/^\d+$/.test(attempt) || busy.has(folder)) continue;
      if (((await ageMark(folder)) ?? Infinity) >= oldestMs) continue;
      // One that cannot be removed must not keep the others.
      await removeWorkspace(folder).catch(() => undefined);
    }
    // Whoever died while it removed the last attempt has left the folder around it.
    if (!Array.from(busy, dirname).includes(taskFolder)) await removeIfEmpty(taskFolder);
  }
}

async function ageMark(folder: string): Promise<number | undefined> {
  return (await lstat(folder).catch(onlyIfGone))?.mtimeMs;
}

function workFolder(stateFolder: string): string {
  return join(stateFolder, "work");
}

async function isRealFolder(folder: string): Promise<boolean> {
  const real = await realpath(folder).catch(onlyIfGone);
  return real !== undefined && real === join(await realpath(dirname(folder)), basename(folder));
}

async function unlockFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlockFolders(join(folder, entry.name));
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!isOneOf(error, ["ENOTEMPTY", "EEXIST", "ENOENT"])) throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(onlyIfGone);
  return (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function onlyIfGone(error: unknown): undefined {
  if (!isOneOf(error, ["ENOENT"])) throw error;
}

function isOneOf(error: unknown, codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
