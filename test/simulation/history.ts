import { readLedger } from "../../src/ledger/view.ts";
import type { Bug } from "./bugs.ts";
import { Faults } from "./faults.ts";
import type { Violation } from "./judge.ts";
import { makeMachine, restart } from "./nodes.ts";
import { People } from "./people.ts";
import { World, type Counts } from "./world.ts";

export type History = {
  seed: number;
  violations: readonly Violation[];
  counts: Counts;
  simulatedMs: number;
  events: number;
  head: string | undefined;
  story: readonly string[];
};

/** One worker with one slot has to come to the end of three generations, one after the other. */
const patienceMs = 3 * 3_600_000;

/** One history: trouble for some minutes, then calm until all is done. The same seed gives the same history. */
export async function live(
  seed: number,
  { bug = {}, withStory = false }: { bug?: Bug; withStory?: boolean } = {},
): Promise<History> {
  const world = new World(seed, bug, withStory);
  const { timeline, traits, hub, judge } = world;
  const luck = world.luck.stream("history");
  const people = new People(world);
  people.begin();
  world.heard = (machine, event) => people.hear(machine, event);
  restart(world, makeMachine(world, "main", "main"));
  for (let n = 1; n <= traits.workers; n++) {
    const worker = makeMachine(world, `w${n}`, "worker");
    timeline.after(luck.between(0, 20_000), () => restart(world, worker));
  }
  for (let n = 0; n < traits.tasks; n++) timeline.after(luck.skewed(0, traits.troubleMs), () => people.ask());

  const faults = new Faults(world, people);
  faults.begin();
  timeline.after(traits.troubleMs, () => {
    world.calm = true;
    world.tell("", () => "all is calm from now on");
    faults.end();
    lookAfter(world, people);
  });

  let finished = false;
  let lookedAt: string | undefined;
  let told = 0;
  const look = async () => {
    const snapshot = hub.snapshot(hub.head ?? "");
    if (!snapshot || !world.calm || (lookedAt === hub.head && judge.told === told)) return;
    lookedAt = hub.head;
    told = judge.told;
    const { queue, tasks } = await readLedger(snapshot);
    const inbox = (await snapshot.list("worker/INBOX")).length + (queue.inbox?.items.length ?? 0);
    const open = tasks.length + queue.bad.length + queue.unnamed.length + inbox;
    finished = open === 0 && judge.everythingTold;
  };
  let quietSinceMs: number | undefined;
  const isOver = () => {
    if (judge.violations.length > 0) return true;
    if (!world.calm) return false;
    void look();
    if (finished) quietSinceMs ??= timeline.nowMs;
    else quietSinceMs = undefined;
    return (
      (quietSinceMs !== undefined && timeline.nowMs - quietSinceMs > 30_000) ||
      timeline.nowMs > traits.troubleMs + patienceMs
    );
  };
  const { stackTraceLimit } = Error;
  // Lost answers are many, and nobody reads where their faults were made.
  if (!withStory) Error.stackTraceLimit = 0;
  try {
    await timeline.run(isOver);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (judge.violations.length === 0) await judge.conclude(finished);
  return {
    seed,
    violations: judge.violations,
    counts: world.counts,
    simulatedMs: timeline.nowMs,
    events: timeline.events,
    head: hub.head,
    story: world.story ?? [],
  };
}

function lookAfter(world: World, people: People): void {
  world.timeline.after(20_000, () => {
    people.tidy();
    lookAfter(world, people);
  });
}
