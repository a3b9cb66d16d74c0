import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A command that ran to its end. */
export type Ran = { code: number | null; stdout: string; stderr: string };

export type Surroundings = { cwd: string; env: NodeJS.ProcessEnv };

/** Runs a command as a person would, and hands back what it said. */
export async function run(
  program: string,
  args: readonly string[],
  { cwd, env }: Surroundings,
): Promise<Ran> {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

/** A daemon in a process of its own, whose lines are handed on as they come. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;

  constructor(
    program: string,
    args: readonly string[],
    { cwd, env }: Surroundings,
    onLine: (line: string) => void,
  ) {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    createInterface({ input: child.stdout }).on("line", onLine);
    createInterface({ input: child.stderr }).on("line", onLine);
    this.#closed = once(child, "close");
    this.#child = child;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks it to go; SIGKILL if it has not gone after `patienceMs`. Answers its exit code, null after a SIGKILL. */
  async end(patienceMs = 15_000): Promise<number | null> {
    if (this.#child.exitCode === null) this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), patienceMs);
    await this.#closed;
    clearTimeout(timer);
    return this.#child.exitCode;
  }
}
