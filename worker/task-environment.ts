import type { Task } from "../src/core/task.ts";
import type { Workspace } from "./workspace.ts";

/** What a worker was started with. */
export type OwnEnvironment = Readonly<Record<string, string | undefined>>;
type Environment = Record<string, string>;

const always = ["PATH", "HOME", "LANG", "TZ"];

/** With these the worker pushes, and no task needs them. */
const never = /^(GIT|SSH|PAWL)_/;

/** Variables of the worker that a task may see: a few, those in `names`, and never what git and ssh log in with. */
export function passedOn(own: OwnEnvironment, names: readonly string[]): Environment {
  const passed: Environment = {};
  for (const name of [...always, ...names]) {
    const value = own[name];
    if (value !== undefined && !never.test(name)) passed[name] = value;
  }
  return passed;
}

/** What a task is told about itself. */
export function ownVariables(
  { id, attempt, children }: Task,
  paths: Workspace,
  { mayHandOut }: { mayHandOut: boolean },
): Environment {
  return {
    PAWL_TASK_ID: id,
    PAWL_ATTEMPT_NUMBER: String(attempt),
    PAWL_WORKSPACE: paths.workspace,
    PAWL_PROGRESS_FILE: paths.progressFile,
    PAWL_RESULT_FILE: paths.resultFile,
    ...(mayHandOut && { PAWL_TASK_INBOX: paths.inbox }),
    ...(children && { PAWL_CHILDREN: paths.children }),
  };
}
