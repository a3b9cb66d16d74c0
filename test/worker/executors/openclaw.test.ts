import { describe, expect, test } from "vitest";

import { chooseModel } from "../../../src/core/model-choice.ts";
import { openclawExecutor } from "../../../worker/executors/openclaw.ts";
import type { OpenclawSettings } from "../../../worker/settings.ts";
import { somePaths } from "../../support/attempts.ts";
import { adasTask } from "../../support/tasks.ts";

describe("the plan for a run of OpenClaw", () => {
  test("asks for the JSON document and hands the prompt over in a file", () => {
    expect(planned({})).toMatchObject({
      kind: "launch",
      argv: words("openclaw agent exec --json --cwd /a/task --timeout 600 --message-file /a/prompt.md"),
    });
  });

  test("takes from the task what the task says and the rest from the configuration", () => {
    const settings = {
      bin: "/opt/openclaw",
      config: "/etc/run.json",
      model: "anthropic/usual",
      fallback: ["openai/first", "google/second"],
      thinking: "low",
    } as const;
    expect(planned(settings, { request: { model: "anthropic/better" } })).toMatchObject({
      argv: words(
        "/opt/openclaw agent exec --json --cwd /a/task --config /etc/run.json --model anthropic/better " +
          "--fallback openai/first --fallback google/second --thinking low " +
          "--timeout 600 --message-file /a/prompt.md",
      ),
      facts: { "model-asked": "anthropic/better", thinking: "low" },
    });
  });

  test("names no fallback when no model is named, because OpenClaw refuses that", () => {
    expect(planned({ fallback: ["openai/first"] })).not.toMatchObject({
      argv: expect.arrayContaining(["--fallback"]),
    });
  });

  test("keeps state and compile cache in folders all attempts share", () => {
    expect(planned({})).toMatchObject({
      env: {
        OPENCLAW_STATE_DIR: "/shared/openclaw",
        NODE_COMPILE_CACHE: "/shared/compile-cache",
        NO_COLOR: "1",
      },
      folders: ["/shared/openclaw", "/shared/compile-cache"],
    });
  });

  test("leaves a minute for starting up beyond the task's own time", () => {
    expect(planned({})).toMatchObject({ deadlineSeconds: 660 });
  });

  test("tells the agent how to finish", () => {
    const plan = planned({}, { prompt: "Count the sheep.", attempt: 2 });
    expect(plan.kind === "launch" && plan.prompt).toMatch(
      /^Count the sheep\.\n\n---\n[^]+attempt 2[^]+RESULT\.md[^]+NO_REPLY/,
    );
  });

  test("is refused for a model that would be taken for an option", () => {
    expect(planned({}, { request: { model: "--state-dir=/etc" } })).toMatchObject({
      kind: "refused",
      ending: { kind: "failed" },
    });
  });
});

function planned(settings: Partial<OpenclawSettings>, task = {}) {
  const executor = openclawExecutor({ kind: "openclaw", ...settings });
  const work = adasTask(task);
  const choice = chooseModel(work.request, { name: "openclaw", ...settings }, []);
  return executor.plan(work, { paths: somePaths, timeoutSeconds: 600, choice });
}

function words(line: string): string[] {
  return line.split(" ");
}
