import { fork, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { chooseDriver } from "../src/adapters/child-process/choose-driver.ts";
import { PlainTaskProcess } from "../src/adapters/child-process/plain.ts";
import { realClock } from "../src/adapters/time/real-clock.ts";
import { NodeName } from "../src/core/ids.ts";
import { ownHub } from "../src/core/pace.ts";
import { update } from "../src/ledger/update.ts";
import { submission } from "../src/main/submit-task.ts";
import type { Launch, TaskProcess } from "../src/ports/task-process.ts";
import { scripted } from "../test/support/fake-model.ts";
import { openclawFolder, openclawRunner } from "../test/support/openclaw.ts";
import { Repos } from "../test/support/repos.ts";
import { startWorker, workerSettings } from "./support/bench-worker.ts";
import { childSeconds, ownSeconds } from "./support/cpu.ts";
import { median, round } from "./support/figures.ts";
import type { Report, Row } from "./support/report.ts";

/** Seconds; `program`: as measured by the shell that OpenClaw is started from, `around`: what there was beside that. */
type Run = { program: Cost; around: Around };
type Cost = { wall: number; cpu: number };
/** Of the processor: our own process, and what it has started beside the program. */
type Around = { wall: number; own: number; children: number };

const prompt = scripted(
  { kind: "exec", command: "echo '# All sheep are here' > RESULT.md" },
  { kind: "reply", text: "All sheep are here." },
);

/**
 * What a worker costs around one run of the real OpenClaw: the same command alone, and by a task on a hub, in turn. A
 * model server on loopback answers at once, so that there is nothing to hide behind.
 */
export async function openclaw(rounds: number): Promise<Report> {
  const found = openclawFolder();
  if (found === undefined) return { bench: "openclaw", tables: [], notes: ["there is no openclaw here"] };
  // What is behind npm's link, so that it can be shown to a program that sees little else.
  const real = await realpath(join(found, "openclaw"));
  await using model = await startModel();
  const folder = await mkdtemp(join(tmpdir(), "pawl-bench-"));
  try {
    const program = await measuringProgram(folder, real);
    return await compared({ folder, program, address: model.address }, real, rounds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compared(scene: Scene, real: string, rounds: number): Promise<Report> {
  const { folder } = scene;
  await mkdir(join(folder, "compiled"));

  const plain = new Recorder(new PlainTaskProcess(`bench-${randomBytes(6).toString("hex")}`));
  await using withPlain = await Way.open(scene, "plain", plain);
  // The first run compiles for all others.
  await withPlain.run();
  const confinement = {
    home: folder,
    hidden: [],
    readOnly: [real],
    writable: [join(folder, "compiled")],
  };
  const best = await chooseDriver(`bench-${randomBytes(6).toString("hex")}`, { confinement, onlyLook: true });
  await using withBest = await Way.open(scene, "best", new Recorder(best.processes));

  await withBest.run();

  const runs: { alone: Run[]; plain: Run[]; best: Run[] } = { alone: [], plain: [], best: [] };
  for (let n = 0; n < rounds; n++) {
    runs.alone.push(await alone(plain, join(folder, `alone-${n}`)));
    runs.plain.push(await withPlain.run());
    runs.best.push(await withBest.run());
  }
  return {
    bench: "openclaw",
    tables: [
      {
        title: `One run of OpenClaw, ${rounds} of each, s`,
        rows: [
          row("alone", runs.alone, runs.alone),
          row("worker, plain", runs.plain, runs.alone),
          row(`worker, ${best.processes.driver}`, runs.best, runs.alone),
        ],
      },
    ],
    notes: [
      "around it: what the whole took beyond what the shell that starts OpenClaw measured, from the task on the hub to the accepted result, all git processes and the polls and beats meanwhile included",
      "the runs of a round follow one another; the shares are medians, each of its own run",
      "× alone: OpenClaw's own time against its time alone in the same round, the median of the rounds",
    ],
  };
}

function row(how: string, runs: readonly Run[], floors: readonly Run[]): Row {
  const middle = (of: (run: Run) => number, digits = 2) => round(median(runs.map(of)), digits);
  const times = (what: keyof Cost) =>
    round(median(runs.map(({ program }, n) => program[what] / (floors[n]?.program[what] ?? Number.NaN))), 2);
  return {
    how,
    "OpenClaw, wall": middle(({ program }) => program.wall),
    "× alone": times("wall"),
    "around it": middle(({ around }) => around.wall),
    "of its wall": `${middle(({ around, program }) => (100 * around.wall) / program.wall)} %`,
    "OpenClaw, CPU": middle(({ program }) => program.cpu),
    "CPU × alone": times("cpu"),
    "own CPU": middle(({ around }) => around.own),
    "children's CPU": middle(({ around }) => around.children),
    "of its CPU": `${middle(({ around, program }) => (100 * (around.own + around.children)) / program.cpu)} %`,
  };
}

type Scene = { folder: string; program: string; address: string };

/** A worker's own loop and a submitter on a hub, polling and beating as daemons do. */
class Way implements AsyncDisposable {
  readonly #folder: string;
  readonly #isWalled: boolean;
  readonly #repos: Repos;
  readonly #submitter: Awaited<ReturnType<Repos["open"]>>;
  readonly #worker: ReturnType<typeof startWorker>;
  #ended: (how: string) => void = () => undefined;
  /** Nothing is polled and no beat is due while another way is measured. */
  readonly #settings = workerSettings();

  private constructor(
    scene: Scene,
    folder: string,
    parts: {
      repos: Repos;
      repo: Awaited<ReturnType<Repos["open"]>>;
      submitter: Awaited<ReturnType<Repos["open"]>>;
      processes: TaskProcess;
    },
  ) {
    this.#folder = folder;
    this.#isWalled = parts.processes.driver.startsWith("bwrap");
    this.#repos = parts.repos;
    this.#submitter = parts.submitter;
    const { program, address } = scene;
    const compileCache = join(scene.folder, "compiled");
    const given = { folder, compileCache, address, owner: "bench", openclaw: program };
    this.#worker = startWorker(parts.repo, {
      spool: join(folder, "spool.json"),
      runner: openclawRunner(given, { processes: parts.processes }),
      settings: this.#settings,
      announce: (event) => {
        if (event.kind === "task-ended") this.#ended(event.why ?? event.outcome);
        if (event.kind === "task-requeued") this.#ended(event.why);
      },
    });
  }

  static async open(scene: Scene, name: string, processes: TaskProcess): Promise<Way> {
    const repos = await Repos.make({ "worker/QUEUE.md": "# Queue\n\n## Inbox\n" });
    const folder = join(scene.folder, name);
    await mkdir(folder);
    const repo = await repos.open(`worker-${name}`);
    return new Way(scene, folder, {
      repos,
      repo,
      submitter: await repos.open(`submitter-${name}`),
      processes,
    });
  }

  async run(): Promise<Run> {
    const ended = Promise.withResolvers<void>();
    this.#ended = (how) =>
      how === "succeeded" ? ended.resolve() : ended.reject(new Error(`the task did not succeed: ${how}`));
    const now = realClock.now();
    const asked = { title: "Count the sheep", prompt, request: { executor: "openclaw" } };
    const updating = {
      repo: this.#submitter,
      node: NodeName.parse("main"),
      clock: realClock,
      chance: Math.random,
    };
    await update(updating, submission(asked, { today: now, chance: Math.random }));
    Object.assign(this.#settings, { pollSeconds: 5, pace: ownHub });
    const measured = await measuring(async () => {
      this.#worker.nudge.poke();
      await ended.promise;
    });
    Object.assign(this.#settings, workerSettings());
    const program = await figuresIn(join(this.#folder, "shared", "openclaw"));
    return { program, around: around(measured, program, this.#isWalled) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker[Symbol.asyncDispose]();
    await this.#repos[Symbol.asyncDispose]();
  }
}

/** The very command of the worker's last run, in a folder of its own. */
async function alone({ last }: Recorder, folder: string): Promise<Run> {
  if (!last) throw new Error("nothing was run before");
  const old = dirname(last.cwd);
  const here = (text: string) => text.replaceAll(old, folder);
  for (const name of ["task", "tmp", "home", "state"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, "prompt.md"), prompt);
  const env = Object.fromEntries(Object.entries(last.env).map(([name, value]) => [name, here(value)]));
  const [program, ...args] = last.argv.map(here);
  const whole = await measuring(async () => {
    const child = spawn(program ?? "", args, {
      cwd: join(folder, "task"),
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.resume();
    child.stderr.resume();
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`openclaw ended with ${code}`);
  });
  const cost = await figuresIn(env["OPENCLAW_STATE_DIR"] ?? "");
  await rm(folder, { recursive: true });
  return { program: cost, around: around(whole, cost, false) };
}

async function measuring(work: () => Promise<void>): Promise<Around> {
  const before = { ms: performance.now(), own: ownSeconds(), children: await childSeconds() };
  await work();
  return {
    wall: (performance.now() - before.ms) / 1000,
    own: ownSeconds() - before.own,
    children: (await childSeconds()) - before.children,
  };
}

/** @param isWalled bwrap does not wait for what it started, so the program is not among our children */
function around({ wall, own, children }: Around, program: Cost, isWalled: boolean): Around {
  return { wall: wall - program.wall, own, children: children - (isWalled ? 0 : program.cpu) };
}

/** Notes what it is told to start. */
class Recorder implements TaskProcess {
  last: Launch | undefined;
  readonly #inner: TaskProcess;

  constructor(inner: TaskProcess) {
    this.#inner = inner;
  }

  get driver() {
    return this.#inner.driver;
  }

  start(marker: string, launch: Launch) {
    this.last = launch;
    return this.#inner.start(marker, launch);
  }

  sweep() {
    return this.#inner.sweep();
  }
}

/** A folder with an `openclaw` that measures the real one, and leaves that in the state folder. */
async function measuringProgram(folder: string, real: string): Promise<string> {
  const bin = join(folder, "measuring");
  await mkdir(bin);
  const script = `#!/bin/sh
began=$(date +%s%N)
'${real}' "$@"
code=$?
{ echo $began $(date +%s%N); times; } > "$OPENCLAW_STATE_DIR/figures"
exit $code
`;
  await writeFile(join(bin, "openclaw"), script);
  await chmod(join(bin, "openclaw"), 0o755);
  return bin;
}

/** The shell's own time, and that of what it has waited for: `0m8.120000s 0m1.200000s`. */
async function figuresIn(stateFolder: string): Promise<Cost> {
  const [times = "", , children = ""] = (await readFile(join(stateFolder, "figures"), "utf8")).split("\n");
  const [began = "0", ended = "0"] = times.split(" ");
  const cpu = Array.from(
    children.matchAll(/(\d+)m([\d.]+)s/g),
    ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds),
  );
  return { wall: Number(BigInt(ended) - BigInt(began)) / 1e9, cpu: cpu.reduce((sum, one) => sum + one, 0) };
}

async function startModel(): Promise<AsyncDisposable & { address: string }> {
  const child = fork(join(import.meta.dirname, "support/model-server.ts"));
  const [address] = (await once(child, "message")) as [string];
  return {
    address,
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}
