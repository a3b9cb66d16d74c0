import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { Fault } from "../../fault.ts";
import type { Env } from "./environment.ts";

export type GitExit = {
  /** null when a signal ended it. */
  code: number | null;
  signal: string | null;
  /** We ended it, because its time was over. */
  late: boolean;
  stdout: string;
  stderr: string;
};

/**
 * Runs one git command in a process group of its own, and waits no longer than its deadline (and the few seconds that
 * it is given to leave in good order). How it ended is the caller's to judge; rejects only when git cannot be started.
 */
export async function runGit(
  args: readonly string[],
  { env, deadlineMs, input }: { env: Env; deadlineMs: number; input?: Buffer },
): Promise<GitExit> {
  const child = spawn("git", args, {
    // No work of ours depends on a folder, and one that vanished would look like a git that is not installed.
    cwd: "/",
    env,
    detached: true,
    stdio: [input ? "pipe" : "ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const exited = new Promise<Pick<GitExit, "code" | "signal">>((resolve, reject) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", (error) => reject(notStarted(error)));
  });
  // It may end before it has read everything; its exit says why.
  child.stdin?.on("error", () => undefined).end(input);

  const patience = new AbortController();
  const late = expiry(deadlineMs, patience.signal);
  try {
    const ending = await Promise.race([exited, late]);
    if (ending === "late" || ending.signal !== null) await endGroup(child);
    const exit = ending === "late" ? { code: null, signal: "SIGKILL" } : ending;
    // A shared ssh connection that stays behind may hold on to stderr.
    await Promise.race([stdout.end, expiry(ending === "late" ? 1000 : deadlineMs, patience.signal)]);
    await Promise.race([stderr.end, expiry(200, patience.signal)]);
    return { ...exit, late: ending === "late", stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    patience.abort();
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

/** SIGTERM, so that git and a hub on the same machine remove their locks; SIGKILL to all that is left. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const gone =
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : once(child, "exit").then(() => undefined);
  signalGroup(child.pid, "SIGTERM");
  for (let waited = 0; waited < 2000 && signalGroup(child.pid, 0); waited += 20) await sleep(20);
  signalGroup(child.pid, "SIGKILL");
  await Promise.race([gone, sleep(1000, undefined, { ref: false })]);
}

/** @returns whether there was anybody to receive it */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

function collect(stream: NodeJS.ReadableStream | null): { end: Promise<void>; text: () => string } {
  const chunks: Buffer[] = [];
  const end = new Promise<void>((resolve) => {
    stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream?.once("close", resolve);
  });
  return { end, text: () => Buffer.concat(chunks).toString() };
}

async function expiry(ms: number, signal: AbortSignal): Promise<"late"> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return "late";
}

export function notStarted(error: NodeJS.ErrnoException): Fault {
  if (error.code === "ENOENT") {
    return new Fault("GIT_MISSING", "There is no `git` on the PATH", {
      hint: "Install git 2.36 or newer (Debian, Ubuntu: `apt-get install git`).",
      cause: error,
    });
  }
  return new Fault("GIT_FAILED", `git could not be started: ${error.message}`, {
    hint: "Look at the machine's free memory and its limit of processes.",
    cause: error,
  });
}
