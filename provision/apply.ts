import { Fault } from "../src/fault.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { Facts } from "./facts.ts";
import type { Hands, Tell } from "./hands.ts";
import { leftBehind } from "./left-behind.ts";
import { failed, isReachable, look, lookAgain, type Source } from "./look.ts";
import { plan, requireReady, type Plan } from "./plan.ts";
import type { Action, Await, Deed, Step, Verdict } from "./step.ts";
import { strippedReport } from "./stripped-report.ts";
import type { Wanted } from "./wanted.ts";

export type Run = {
  /** All steps of this kind of run, in order; `only` takes one of them. */
  steps: readonly Step[];
  wanted: Wanted;
  only?: string | undefined;
  hands: Hands;
  clock: Clock;
  tell: Tell;
  /** Called once before the first change; throws what keeps the run from it, NOT_CONFIRMED for one. */
  confirm?: (plan: Plan) => Promise<void>;
};

/** Steps for which something was done, and how many needed nothing but time. */
export type Applied = { changed: readonly string[]; right: number };

/**
 * Makes right all steps that are not. What a person has to mend is told before anything is changed. Nothing is
 * remembered: after each step the world is asked again, and the next run begins by asking it. Throws the Fault of the
 * step that failed, after telling of it and of what exists now.
 */
export async function apply(run: Run): Promise<Applied> {
  const startMs = run.clock.monotonicMs();
  const facts = await look(run);
  if (run.only !== undefined) requireReady(run.only, run.steps, facts, run.wanted);
  const first = plan(run.steps, facts, run.wanted, run);
  await using going = new Going(run, facts);
  going.refuseTheImpossible(first);
  if (first.steps.some(({ verdict }) => verdict.is !== "right")) await run.confirm?.(first);
  for (const { step } of first.steps) await going.make(step);
  going.requireAllRight(first);
  const { changed, right } = going;
  run.tell({ event: "ended", changed: changed.length, right, ms: run.clock.monotonicMs() - startMs });
  return { changed, right };
}

/** A run on its way: what it knows by now, what it has done, and the lock once it has taken it. */
class Going implements AsyncDisposable {
  readonly changed: string[] = [];
  right = 0;
  readonly #run: Run;
  #facts: Facts;
  #lock: AsyncDisposable | undefined;

  constructor(run: Run, facts: Facts) {
    this.#run = run;
    this.#facts = facts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lock?.[Symbol.asyncDispose]();
  }

  refuseTheImpossible({ steps }: Plan): void {
    for (const { step, verdict } of steps) {
      if (verdict.is === "impossible") throw this.#fail(step, verdict.fault);
    }
  }

  /** Sees to it that this step is right, and tells what that took. */
  async make(step: Step): Promise<void> {
    try {
      await this.#make(step);
    } catch (error) {
      throw this.#fail(step, error);
    }
  }

  /** A step that was right can have been made wrong by a later one. */
  requireAllRight({ steps }: Plan): void {
    for (const { step } of steps) {
      const verdict = this.#check(step);
      if (verdict.is !== "right") throw this.#fail(step, this.#notConverged(step, verdict));
    }
  }

  async #make(step: Step): Promise<void> {
    if (step.phase !== "cloud") await this.#meet();
    const before = this.#check(step);
    if (before.is === "work") return this.#carryOut(step);
    if (before.is === "impossible") throw before.fault;
    if (before.is === "unknown") throw this.#notConverged(step, before);
    this.#tellRight(step, before);
  }

  /** The machine may have come into being during this run. */
  async #meet(): Promise<void> {
    if (this.#facts.machine || !isReachable(this.#facts, this.#run.wanted)) return;
    await this.#lookAgain("machine");
  }

  async #carryOut(step: Step): Promise<void> {
    const { wanted, clock, tell } = this.#run;
    const actions = step.apply(this.#facts, wanted);
    if (actions.some(changesMachine)) {
      await this.#lockMachine();
      const verdict = this.#check(step);
      if (verdict.is === "right") return this.#tellRight(step, verdict);
    }
    const startMs = clock.monotonicMs();
    const sentence = step.sentence(wanted);
    tell({ event: "begun", step: step.id, sentence });
    const wasRunning = this.#facts.machine?.running.includes(step.id) ?? false;
    let verdict = await this.#try(step);
    // What ran already may have been begun by another release, which wanted something else.
    if (wasRunning && verdict.is === "work") verdict = await this.#try(step);
    if (verdict.is === "impossible") throw verdict.fault;
    if (verdict.is !== "right") throw this.#notConverged(step, verdict);
    if (actions.every(({ do: what }) => what === "await")) this.right++;
    else this.changed.push(step.id);
    tell({ event: "done", step: step.id, sentence, ms: clock.monotonicMs() - startMs });
  }

  /** Another run may have changed the machine between our look and our lock. */
  async #lockMachine(): Promise<void> {
    if (this.#lock) return;
    this.#lock = await this.#run.hands.lockMachine();
    await this.#lookAgain("machine");
  }

  async #try(step: Step): Promise<Verdict> {
    const { hands, wanted, tell } = this.#run;
    const stale = new Set<Source>();
    for (const action of step.apply(this.#facts, wanted)) {
      if (action.do === "await") {
        await this.#await(step, action);
        stale.delete(action.source);
      } else {
        await hands.carryOut(action, { step: step.id, facts: this.#facts, tell });
        const source = sourceOf[action.do];
        if (source !== undefined) stale.add(source);
      }
    }
    for (const source of stale) await this.#lookAgain(source);
    return this.#check(step);
  }

  async #await(step: Step, { source, what, seconds, everySeconds, late }: Await): Promise<void> {
    const { clock, tell } = this.#run;
    const startMs = clock.monotonicMs();
    for (;;) {
      await this.#lookAgain(source);
      const verdict = this.#check(step);
      if (verdict.is !== "work") return;
      const waited = Math.round((clock.monotonicMs() - startMs) / 1000);
      const obstacle = verdict.because;
      if (waited >= seconds) {
        throw new Fault(late.code, `${what}: not after ${waited} s (${obstacle})`, { hint: late.hint });
      }
      tell({ event: "waiting", step: step.id, what, obstacle, seconds: waited });
      await clock.sleep(everySeconds * 1000);
    }
  }

  async #lookAgain(source: Source): Promise<void> {
    this.#facts = await lookAgain(this.#run, this.#facts, source);
  }

  #check(step: Step): Verdict {
    return step.check(this.#facts, this.#run.wanted);
  }

  #tellRight(step: Step, { note }: { note?: string }): void {
    this.right++;
    const sentence = step.sentence(this.#run.wanted);
    this.#run.tell({ event: "right", step: step.id, sentence, ...(note !== undefined && { note }) });
  }

  #notConverged(step: Step, verdict: Verdict): Fault {
    const found = verdict.is === "work" ? verdict.because : `it is ${verdict.is}`;
    return new Fault("NOT_CONVERGED", `${step.id} was carried out and is not right: ${found}`, {
      hint: "That is a defect of ours: please report it, with the facts that were told with it (--json has them).",
    });
  }

  #fail(step: Step, error: unknown): unknown {
    const { tell, wanted } = this.#run;
    if (error instanceof Fault) {
      const report = error.code === "NOT_CONVERGED" ? strippedReport(step.id, this.#facts) : undefined;
      tell(failed(step.id, error, report));
    }
    const left = leftBehind(this.changed, this.#facts, wanted);
    if (left) tell(left);
    return error;
  }
}

/** Where to look after a deed to see what it did. */
const sourceOf: Readonly<Record<Deed["do"], Source | undefined>> = {
  script: "machine",
  "rotate-host-key": "machine",
  "upload-pawl": "machine",
  "store-credentials": "machine",
  "add-account-key": "cloud",
  "refuse-namesake": undefined,
  "create-server": "cloud",
  "limit-ssh": "cloud",
  "destroy-server": "cloud",
  "remove-ssh-limit": "cloud",
  "remove-account-key": "cloud",
  "register-deploy-key": "repository",
  "remove-deploy-key": "repository",
  "forget-pin": "machine",
};

function changesMachine(action: Action): boolean {
  return action.do !== "await" && sourceOf[action.do] === "machine";
}
