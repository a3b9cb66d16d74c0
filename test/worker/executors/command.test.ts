import { describe, expect, test } from "vitest";

import { commandExecutor } from "../../../worker/executors/command.ts";
import { anObservation, exited, somePaths } from "../../support/attempts.ts";
import { adasTask } from "../../support/tasks.ts";

describe("the plan for a command", () => {
  test("hands a script to the shell as it is, in a file: a command line is for everybody to see", () => {
    expect(planned("shell", "for f in *; do\n  echo $f\ndone")).toMatchObject({
      kind: "launch",
      argv: ["/bin/sh", somePaths.promptFile],
      prompt: "for f in *; do\n  echo $f\ndone",
      deadlineSeconds: 600,
    });
  });

  test("takes a script out of its code block", () => {
    expect(planned("shell", "```sh\necho '```'\nls\n```\n")).toMatchObject({
      prompt: "echo '```'\nls",
    });
  });

  test("splits a single line without a shell", () => {
    expect(planned("argv", "```\ngrep 'two words' file\n```")).toMatchObject({
      argv: ["grep", "two words", "file"],
    });
  });

  test.each([
    ["argv", "ls\nls"],
    ["argv", "ls | wc"],
    ["argv", ""],
    ["shell", " \n"],
  ] as const)("in mode %s refuses %j", (mode, prompt) => {
    expect(planned(mode, prompt)).toMatchObject({ kind: "refused", ending: { kind: "failed" } });
  });
});

describe("a command that ended", () => {
  const { interpret } = commandExecutor({ kind: "command", mode: "shell" });

  test("succeeds with what it printed", () => {
    expect(interpret(anObservation({ stdout: "two\n" }))).toEqual({
      kind: "succeeded",
      text: "two",
      facts: { exit: 0 },
    });
  });

  test("leaves its progress lines out of the result", () => {
    expect(interpret(anObservation({ stdout: "::progress half\ntwo\n::progress all" }))).toMatchObject({
      text: "two",
    });
  });

  test("succeeds with the result file, if it wrote one", () => {
    expect(interpret(anObservation({ stdout: "two\n", result: "# Two" }))).toMatchObject({ text: "# Two" });
  });

  test("fails by its exit code, and keeps what it complained about", () => {
    expect(interpret(anObservation({ exit: exited(3), stdout: "half", stderrTail: "a\n```oops\n" }))).toEqual(
      {
        kind: "failed",
        why: "it ended with exit code 3: ```oops",
        text: "half\n\nLast on standard error:\n\n````\na\n```oops\n````",
        facts: { exit: 3 },
      },
    );
  });

  test("fails by a signal of somebody else's", () => {
    expect(interpret(anObservation({ exit: { kind: "signalled", signal: "SIGKILL" } }))).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("memory"),
      facts: { exit: "SIGKILL" },
    });
  });

  test("is timed out when the worker ended it, even if it then said that all is well", () => {
    expect(interpret(anObservation({ timedOut: true, stdout: "half" }))).toMatchObject({
      kind: "timed-out",
      text: "half",
    });
  });

  test("fails itself when there is no such program, and the worker is not to blame", () => {
    expect(
      interpret(anObservation({ exit: { kind: "not-started", why: "nonsense is not there" } })),
    ).toMatchObject({
      kind: "failed",
      why: "nonsense is not there",
    });
  });
});

function planned(mode: "shell" | "argv", prompt: string) {
  const executor = commandExecutor({ kind: "command", mode });
  return executor.plan(adasTask({ prompt }), { paths: somePaths, timeoutSeconds: 600, choice: {} });
}
