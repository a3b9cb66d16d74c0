import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Options that make ssh ask nobody and wait for nothing long; with a folder, later calls share one connection. */
export function connectionOptions(folder?: string): string[] {
  const options = ["BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=15", "ServerAliveCountMax=2"];
  if (folder !== undefined) {
    options.push("ControlMaster=auto", "ControlPersist=60", `ControlPath=${socketIn(folder)}`);
  }
  return options.map((option) => `-o '${option}'`);
}

/** A private folder for the shared connection's socket: beside the cache, or in /tmp where that path is too long. */
export async function makeConnectionFolder(cache: string): Promise<string> {
  const beside = `${cache}.ssh`;
  if (Buffer.byteLength(beside) > longestFolder || /[^\w./-]/.test(beside)) {
    return mkdtemp(join(tmpdir(), "pawl-ssh-"));
  }
  await mkdir(beside, { recursive: true, mode: 0o700 });
  return beside;
}

/** A socket's path may have 104 bytes on some systems, and ssh adds 17 of its own while it makes one. */
const longestFolder = 80;

export async function closeConnection(folder: string): Promise<void> {
  const isOpen = await access(socketIn(folder)).then(
    () => true,
    () => false,
  );
  if (isOpen) {
    const leave = ["-F", "none", "-o", `ControlPath=${socketIn(folder)}`, "-O", "exit", "pawl"];
    // One that does not listen any more ends by itself, a minute after its last use.
    await promisify(execFile)("ssh", leave, { timeout: 5000 }).catch(() => undefined);
  }
  await rm(folder, { recursive: true, force: true });
}

function socketIn(folder: string): string {
  return join(folder, "s");
}
