import { mkdir } from "node:fs/promises";

import type { ModelChoice } from "../src/core/model-choice.ts";
import type { Ending, Facts, StopReason } from "../src/core/outcome.ts";
import type { Task } from "../src/core/task.ts";
import type { Blanker } from "../src/format/secrets.ts";
import type { ChildResult, RunningAttempt } from "../src/ports/attempt-runner.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { Exit, Reach, Running, TaskProcess } from "../src/ports/task-process.ts";
import { FileInbox } from "./children/file-inbox.ts";
import { writeChildren } from "./children/write-children.ts";
import { AttemptOutput } from "./attempt-output.ts";
import type { Executor, Plan } from "./executors/executor.ts";
import { withoutProgress } from "./executors/program-ending.ts";
import { presentEnding, resultLimitBytes } from "./present-ending.ts";
import { ownVariables } from "./task-environment.ts";
import { readTaskFile } from "./task-file.ts";
import { usageFacts, withMemoryBlamed } from "./usage.ts";
import { keepWorkspace, makeWorkspace, removeWorkspace, type Workspace } from "./workspace.ts";

export type AttemptParts = {
  task: Task;
  executor: Executor & { name: string };
  workspace: Workspace;
  /** What the task sees of the worker's own environment. */
  passedEnv: Readonly<Record<string, string>>;
  /** What the program needs to see, besides the folders that its plan asks for. */
  reach: (folders: readonly string[]) => Reach;
  timeoutSeconds: number;
  choice: ModelChoice;
  graceSeconds: number;
  logLimitBytes: number;
  mayHandOut: boolean;
  /** What the tasks have brought that this one handed out and waited for. */
  children: readonly ChildResult[];
  blanker: Blanker;
  processes: TaskProcess;
  clock: Clock;
};

const lastWordsLimit = 4096;

type Stopped = Extract<Ending, { kind: "stopped" }>;
type Launchable = Extract<Plan, { kind: "launch" }>;
type Cut = { kind: "stopped"; because: StopReason } | { kind: "deadline" };

/** One attempt, from the making of its workspace to its ending. */
export class Attempt implements RunningAttempt {
  readonly done: RunningAttempt["done"];
  readonly inbox: FileInbox | undefined;
  readonly #parts: AttemptParts;
  readonly #crash = Promise.withResolvers<never>();
  #output: AttemptOutput | undefined;
  #running: Running | undefined;
  #asked: Facts = {};
  /** Why we ended it, if we did; the first reason counts. */
  #cut: Cut | undefined;

  constructor(parts: AttemptParts) {
    this.#parts = parts;
    // Before anything runs: there is no folder to look into yet, and it may be asked for at once.
    this.inbox = parts.mayHandOut ? new FileInbox(parts.workspace.inbox, parts.blanker) : undefined;
    this.done = this.#run();
  }

  progress(): string | undefined {
    return this.#output?.progress();
  }

  stop(because: StopReason): void {
    this.#cutShort({ kind: "stopped", because });
  }

  async #run(): RunningAttempt["done"] {
    const { executor, workspace, processes, clock, blanker } = this.#parts;
    const startedMs = clock.monotonicMs();
    const seen = await this.#endingOrCrash();
    const usage = this.#running?.usage() ?? {};
    const ending = withMemoryBlamed(seen, usage);
    const seconds = Math.round((clock.monotonicMs() - startedMs) / 100) / 10;
    const facts = {
      executor: executor.name,
      driver: processes.driver,
      seconds,
      ...this.#asked,
      ...usageFacts(usage),
      ...(this.#output?.isLogIncomplete && { log: "incomplete" }),
    };
    const shown = presentEnding(ending, { facts, blanker, folder: workspace.folder });
    const drops = this.inbox?.readLast() ?? [];
    await this.#leave(shown);
    return { ending: shown.ending, facts: shown.facts, ...(drops.length > 0 && { drops }) };
  }

  async #endingOrCrash(): Promise<Ending> {
    try {
      return await this.#carryOut();
    } catch (error) {
      // Whatever went wrong may go wrong here again; what is left then is swept in the next life.
      await this.#running?.stop(0).catch(() => undefined);
      // It says nothing about the task, which may do well at another time or on another worker.
      return { kind: "transient", why: `Pawl itself failed while running it: ${wordsOf(error)}` };
    }
  }

  async #carryOut(): Promise<Ending> {
    const { task, executor, workspace, timeoutSeconds, choice, mayHandOut, children } = this.#parts;
    const plan = executor.plan(task, { paths: workspace, timeoutSeconds, choice, mayHandOut, children });
    if (plan.kind === "refused") return plan.ending;
    this.#asked = plan.facts ?? {};
    try {
      await this.#prepare(plan);
    } catch (error) {
      return { kind: "misconfigured", why: `no workspace could be made: ${wordsOf(error)}` };
    }
    const stoppedEarly = this.#stopped();
    if (stoppedEarly) return stoppedEarly;

    const output = this.#openOutput();
    const exit = await this.#launch(plan, output).finally(() => output.close());
    const stopped = this.#stopped();
    if (stopped) return { ...stopped, output: this.#lastWords(output) };
    const ending = executor.interpret({
      exit,
      stdout: output.stdout,
      stderrTail: output.stderrTail,
      result: readTaskFile(workspace.resultFile, 2 * resultLimitBytes, "first"),
      timedOut: this.#cut?.kind === "deadline",
      deadlineSeconds: plan.deadlineSeconds,
      request: task.request,
    });
    const note = this.inbox?.waitNote();
    if (note === undefined || ending.kind !== "succeeded") return ending;
    return { kind: "waits", note, answer: ending.text, facts: ending.facts };
  }

  /** Of an attempt that could not end by itself: the answer as far as it had come, or what it last printed. */
  #lastWords(output: AttemptOutput): string {
    const { resultFile } = this.#parts.workspace;
    const answer = readTaskFile(resultFile, lastWordsLimit, "last") ?? withoutProgress(output.stdout);
    return (answer.trim() || output.stderrTail).slice(-lastWordsLimit).trim();
  }

  async #prepare({ prompt, folders = [] }: Launchable): Promise<void> {
    await makeWorkspace(this.#parts.workspace, prompt);
    for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeChildren(this.#parts.workspace.children, this.#parts.children);
  }

  #stopped(): Stopped | undefined {
    return this.#cut?.kind === "stopped" ? this.#cut : undefined;
  }

  #openOutput(): AttemptOutput {
    const { workspace, logLimitBytes: limitBytes, blanker } = this.#parts;
    this.#output = new AttemptOutput(workspace, { limitBytes, blanker });
    return this.#output;
  }

  async #launch(plan: Launchable, output: AttemptOutput): Promise<Exit> {
    const { task, workspace, passedEnv, processes, reach, clock, mayHandOut } = this.#parts;
    const running = processes.start(`${task.id}/${task.attempt}`, {
      argv: plan.argv,
      cwd: workspace.workspace,
      env: {
        ...passedEnv,
        TMPDIR: workspace.tmp,
        ...plan.env,
        ...ownVariables(task, workspace, { mayHandOut }),
      },
      reach: reach(plan.folders ?? []),
      ...(plan.input !== undefined && { input: plan.input }),
      onStdout: (chunk) => this.#guard(() => output.hearStdout(chunk)),
      onStderr: (chunk) => this.#guard(() => output.hearStderr(chunk)),
    });
    this.#running = running;
    const over = new AbortController();
    const deadline = clock
      .sleep(plan.deadlineSeconds * 1000, over.signal)
      .then(() => over.signal.aborted || this.#cutShort({ kind: "deadline" }))
      .catch(this.#crash.reject);
    try {
      return await Promise.race([running.exit, this.#crash.promise]);
    } finally {
      over.abort();
      await deadline;
    }
  }

  /** A program that has ended by itself keeps its end, however long what it left behind takes to go. */
  #cutShort(cut: Cut): void {
    if (!this.#running?.hasEnded) this.#cut ??= cut;
    this.#running?.stop(this.#parts.graceSeconds * 1000).catch(this.#crash.reject);
  }

  /** What is called from outside of our own promises must not throw there: nobody would catch it. */
  #guard(hear: () => void): void {
    try {
      hear();
    } catch (error) {
      this.#crash.reject(error);
    }
  }

  async #leave({ ending, isShortened }: { ending: Ending; isShortened: boolean }): Promise<void> {
    const { workspace, clock } = this.#parts;
    const isOfUse = (ending.kind !== "succeeded" && ending.kind !== "waits") || isShortened;
    // A folder that cannot be removed now is tried again when the workspaces are tidied.
    await (isOfUse ? keepWorkspace(workspace.folder, clock.now()) : removeWorkspace(workspace.folder)).catch(
      () => undefined,
    );
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
