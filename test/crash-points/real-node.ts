import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { run, type Ran } from "../../src/cli/demo/commands.ts";
import { startGitHttp, type GitHttp } from "../support/git-http.ts";
import { pidsWith } from "../support/processes.ts";
import { inPlaceOf } from "../support/programs.ts";
import { must } from "../support/town.ts";

/** Before or after which of its calls of git the node dies. */
export type Death = { call: number; when: "before" | "after" };

/** A hub and the machine of one node: real processes that die at a given call of git, or at a given fsync. */
export class Machine implements AsyncDisposable {
  readonly folder: string;
  readonly #PATH: string;

  readonly #host: GitHttp;

  private constructor(folder: string, host: GitHttp) {
    this.folder = folder;
    this.#host = host;
    mkdirSync(this.#home, { recursive: true });
    mkdirSync(this.notes);
    this.#PATH = inPlaceOf("git", deadlyGit(folder), folder);
  }

  static async make(): Promise<Machine> {
    const folder = await mkdtemp(join(tmpdir(), "pawl-deaths-"));
    // Over HTTP the hub's half of a push is not among the node's processes.
    const host = await startGitHttp(folder);
    const machine = new Machine(folder, host);
    const config = [
      `remote: ${host.address}/hub.git`,
      "profile: own-hub",
      "name: ada",
      "state: state",
      "poll: 1s",
      "defaults: { executor: command }",
      "executors: { command: { mode: shell } }",
      `worker: { executors: [command], sandbox: { writable: [${JSON.stringify(machine.notes)}] } }`,
    ];
    writeFileSync(join(machine.folder, "pawl.config.yaml"), `${config.join("\n")}\n`);
    must(await machine.pawl("hub", "init", "hub.git"));
    must(await machine.pawl("init", "first", "--remote", "hub.git"));
    return machine;
  }

  /** Where tasks may write. */
  get notes(): string {
    return this.#at("notes");
  }

  /** How many calls of git a whole life makes. */
  async callsOf(life: () => Promise<unknown>): Promise<number> {
    writeFileSync(this.#at("calls"), "");
    await life();
    const calls = readFileSync(this.#at("calls"), "utf8").length;
    rmSync(this.#at("calls"));
    return calls;
  }

  /** The next life ends at this point. */
  arm({ call, when }: Death): void {
    writeFileSync(this.#at("calls"), "");
    writeFileSync(this.#at("armed"), `${call} ${when}\n`);
  }

  disarm(): void {
    for (const name of ["armed", "calls"]) rmSync(this.#at(name), { force: true });
  }

  pawl(...args: string[]): Promise<Ran> {
    return run(process.execPath, [bin, ...args], { cwd: this.folder, env: this.#env });
  }

  /** Runs a daemon until it dies or `isDone`; then it is asked to go. */
  async daemon(
    role: "main" | "worker",
    isDone: () => boolean,
    before: readonly string[] = [],
  ): Promise<void> {
    const [program, ...args] = [...before, process.execPath, bin, role];
    const child = spawn(program ?? process.execPath, args, {
      cwd: this.folder,
      env: this.#env,
      stdio: "ignore",
    });
    const gone = once(child, "exit");
    const patience = AbortSignal.timeout(60_000);
    while (child.exitCode === null && child.signalCode === null && !isDone() && !patience.aborted) {
      await Promise.race([gone, new Promise((wake) => void setTimeout(wake, 50))]);
    }
    for (const pid of pidsWith(`PAWL_DAEMON=${this.folder}`)) {
      // The daemon itself, not what may stand before it; git and tasks do not get the variable.
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (command.startsWith(`${process.execPath}\0${bin}\0${role}`)) process.kill(pid, "SIGTERM");
    }
    await gone;
  }

  /** A file on the ledger branch. */
  show(path: string): string {
    return this.git("show", `main:${path}`);
  }

  git(...args: string[]): string {
    return spawnSync("git", ["--git-dir", this.#at("hub.git"), ...args]).stdout.toString();
  }

  /** Processes that are still there. */
  orphans(): number[] {
    return pidsWith(`HOME=${this.#home}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.orphans()) process.kill(pid, "SIGKILL");
    await this.#host[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  get #env() {
    return { PATH: this.#PATH, HOME: this.#home, PAWL_DAEMON: this.folder, LANG: "C.UTF-8", NO_COLOR: "1" };
  }

  get #home(): string {
    return this.#at("home");
  }

  #at(name: string): string {
    return join(this.folder, name);
  }
}

const bin = resolve(import.meta.dirname, "../../bin/pawl.ts");

/** Git, which ends its caller before or after one of its calls. Each call leaves a byte in `calls`. */
function deadlyGit(folder: string): string {
  const git = spawnSync("sh", ["-c", "command -v git"]).stdout.toString().trim();
  return `[ -e "${folder}/calls" ] || exec ${git} "$@"
printf x >> "${folder}/calls"
[ -e "${folder}/armed" ] && read -r call when < "${folder}/armed" || exec ${git} "$@"
[ $(wc -c < "${folder}/calls") = $call ] || exec ${git} "$@"
[ $when = after ] && ${git} "$@"
rm "${folder}/armed"
kill -9 $PPID`;
}
