import { NodeName } from "../../src/core/ids.ts";
import type { Announce } from "../../src/core/event.ts";
import { sentence } from "../../src/core/event.ts";
import { runMain } from "../../src/main/run-main.ts";
import type { MainMemory } from "../../src/main/memory.ts";
import type { Acceptance } from "../../src/ledger/steady-repo.ts";
import type { Spool } from "../../src/ports/spool.ts";
import type { WorkerMemory } from "../../worker/memory.ts";
import { runWorker } from "../../worker/run-worker.ts";
import { Machine, type Life } from "./machine.ts";
import { SimClock } from "./sim-clock.ts";
import { SimRepo } from "./sim-repo.ts";
import { SimRunner } from "./sim-runner.ts";
import { SimSpool } from "./sim-spool.ts";
import { pollSeconds } from "./traits.ts";
import type { World } from "./world.ts";

export function makeMachine(
  world: World,
  name: string,
  role: "main" | "worker",
  host = `${name}s-host`,
): Machine {
  const luck = world.luck.stream(host);
  const clockwork = {
    skewMs: luck.between(-150_000, 150_000),
    // Two machines' stopwatches may differ by a hundredth.
    rate: luck.pick([-0.005, 0.005, luck.between(-0.005, 0.005)]),
  };
  const spool = role === "main" ? JSON.stringify({ reported: [] } satisfies MainMemory) : undefined;
  const parts = { host, timeline: world.timeline, luck, clockwork, spool };
  const machine = new Machine(NodeName.parse(name), role, parts);
  world.machines.push(machine);
  return machine;
}

/** Starts what is down, unless the machine was taken away for good. */
export function restart(world: World, machine: Machine): void {
  if (!machine.life && world.machines.includes(machine)) startNode(world, machine);
}

/** Starts the product's own loop on a machine. */
function startNode(world: World, machine: Machine): void {
  const life = machine.begin();
  world.tell(machine.name, () => `life ${life.number} begins`);
  const over = machine.role === "main" ? runMainOn(world, life) : runWorkerOn(world, life);
  over.then(
    () => {
      if (!life.alive) return;
      world.tell(machine.name, () => "has ended as it was told to");
      world.judge.crashed(machine);
      machine.end();
      world.timeline.after(machine.luck.between(100, 60_000), () => restart(world, machine));
    },
    (error: unknown) => {
      if (!life.alive) return;
      world.judge.accuse(
        "falls",
        `${machine.name} gave up: ${error instanceof Error ? error.stack : String(error)}`,
      );
      machine.end();
    },
  );
}

function runMainOn(world: World, life: Life): Promise<void> {
  const { machine } = life;
  const settings = {
    name: machine.name,
    pollSeconds,
    pace: paceOf(world, life),
    keepResults: world.traits.keepResults,
    defaults: { executor: "agent" },
    remote: "hub",
    version: "0",
  };
  return runMain(
    { ...toolsOf(world, life), spool: spoolOf<MainMemory>(world, life) },
    () => settings,
    life.stop.signal,
  );
}

function runWorkerOn(world: World, life: Life): Promise<void> {
  const { machine } = life;
  const runner = new SimRunner(life, world);
  const settings = {
    name: machine.name,
    slots: world.traits.slots,
    capabilities: [],
    pollSeconds,
    pace: paceOf(world, life),
    drainSeconds: 60,
    defaultExecutor: "agent",
    remote: "hub",
    host: machine.host,
    version: "0",
    children: childRights,
  };
  const deps = {
    ...toolsOf(world, life),
    spool: spoolOf<WorkerMemory>(world, life),
    runner: world.bug.runner?.(runner, life) ?? runner,
  };
  return runWorker(deps, () => settings, { drain: life.drain.signal, stop: life.stop.signal });
}

const childRights = {
  most: 4,
  depth: 2,
  executors: [],
  models: [],
  needs: [],
  categories: [],
  usualTimeoutSeconds: 600,
};

function toolsOf(world: World, life: Life) {
  const { bug } = world;
  const { machine } = life;
  const repo = new SimRepo(life, world);
  const clock = new SimClock(life);
  const announce: Announce = (event) => {
    if (!life.alive) return;
    world.tell(machine.name, () => sentence(event));
    world.judge.announced(machine, event);
  };
  return {
    repo: bug.repo?.(repo, life, world) ?? repo,
    clock: bug.clock?.(clock, life) ?? clock,
    chance: bug.chance?.(machine.luck.next, life) ?? machine.luck.next,
    announce: bug.announce?.(announce, life) ?? announce,
    nudge: life.nudge,
    acceptance: acceptanceOf(life),
  };
}

function acceptanceOf({ machine }: Life): Spool<Acceptance> {
  return {
    read: async () => ({ head: machine.disk.accepts }),
    write: async ({ head }) => void (machine.disk.accepts = head),
  };
}

function spoolOf<Value>(world: World, life: Life): Spool<Value> {
  const disk = new SimSpool<Value>(life);
  const spool = world.bug.spool?.(disk, life) ?? disk;
  return {
    read: () => spool.read(),
    async write(value) {
      await spool.write(value);
      world.judge.spooled(life.machine, value);
    },
  };
}

function paceOf(world: World, life: Life) {
  return world.bug.pace?.(world.pace, life) ?? world.pace;
}
