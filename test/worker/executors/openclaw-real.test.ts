import { spawnSync } from "node:child_process";

import { expect, test } from "vitest";

import { isOnPath } from "../../../worker/is-on-path.ts";

const isHere = isOnPath("openclaw", process.env["PATH"] ?? "");

test.skipIf(!isHere)("a real OpenClaw knows every option we give it", { tags: ["openclaw"] }, () => {
  const { stdout } = spawnSync("openclaw", ["agent", "exec", "--help"], { encoding: "utf8" });
  for (const option of "json config cwd model fallback thinking timeout message-file".split(" ")) {
    expect(stdout).toContain(`--${option}`);
  }
});
