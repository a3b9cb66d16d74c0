import { describe, expect, test } from "vitest";

import { chooseModel } from "../../../src/core/model-choice.ts";
import { templateExecutor } from "../../../worker/executors/template.ts";
import type { TemplateSettings } from "../../../worker/settings.ts";
import { anObservation, exited, somePaths } from "../../support/attempts.ts";
import { adasTask } from "../../support/tasks.ts";

const claude: TemplateSettings = {
  kind: "template",
  argv: ["claude", "-p", "--output-format", "text", ["--model", "{model}"]],
  stdin: "prompt",
  result: "stdout",
  keys: ["ANTHROPIC_API_KEY"],
};

const codex: TemplateSettings = {
  kind: "template",
  argv: [
    ...words("codex exec --skip-git-repo-check --cd {workspace}"),
    ["--model", "{model}"],
    ["-c", "model_reasoning_effort={thinking}"],
    ...words("--output-last-message {resultFile} -"),
  ],
  stdin: "prompt",
  result: "file",
  env: { RUST_LOG: "error" },
};

describe("the plan for an agent from a template", () => {
  test("starts Claude Code with the prompt on standard input", () => {
    expect(planned(claude)).toMatchObject({
      kind: "launch",
      argv: ["claude", "-p", "--output-format", "text"],
      input: "Do it.",
      env: {},
    });
  });

  test("starts Codex so that its last message becomes the result file", () => {
    expect(planned(codex, { request: { model: "gpt-6", thinking: "high" } })).toMatchObject({
      argv: words(
        "codex exec --skip-git-repo-check --cd /a/task --model gpt-6 -c model_reasoning_effort=high " +
          "--output-last-message /a/task/RESULT.md -",
      ),
      env: { RUST_LOG: "error" },
    });
  });

  test("takes the configuration's model where the task names none", () => {
    expect(planned({ ...claude, model: "sonnet" })).toMatchObject({
      argv: expect.arrayContaining(["--model", "sonnet"]),
    });
  });

  test("says which model was asked for only where the command line names it", () => {
    expect(planned({ ...claude, model: "sonnet", thinking: "high" })).toMatchObject({
      facts: { "model-asked": "sonnet" },
    });
    expect(planned({ kind: "template", argv: ["agent"], model: "sonnet" })).toMatchObject({ facts: {} });
  });

  test("can hand the prompt over in a file and tell the task its number", () => {
    const plan = planned({ kind: "template", argv: ["agent", "@{promptFile}", "{taskId}/{attempt}"] });
    expect(plan).toMatchObject({ argv: ["agent", "@/a/prompt.md", "T-20261121-00001/1"] });
    expect(plan).not.toHaveProperty("input");
  });

  test("leaves braces alone that are no placeholder", () => {
    expect(planned({ kind: "template", argv: ["agent", '{"json": 1}'] })).toMatchObject({
      argv: ["agent", '{"json": 1}'],
    });
  });

  test.each([
    [["agent", "{model}"], "nothing says what {model} is in its argv"],
    [["agent", "{nonsense}"], "nothing says what {nonsense} is in its argv"],
    [[], "its argv is empty"],
  ])("is refused for the argv %j", (argv, why) => {
    expect(planned({ kind: "template", argv })).toEqual({
      kind: "refused",
      ending: { kind: "misconfigured", why },
    });
  });

  test("is refused for a model that would be taken for an option", () => {
    expect(planned(claude, { request: { model: "--dangerous" } })).toMatchObject({
      ending: { kind: "failed" },
    });
  });
});

describe("an agent from a template that ended", () => {
  test("has its answer on standard output, whatever files it wrote, if the template says so", () => {
    const seen = anObservation({ stdout: "answer\n", result: "notes" });
    expect(templateExecutor(claude).interpret(seen)).toMatchObject({ kind: "succeeded", text: "answer" });
  });

  test("fails without a result file, if the template says that the answer is there", () => {
    expect(templateExecutor(codex).interpret(anObservation({ stdout: "chatter" }))).toMatchObject({
      kind: "failed",
      why: "it wrote no RESULT.md",
      text: "chatter",
    });
  });

  test("fails by its exit code", () => {
    expect(
      templateExecutor(claude).interpret(anObservation({ exit: exited(1), stderrTail: "Invalid API key" })),
    ).toMatchObject({
      kind: "failed",
      why: "it ended with exit code 1: Invalid API key",
    });
  });

  test("is misconfigured when the agent is not installed", () => {
    const seen = anObservation({ exit: { kind: "not-started", why: "claude is not there" } });
    expect(templateExecutor(claude).interpret(seen)).toMatchObject({ kind: "misconfigured" });
  });
});

function planned(settings: TemplateSettings, task = {}) {
  const work = adasTask(task);
  const choice = chooseModel(work.request, { name: "template", ...settings }, []);
  return templateExecutor(settings).plan(work, { paths: somePaths, timeoutSeconds: 600, choice });
}

function words(line: string): string[] {
  return line.split(" ");
}
