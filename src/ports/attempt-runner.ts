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

/** A task that was handed out before. */
export type ChildResult = {
  id: Task["id"];
  /** Of its RESULTS/<id>.md; undefined where there is none. */
  text: string | undefined;
  /** Of one that nobody has waited for: it may be open still. */
  title?: string;
  state?: string;
};

/** Carries out one attempt of a task in a fresh process and workspace. */
export interface AttemptRunner {
  /** Executors that can be started on this machine. */
  readonly executors: readonly string[];

  /** @param children the tasks that this one has handed out in attempts before */
  start(task: Task, children?: readonly ChildResult[]): RunningAttempt;

  /** Ends processes of a former life; to be awaited before anything is decided about their leases. */
  sweep(): Promise<number>;
}
