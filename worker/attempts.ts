import type { Announce, Event } from "../src/core/event.ts";
import { stamp } from "../src/core/stamp.ts";
import type { NodeName, TaskId, Token } from "../src/core/ids.ts";
import type { StopReason } from "../src/core/outcome.ts";
import type { Task } from "../src/core/task.ts";
import type { Nudge } from "../src/every.ts";
import { taskIn, type Ledger } from "../src/ledger/view.ts";
import { holds } from "../src/core/move.ts";
import type { AttemptRunner, RunningAttempt } from "../src/ports/attempt-runner.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { Snapshot } from "../src/ports/shared-repo.ts";
import { childResults } from "./children/child-results.ts";
import type { Answered, Handing } from "./children/hand-out.ts";
import type { Remembering } from "./memory.ts";

type Attempt = {
  task: Task;
  token: Token;
  run: RunningAttempt;
  startedMs: number;
  told: string | undefined;
  over: Promise<void>;
};

/** The attempts that run on this worker now. */
export class Attempts {
  readonly #running = new Map<Token, Attempt>();
  readonly #tools: {
    runner: AttemptRunner;
    memory: Remembering;
    clock: Clock;
    announce: Announce;
    nudge: Nudge;
    me: () => NodeName;
    /** The day to which the cost of what ends now belongs. */
    today: () => string;
  };

  constructor(tools: {
    runner: AttemptRunner;
    memory: Remembering;
    clock: Clock;
    announce: Announce;
    nudge: Nudge;
    me: () => NodeName;
    today: () => string;
  }) {
    this.#tools = tools;
  }

  get count(): number {
    return this.#running.size;
  }

  get tokens(): Set<Token> {
    return new Set(this.#running.keys());
  }

  /** Their tasks, among them those whose lease is gone and that are about to end. */
  get tasks(): TaskId[] {
    return Array.from(this.#running.values(), ({ task }) => task.id);
  }

  /**
   * Starts a claimed task. That it was started is on disk before anything runs.
   *
   * @param at where the tasks stand that it has handed out before
   */
  async start(task: Task, token: Token, at?: Snapshot): Promise<void> {
    const { runner, memory, clock, me } = this.#tools;
    const children = at && (await childResults(at, task, clock.now()));
    await memory.start(token);
    const started = stamp(clock.now());
    const run = runner.start(task, children);
    const over = this.#seeOut(task, token, run, started);
    // Before anybody hears of it: from now on it runs, and must be seen, stopped and counted.
    this.#running.set(token, { task, token, run, startedMs: clock.monotonicMs(), told: undefined, over });
    this.#tell({ kind: "task-claimed", task: task.id, title: task.title, by: me(), attempt: task.attempt });
  }

  /** Never rejects: nobody waits for it until the worker goes. */
  async #seeOut(task: Task, token: Token, run: RunningAttempt, started: string): Promise<void> {
    const { memory, clock, nudge, me, today } = this.#tools;
    const { ending, facts, drops = [] } = await run.done;
    this.#running.delete(token);
    const ended = stamp(clock.now());
    if (ending.kind === "stopped") {
      this.#tell({ kind: "task-stopped", task: task.id, by: me(), because: ending.because });
    }
    // Nobody waits for the end of an attempt that was taken away.
    const worthTelling = ending.kind !== "stopped" || ending.because !== "lease-lost";
    try {
      if (worthTelling)
        await memory.finish(
          { task, token, ending, facts, started, ended, ...(drops.length > 0 && { drops }) },
          today(),
        );
    } catch (error) {
      // It is still in memory, and the next exchange takes it from there.
      this.#tell({ kind: "spool-trouble", node: me(), message: String(error) });
    }
    nudge.poke();
  }

  /** A listener's trouble, such as a screen that is gone, is not the attempt's. */
  #tell(event: Event): void {
    try {
      this.#tools.announce(event);
    } catch {
      // Whoever could be told of it is the one that does not listen.
    }
  }

  /** Stops every attempt whose lease is gone: cancelled, given to another, or its section removed. */
  keepOnlyHeld(ledger: Ledger): void {
    const by = this.#tools.me();
    for (const { task, token, run } of this.#running.values()) {
      // A section that cannot be read says nothing about its lease.
      if (ledger.queue.bad.some(({ id }) => id === task.id)) continue;
      const now = taskIn(ledger, task.id);
      if (now && holds(now.state, { by, token })) continue;
      run.stop(now?.state.kind === "cancelled" ? "cancelled" : "lease-lost");
    }
  }

  /** What the attempts want others to do, and nobody has answered yet. */
  get handing(): Handing[] {
    return Array.from(this.#running.values(), ({ task, token, run }) => ({
      task,
      token,
      drops: run.inbox?.read() ?? [],
    })).filter(({ drops }) => drops.length > 0);
  }

  /** Has one of them begun to ask for something, so that it is worth to look again in a moment? */
  get areAsking(): boolean {
    return Array.from(this.#running.values()).some(({ run }) => run.inbox?.isFilling);
  }

  answer({ token, name, answer }: Answered): void {
    this.#running.get(token)?.run.inbox?.answer(name, answer);
  }

  async allDone(): Promise<void> {
    await Promise.all(Array.from(this.#running.values(), ({ over }) => over));
  }

  stopAll(because: StopReason): void {
    for (const { run } of this.#running.values()) run.stop(because);
  }

  /** What each attempt does now, for the beat. */
  report() {
    const now = this.#tools.clock.monotonicMs();
    return Array.from(this.#running.values(), ({ task, token, run, startedMs }) => {
      const progress = run.progress();
      return {
        task: task.id,
        token,
        attempt: task.attempt,
        seconds: Math.round((now - startedMs) / 1000),
        ...(progress === undefined ? {} : { progress }),
      };
    });
  }

  /** Announces progress that has not been announced. Answers whether there was any. */
  tellProgress(): boolean {
    const { announce, me } = this.#tools;
    let news = false;
    for (const attempt of this.#running.values()) {
      const text = attempt.run.progress();
      if (text === undefined || text === attempt.told) continue;
      attempt.told = text;
      news = true;
      announce({ kind: "task-progress", task: attempt.task.id, by: me(), text });
    }
    return news;
  }
}
