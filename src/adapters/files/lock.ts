import { createHash } from "node:crypto";
import { mkdir, realpath } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";

import { diskFault, Fault } from "../../fault.ts";
import { tryLockFile } from "./lock-file.ts";

export type Lock = AsyncDisposable;
export type LockAnswer = { kind: "locked"; lock: Lock } | { kind: "taken"; by: string };

/** The exclusive right to a folder. It ends with the process, whichever way that dies. */
export async function tryLock(folder: string): Promise<LockAnswer> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw diskFault(folder, error);
  });
  const path = await realpath(folder);
  return process.platform === "linux" ? lockName(nameFor(path)) : tryLockFile(path);
}

/** @throws ALREADY_RUNNING */
export async function lockOrRefuse(folder: string, what: string): Promise<Lock> {
  const answer = await tryLock(folder);
  if (answer.kind === "locked") return answer.lock;
  throw new Fault("ALREADY_RUNNING", `${what} is running already (${answer.by}); it holds ${folder}`, {
    hint: "Stop that one first, or give this one another name or state folder.",
  });
}

/** An abstract socket: it lives in the kernel, leaves no file behind, and answers with who holds it. */
async function lockName(name: string): Promise<LockAnswer> {
  const server = createServer((asking) => asking.on("error", () => undefined).end(`process ${process.pid}`));
  const taken = await new Promise<boolean>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(true);
      else reject(error);
    });
    server.listen(name, () => resolve(false));
  });
  if (taken) return { kind: "taken", by: await holderOf(name) };
  server.unref();
  return { kind: "locked", lock: { [Symbol.asyncDispose]: () => closed(server) } };
}

async function holderOf(name: string): Promise<string> {
  const asking = connect(name).setTimeout(500, () => asking.destroy(new Error("no answer")));
  return text(asking).catch(() => "a process that does not say which");
}

/** Users must not keep each other out, and a path may be longer than a socket's name. */
function nameFor(path: string): string {
  const digest = createHash("sha256").update(path).digest("hex").slice(0, 32);
  return `\0pawl-${process.getuid?.() ?? 0}-${digest}`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
