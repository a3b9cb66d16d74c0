import type { Ending, Facts, StopReason } from "../core/outcome.ts";
import type { Task } from "../core/task.ts";
import type { Drop, TaskInbox } from "./task-inbox.ts";

export interface RunningAttempt {
  /** Settles once, when nothing of the attempt runs any more; with what it had dropped and nobody had answered. Never rejects. */
  readonly done: Promise<{ ending: Ending; facts: Facts; drops?: readonly Drop[] }>;

  /** Undefined where attempts hand nothing out. */
  readonly inbox?: TaskInbox | undefined;

  /** The last progress line. */
  progress(): string | undefined;

  /** Ends the attempt; its ending becomes `stopped` unless it was over already. */
  stop(because: StopReason): void;
}

/** The text of RESULTS/<id>.md of a task that was handed out; undefined when there is none and never will be. */
export type ChildResult = { id: Task["id"]; text: string | undefined };

/** Carries out one attempt of a task in a fresh process and workspace. */
export interface AttemptRunner {
  /** Executors that can be started on this machine. */
  readonly executors: readonly string[];

  /** @param children what the tasks have brought that this one has waited for */
  start(task: Task, children?: readonly ChildResult[]): RunningAttempt;

  /** Ends processes of a former life; to be awaited before anything is decided about their leases. */
  sweep(): Promise<number>;
}
