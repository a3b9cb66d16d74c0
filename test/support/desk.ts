import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { MemoryHub } from "../../src/adapters/memory/memory-hub.ts";
import { main } from "../../src/cli/program.ts";
import type { Result } from "../../src/core/outcome.ts";
import { renderBeat } from "../../src/format/beat.ts";
import { renderResult } from "../../src/format/result.ts";
import type { Beat } from "../../src/core/beat.ts";
import type { MachineReport } from "../../src/core/machine-report.ts";
import { realWorld } from "../../src/wire.ts";
import type { Screen, World } from "../../src/wire/world.ts";
import { HandClock } from "./hand-clock.ts";

/** For what a desk does not play itself. */
const real = realWorld();

export type Said = { code: number; out: string; err: string };

/** Somebody at a machine who types commands; the remote is in memory, the folder and the configuration are real. */
export class Desk implements AsyncDisposable {
  readonly hub = new MemoryHub();
  readonly clock = new HandClock();
  readonly folder: string;
  readonly world: World;
  readonly poked: string[] = [];
  /** What machines said of themselves at the hub, by the names of their workers. */
  readonly reports = new Map<string, MachineReport>();
  stdin = "";
  signals = new Map<string, () => void>();
  #out: PaperScreen;
  #err: PaperScreen;
  #count = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.#out = new PaperScreen();
    this.#err = new PaperScreen();
    const spools = new Map<string, unknown>();
    this.world = {
      ...real,
      out: this.#out,
      err: this.#err,
      input: {
        isTerminal: false,
        text: async () => this.stdin,
        line: async () => this.stdin.split("\n")[0] ?? "",
        keys: () => ({ [Symbol.dispose]() {} }),
      },
      around: { cwd: folder, home: folder, hostname: "Desk.example.org", env: { PATH: process.env["PATH"] } },
      user: "ada",
      clock: this.clock,
      // Reproducible, and never the same twice in a row.
      chance: () => (this.#count++ * 0.137) % 1,
      exit: () => undefined,
      onSignal: (name, heard) => {
        this.signals.set(name, heard);
        return { [Symbol.dispose]: () => void this.signals.delete(name) };
      },
      openLedger: async ({ name }) => ({
        repo: this.hub.open(name, this.clock),
        cache: "",
        async [Symbol.asyncDispose]() {},
      }),
      async spool<Value>(_: unknown, name: string) {
        return {
          read: async () => spools.get(name) as Value | undefined,
          write: async (value: Value) => void spools.set(name, structuredClone(value)),
        };
      },
      watchWake: async () => ({ [Symbol.dispose]() {} }),
      poke: async ({ remote }) => this.poked.push(remote) > 0,
      machineReports: async () => ({
        look: () => Promise.reject(new Error("this desk is no machine")),
        send: async (report) => void this.reports.set(report.worker, report),
        read: async (worker) => this.reports.get(worker),
      }),
      pastPrompt: async () => "the old prompt",
      probe: async () => ({
        gitVersion: async () => "2.50.1",
        push: async () => {},
        hubRefuses: async () => ({ force: true, deletes: true }),
        forkedNodes: async () => [],
        isTracked: async () => false,
        driver: async () => ({ driver: "bwrap+cgroup", shortcomings: [] }),
        watchdog: () => ({ kind: "own", limit: 60, moment: 5 }),
      }),
    };
  }

  static async sitDown({
    config = "remote: ssh://hub.example/hub.git\nname: desk\n",
    queue = emptyQueue,
  } = {}) {
    const desk = new Desk(await mkdtemp(join(tmpdir(), "pawl-desk-")));
    await writeFile(join(desk.folder, "pawl.config.yaml"), config);
    desk.push({ "worker/QUEUE.md": queue, "PROTOCOL.md": "Protocol version: 1\n" });
    return desk;
  }

  /** Types a command and waits for its end. */
  async type(...args: string[]): Promise<Said> {
    this.#out.text = this.#err.text = "";
    const code = await main(args, this.world);
    return { code, out: this.#out.text, err: this.#err.text };
  }

  async json(...args: string[]): Promise<Record<string, unknown>> {
    return JSON.parse((await this.type(...args, "--json")).out) as Record<string, unknown>;
  }

  get screens(): { out: PaperScreen; err: PaperScreen } {
    return { out: this.#out, err: this.#err };
  }

  /** A commit by somebody else. */
  push(files: Record<string, string | null>): void {
    const { hub } = this;
    const all = new Map(hub.head === undefined ? [] : hub.commits.get(hub.head)?.files);
    for (const [path, text] of Object.entries(files)) {
      if (text === null) all.delete(path);
      else all.set(path, text);
    }
    hub.swap(hub.head, { files: all, message: "by hand", author: "ada", at: this.clock.now().toISOString() });
  }

  file(path: string): string | undefined {
    return this.hub.head === undefined ? undefined : this.hub.commits.get(this.hub.head)?.files.get(path);
  }

  /** The task ends: its section goes and its result comes. */
  end(result: Result, queue: string = emptyQueue): void {
    this.push({ [`worker/RESULTS/${result.id}.md`]: renderResult(result), "worker/QUEUE.md": queue });
  }

  beat(beat: Beat): void {
    this.hub.beat(beat.worker, renderBeat(beat));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

class PaperScreen implements Screen {
  text = "";
  isTerminal = false;
  columns = 100;
  rows = 30;
  brokenBy: Error | undefined;

  write(text: string): void {
    this.text += text;
  }

  written(): Promise<void> {
    return this.brokenBy ? Promise.reject(this.brokenBy) : Promise.resolve();
  }
}

const emptyQueue = "# Queue\n\n## Inbox\n";
