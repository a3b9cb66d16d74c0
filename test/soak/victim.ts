import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { pidsWith } from "../support/processes.ts";
import { inPlaceOf } from "../support/programs.ts";

export type VictimPlace = {
  name: string;
  role: "main" | "worker";
  /** Holds its configuration, its state and its home. */
  folder: string;
  /** Node and pawl. */
  command: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
};

/** A node in a process of its own that can be killed in several ways, and started again. */
export class Victim {
  readonly name: string;
  readonly #place: VictimPlace;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #closed: Promise<unknown> = Promise.resolve();
  #wanted = false;
  #started = false;
  #words = "";
  /** How it ended without anybody having killed it. */
  readonly ownEnds: string[] = [];

  constructor(place: VictimPlace) {
    this.name = place.name;
    this.#place = place;
    mkdirSync(this.#home, { recursive: true });
    this.#env = {
      ...place.env,
      HOME: this.#home,
      PATH: inPlaceOf("git", suicidalGit(this.#armed), place.folder),
    };
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** It has come as far as to say that it works. */
  get isAtWork(): boolean {
    return this.isUp && this.#started;
  }

  start(): void {
    const { command, folder, role } = this.#place;
    const [node, ...before] = command;
    const child = spawn(node, [...before, role, "--json"], {
      cwd: folder,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.includes('"node-started"')) this.#started = true;
    });
    this.#words = "";
    this.#started = false;
    child.stderr.on("data", (chunk: Buffer) => (this.#words = (this.#words + chunk.toString()).slice(-4000)));
    this.#wanted = true;
    this.#child = child;
    this.#closed = once(child, "close").then(([code, signal]) => {
      if (this.#wanted) this.ownEnds.push(`${this.name} ended with ${code ?? signal}: ${this.#words.trim()}`);
      this.#child = undefined;
    });
  }

  /** The daemon alone: its git goes on for a while, its tasks run on as orphans. */
  async killAlone(): Promise<void> {
    this.#wanted = false;
    this.#child?.kill("SIGKILL");
    await this.#closed;
  }

  /** The power cord: the daemon, its git and its tasks. */
  async killAll(): Promise<void> {
    this.#wanted = false;
    this.#child?.kill("SIGSTOP");
    for (let empty = 0; empty < 2;) {
      const pids = this.pids();
      empty = pids.length === 0 ? empty + 1 : 0;
      for (const pid of pids) signal(pid, "SIGKILL");
      await sleep(5);
    }
    await this.#closed;
  }

  /** Dies right after its next push that arrived, before it can write anything down. Answers whether it did. */
  async dieAfterPush(patienceMs: number): Promise<boolean> {
    this.#wanted = false;
    writeFileSync(this.#armed, "");
    await Promise.race([this.#closed, sleep(patienceMs)]);
    // A push of its former life may have been the one that arrived; then it lives.
    rmSync(this.#armed, { force: true });
    await Promise.race([this.#closed, sleep(100)]);
    this.#wanted = this.isUp;
    return !this.isUp;
  }

  /**
   * Stands still, alone or with all that it started, and goes on as if nothing had been; unless it is a worker whose
   * watchdog found that out. Answers whether it goes on.
   */
  async freeze(forMs: number, { all }: { all: boolean }): Promise<boolean> {
    const pids = all ? this.pids() : [this.#child?.pid ?? 0];
    this.#wanted = false;
    for (const pid of pids) signal(pid, "SIGSTOP");
    await sleep(forMs);
    for (const pid of pids) signal(pid, "SIGCONT");
    await Promise.race([this.#closed, sleep(200)]);
    this.#wanted = this.isUp;
    return this.isUp;
  }

  /** Asks it to go. */
  async end(): Promise<void> {
    this.#wanted = false;
    this.#child?.kill("SIGTERM");
    const patience = setTimeout(() => this.#child?.kill("SIGKILL"), 30_000);
    await this.#closed;
    clearTimeout(patience);
  }

  /** Everything that it started, whatever became of the daemon itself. */
  pids(): number[] {
    return pidsWith(`HOME=${this.#home}`);
  }

  get #home(): string {
    return join(this.#place.folder, "home");
  }

  get #armed(): string {
    return join(this.#place.folder, "armed");
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, name);
  } catch {
    // It was faster.
  }
}

/** Git, which ends whoever called it after a push that arrived, once there is the file `armed`. */
function suicidalGit(armed: string): string {
  const git = spawnSync("sh", ["-c", "command -v git"]).stdout.toString().trim();
  return [
    `[ "$1" = push ] || exec ${git} "$@"`,
    `${git} "$@"`,
    "code=$?",
    `[ $code = 0 ] && rm "${armed}" 2>/dev/null && kill -9 $PPID`,
    "exit $code",
  ].join("\n");
}
