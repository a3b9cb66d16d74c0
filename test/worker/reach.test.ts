import { describe, expect, test } from "vitest";

import { TaskId } from "../../src/core/ids.ts";
import { reachOf } from "../../worker/reach.ts";
import type { ExecutorSettings } from "../../worker/settings.ts";
import { workspaceFor } from "../../worker/workspace.ts";

const workspace = workspaceFor({ id: TaskId.parse("T-20261121-aaaaa"), attempt: 2 }, "/state");
const own = "/state/work/T-20261121-aaaaa/2";

describe("what a task sees of the worker's files", () => {
  test("is its own: of its attempt's folder all but the log", () => {
    expect(reach({ kind: "command", mode: "shell" })).toEqual({
      home: `${own}/home`,
      tmp: `${own}/tmp`,
      writable: [`${own}/task`, `${own}/tmp`, `${own}/progress`, `${own}/inbox`],
      readOnly: [`${own}/prompt.md`],
    });
  });

  test("is with OpenClaw its set-up, and the folders it keeps", () => {
    const { readOnly, writable } = reach({ kind: "openclaw" }, ["/state/shared/openclaw"]);
    expect(writable).toContain("/state/shared/openclaw");
    expect(readOnly.slice(1)).toEqual(["/home/ada/.openclaw/openclaw.json", "/home/ada/.openclaw/.env"]);
  });

  test("is with a configuration of OpenClaw's that was named that one and no other", () => {
    const named = reach({ kind: "openclaw", bin: "/home/ada/claw/run", config: "/etc/claw.json" });
    expect(named.readOnly.slice(1)).toEqual(["/home/ada/claw/run", "/etc/claw.json"]);
  });

  test("is with a command line whatever that names by its path", () => {
    const { readOnly } = reach({
      kind: "template",
      argv: ["/home/ada/agent/run", "-f", "{promptFile}", ["--rules", "/home/ada/rules.md"]],
    });
    expect(readOnly.slice(1)).toEqual(["/home/ada/agent/run", "/home/ada/rules.md"]);
  });
});

function reach(settings: ExecutorSettings, folders: string[] = []) {
  return reachOf(settings, { workspace, folders, home: "/home/ada" });
}
