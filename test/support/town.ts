import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Daemon, type Ran } from "../../src/cli/demo/commands.ts";
import { Village } from "../../src/cli/demo/village.ts";

/** A hub, a coordination repository and daemons in processes of their own; all of it is gone at the end of the test. */
export class Town implements AsyncDisposable {
  readonly village: Village;
  readonly #daemons = new Map<string, { daemon: Daemon; lines: string[] }>();

  private constructor(folder: string) {
    const bin = resolve(import.meta.dirname, "../../bin/pawl.ts");
    this.village = new Village(folder, [process.execPath, bin], process.env);
  }

  static async make(): Promise<Town> {
    const town = new Town(await mkdtemp(join(tmpdir(), "pawl-town-")));
    await town.village.configure("main");
    must(await town.village.pawl(["hub", "init", town.village.hub]));
    must(await town.village.pawl(["init", join(town.village.folder, "first"), "--remote", town.village.hub]));
    return town;
  }

  /** An ordinary clone, as a person has one. */
  async clone(name: string): Promise<{ folder: string; git: (...args: string[]) => Promise<Ran> }> {
    const folder = join(this.village.folder, name);
    must(await this.village.git(["clone", "--quiet", this.village.hub, folder], this.village.folder));
    return { folder, git: (...args) => this.village.git(args, folder) };
  }

  /** Runs a command as on the main machine. */
  async pawl(...args: string[]): Promise<Ran> {
    return this.village.pawl(args, join(this.village.folder, "main"));
  }

  async start(node: string, role: "main" | "worker"): Promise<void> {
    // Tasks keep a diary outside of their workspaces.
    const at = await this.village.configure(node, "slots: 2, sandbox: off");
    const { program, before } = this.village.command;
    const lines: string[] = [];
    const daemon = new Daemon(program, [...before, role], at, (line) => lines.push(line));
    this.#daemons.set(node, { daemon, lines });
  }

  /** What a daemon has said. */
  said(node: string): string[] {
    return this.#daemons.get(node)?.lines ?? [];
  }

  pid(node: string): number {
    const pid = this.#daemons.get(node)?.daemon.pid;
    if (pid === undefined) throw new Error(`${node} does not run`);
    return pid;
  }

  /** Asks a daemon to go; answers its exit code. */
  async end(node: string): Promise<number | null> {
    const code = await this.#daemons.get(node)?.daemon.end();
    this.#daemons.delete(node);
    return code ?? null;
  }

  /** What git says about the hub. */
  async git(...args: string[]): Promise<string> {
    return must(await this.village.git(["--git-dir", this.village.hub, ...args], this.village.folder)).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#daemons.values(), ({ daemon }) => daemon.end(5000)));
    await rm(this.village.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function must(ran: Ran): Ran {
  if (ran.code !== 0) throw new Error(`exit ${ran.code}: ${ran.stderr || ran.stdout}`);
  return ran;
}
