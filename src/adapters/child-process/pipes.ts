import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Pipe = { readEnd: Socket; writeEnd: number };
export type Pipes = { stdout: Pipe; stderr: Pipe };

/**
 * What Node calls a pipe is a socket, and programs fail on one that write to /dev/stdout or /dev/stderr by name. These
 * are pipes.
 */
export function makePipes(): Pipes {
  const folder = mkdtempSync(join(tmpdir(), "pawl-pipes-"));
  try {
    const [out, err] = [join(folder, "out"), join(folder, "err")];
    const { error, status } = spawnSync("mkfifo", ["-m", "600", out, err], { stdio: "ignore" });
    if (error ?? status !== 0) throw error ?? new Error(`mkfifo failed in ${folder}`);
    return { stdout: openPipe(out), stderr: openPipe(err) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function closePipes({ stdout, stderr }: Pipes): void {
  for (const { readEnd, writeEnd } of [stdout, stderr]) {
    readEnd.destroy();
    closeSync(writeEnd);
  }
}

/** Without a reader the opening of the other end would wait for one. */
function openPipe(path: string): Pipe {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(path, constants.O_WRONLY);
  return { readEnd: new Socket({ fd, readable: true, writable: false }), writeEnd };
}
