import type { AttemptPaths, Observation } from "../../worker/executors/executor.ts";

export const somePaths: AttemptPaths = {
  workspace: "/a/task",
  promptFile: "/a/prompt.md",
  resultFile: "/a/task/RESULT.md",
  shared: "/shared",
};

/** A program that ended well and said nothing. */
export function anObservation(given: Partial<Observation> = {}): Observation {
  return {
    exit: { kind: "exited", code: 0 },
    stdout: "",
    stderrTail: "",
    result: undefined,
    timedOut: false,
    deadlineSeconds: 660,
    request: {},
    ...given,
  };
}

export function exited(code: number): Observation["exit"] {
  return { kind: "exited", code };
}
