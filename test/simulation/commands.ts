import { NodeName, type TaskId } from "../../src/core/ids.ts";
import { Fault, type FaultCode } from "../../src/fault.ts";
import { update, type Decision } from "../../src/ledger/update.ts";
import type { Ledger } from "../../src/ledger/view.ts";
import { approveTask } from "../../src/main/approve-task.ts";
import { cancelTask } from "../../src/main/cancel-task.ts";
import { retryTask } from "../../src/main/retry-task.ts";
import { submission, type Submission } from "../../src/main/submit-task.ts";
import { makeMachine } from "./nodes.ts";
import { SimClock } from "./sim-clock.ts";
import { SimRepo } from "./sim-repo.ts";
import type { World } from "./world.ts";

const refusals: readonly FaultCode[] = ["TASK_NOT_FOUND", "APPROVAL_STALE", "MOVE_REFUSED"];

/**
 * `refused`: it makes no sense any more; `spoilt`: not before somebody has mended the section; `unknown`: the hub was
 * away, so it may have been done or not.
 */
export type Said = "done" | "refused" | "spoilt" | "unknown";

/** What people type on main's machine: each command is a program of its own, with a cache of its own. */
export class Commands {
  readonly #world: World;
  #count = 0;

  constructor(world: World) {
    this.#world = world;
  }

  submit(asked: Omit<Submission, "id">): Promise<Said> {
    let decide: ReturnType<typeof submission> | undefined;
    return this.#run(`submits ${asked.title}`, (ledger, today, chance) => {
      decide ??= submission(asked, { today, chance });
      return decide(ledger);
    });
  }

  cancel(id: TaskId): Promise<Said> {
    return this.#run(`cancels ${id}`, (ledger) => cancelTask(ledger, id));
  }

  retry(id: TaskId): Promise<Said> {
    return this.#run(`retries ${id}`, (ledger) => retryTask(ledger, id));
  }

  /** @param seen the digest of what that person was shown */
  approve(id: TaskId, seen: string): Promise<Said> {
    this.#world.judge.consented(id, seen);
    return this.#run(`approves ${id}`, (ledger, now) => approveTask(ledger, id, { by: "aaron", seen, now }));
  }

  async #run<Answer>(
    what: string,
    decide: (ledger: Ledger, now: Date, chance: () => number) => Decision<Answer> | Promise<Decision<Answer>>,
  ): Promise<Said> {
    const world = this.#world;
    const machine = makeMachine(world, `cli-${++this.#count}`, "main");
    world.machines.pop();
    const life = machine.begin();
    const clock = new SimClock(life);
    const chance = machine.luck.next;
    const repo = new SimRepo(life, world);
    try {
      await update({ repo, node: NodeName.parse("main"), clock, chance }, (ledger) =>
        decide(ledger, clock.now(), chance),
      );
      world.tell("person", () => `${what}: done`);
      return "done";
    } catch (error) {
      world.tell("person", () => `${what}: ${String(error)}`);
      if (!(error instanceof Fault)) world.judge.accuse("falls", `${what}: ${String(error)}`);
      if (!(error instanceof Fault) || !refusals.includes(error.code)) return "unknown";
      return error.message.includes("cannot be read") ? "spoilt" : "refused";
    }
  }
}
