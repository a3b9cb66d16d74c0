import type { TaskId } from "../core/ids.ts";

/** What main must not forget when it dies. */
export type MainMemory = {
  /** Results in RESULTS/ that have been announced. */
  reported: TaskId[];
  /** The last commit that was held against the rules. */
  checked?: string | undefined;
};
