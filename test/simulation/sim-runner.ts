import type { Ending, StopReason } from "../../src/core/outcome.ts";
import type { Task } from "../../src/core/task.ts";
import type { AttemptRunner, RunningAttempt } from "../../src/ports/attempt-runner.ts";
import type { Drop } from "../../src/ports/task-inbox.ts";
import type { Life } from "./machine.ts";
import { Process, type Finish } from "./process.ts";
import { SimInbox, wishesAfterWaiting } from "./sim-inbox.ts";
import type { World } from "./world.ts";

/** Attempts that only take time. They outlive the program until the next life sweeps them away. */
export class SimRunner implements AttemptRunner {
  readonly executors = ["agent"];
  readonly #life: Life;
  readonly #world: World;

  constructor(life: Life, world: World) {
    this.#life = life;
    this.#world = world;
  }

  start(task: Task): RunningAttempt {
    const { machine } = this.#life;
    const done = Promise.withResolvers<Finish & { drops: readonly Drop[] }>();
    const plan = { lastsMs: this.#duration(), ending: this.#ending(task) };
    const wishes = wishesAfterWaiting(task, this.#world);
    const inbox = new SimInbox(wishes);
    const process = new Process(machine, task, plan, (ended, finish) => {
      this.#world.judge.processEnded(machine, ended, finish);
      const ending = wishes.waits ? waiting(finish.ending) : finish.ending;
      this.#life.deliver(() => done.resolve({ ...finish, ending, drops: inbox.read() }));
    });
    this.#world.judge.processStarted(machine, process);
    return {
      done: done.promise,
      inbox,
      progress: () =>
        `${Math.floor((machine.timeline.nowMs - process.startedMs) / 15_000)} quarters of a minute`,
      stop: (because: StopReason) => {
        process.stop(because, machine.luck.between(0, this.#world.pace.grace * 1000));
      },
    };
  }

  async sweep(): Promise<number> {
    const { machine } = this.#life;
    const leftovers = [...machine.processes];
    await this.#life.takes(machine.luck.between(0, 2000), () => {
      for (const process of leftovers) process.kill();
    });
    return leftovers.length;
  }

  #duration(): number {
    const { luck } = this.#life.machine;
    const isLong = luck.flip(this.#world.traits.long);
    return isLong ? luck.between(60_000, 300_000) : luck.skewed(500, 60_000);
  }

  #ending(task: Task): Ending {
    const { luck } = this.#life.machine;
    const { calm, traits } = this.#world;
    const facts = { exitCode: 0 };
    const text = `what attempt ${task.attempt} on ${this.#life.machine.name} found out`;
    if (calm || luck.flip(traits.success)) return { kind: "succeeded", text, facts };
    const why = "as fate would have it";
    return luck.pick<Ending>([
      { kind: "failed", why, text, facts },
      { kind: "timed-out", why, text, facts },
      { kind: "transient", why },
      { kind: "misconfigured", why },
    ]);
  }
}

function waiting(ending: Ending): Ending {
  if (ending.kind !== "succeeded") return ending;
  return { kind: "waits", note: "put it together", answer: ending.text, facts: ending.facts };
}
