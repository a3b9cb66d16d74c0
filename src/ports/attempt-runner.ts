import type { Ending, Facts, StopReason } from "../core/outcome.ts";
import type { Task } from "../core/task.ts";

export interface RunningAttempt {
  /** Settles once, when nothing of the attempt runs any more. Never rejects. */
  readonly done: Promise<{ ending: Ending; facts: Facts }>;

  /** The last progress line. */
  progress(): string | undefined;

  /** Ends the attempt; its ending becomes `stopped` unless it was over already. */
  stop(because: StopReason): void;
}

/** Carries out one attempt of a task in a fresh process and workspace. */
export interface AttemptRunner {
  /** Executors that can be started on this machine. */
  readonly executors: readonly string[];

  start(task: Task): RunningAttempt;

  /** Ends processes of a former life; to be awaited before anything is decided about their leases. */
  sweep(): Promise<number>;
}
