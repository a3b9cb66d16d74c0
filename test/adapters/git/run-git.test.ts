import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { runGit } from "../../../src/adapters/git/run-git.ts";
import { simpleGitIn } from "../../../src/adapters/git/simple.ts";
import { processesNaming } from "../../support/processes.ts";
import { inPlaceOf } from "../../support/programs.ts";

const folder = mkdtempSync(join(tmpdir(), "pawl-run-git-"));
afterAll(() => rmSync(folder, { recursive: true }));

function gitThat(does: string) {
  return { PATH: inPlaceOf("git", does, folder), MARK: folder };
}

describe("running git", { tags: ["slow"] }, () => {
  test("gives its output and its exit code", async () => {
    const env = gitThat('cat; echo "told: $1" >&2; exit 3');
    const exit = await runGit(["a b"], { env, deadlineMs: 10_000, input: Buffer.from("grüße") });
    expect(exit).toEqual({ code: 3, signal: null, late: false, stdout: "grüße", stderr: "told: a b\n" });
  });

  test("hands nothing of our environment on but what it is given", async () => {
    const exit = await runGit([], { env: gitThat("env"), deadlineMs: 10_000 });
    expect(exit.stdout).not.toContain("VITEST");
  });

  test("ends git and all its children when its time is over, also if they do not want to", async () => {
    const env = gitThat(`trap '' TERM; sh -c "trap '' TERM; : ${folder}; sleep 600; :" & sleep 601; wait`);
    const exit = await runGit([], { env, deadlineMs: 300 });
    expect(exit).toMatchObject({ code: null, late: true });
    expect(processesNaming(folder)).toEqual([]);
  });

  test("lets git tidy up before it is killed", async () => {
    const env = gitThat(`trap 'echo lock removed; exit 1' TERM; sleep 600 & wait`);
    const exit = await runGit([], { env, deadlineMs: 300 });
    expect(exit).toMatchObject({ code: null, late: true, stdout: "lock removed\n" });
  });

  test("never takes a killed git for a success", async () => {
    const env = gitThat("echo half; kill -9 $$");
    expect(await runGit([], { env, deadlineMs: 10_000 })).toMatchObject({ code: null, signal: "SIGKILL" });
    await expect(simpleGitIn(folder, env).raw(["status"])).rejects.toThrow(/null/);
  });

  test("never takes a failure without a word for a success", async () => {
    await expect(simpleGitIn(folder, gitThat("exit 1")).raw(["status"])).rejects.toThrow("git ended with 1");
  });

  test("does not wait for somebody who holds on to its stderr", async () => {
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const env = gitThat(`(read line < ${fifo}) > /dev/null & echo done`);
    expect(await runGit([], { env, deadlineMs: 60_000 })).toMatchObject({
      code: 0,
      late: false,
      stdout: "done\n",
    });
    writeFileSync(fifo, "now you may go\n");
  });

  test("is not bothered by a git that does not read its input", async () => {
    const input = Buffer.alloc(1_000_000);
    expect(await runGit([], { env: gitThat("exit 0"), deadlineMs: 10_000, input })).toMatchObject({
      code: 0,
    });
  });

  test("says when there is no git", async () => {
    const missing = runGit(["version"], { env: { PATH: join(folder, "nothing") }, deadlineMs: 10_000 });
    await expect(missing).rejects.toMatchObject({
      code: "GIT_MISSING",
      hint: expect.stringContaining("Install git"),
    });
  });
});
