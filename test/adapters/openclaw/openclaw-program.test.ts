import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { openclawProgram } from "../../../src/adapters/openclaw/openclaw-program.ts";

describe("the program openclaw", { tags: ["slow"] }, () => {
  let folder: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pawl-program-"));
    env = { PATH: `${folder}:/usr/bin:/bin`, OPENCLAW_GATEWAY_TOKEN: "of the person" };
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("is told everything as it stands, in the person's environment, with nothing to read", async () => {
    await write('printf "%s|" "$@" "$OPENCLAW_GATEWAY_TOKEN"; cat; echo oh >&2; exit 3');
    expect(await openclawProgram("work", env).run(["cron", "add", "a b", "$(c)"])).toEqual({
      kind: "ended",
      status: 3,
      stdout: "--profile|work|cron|add|a b|$(c)|of the person|",
      stderr: "oh\n",
    });
  });

  test("has no profile unless one is named", async () => {
    await write('printf "%s|" "$@"');
    expect(await openclawProgram(undefined, env).run(["--version"])).toMatchObject({ stdout: "--version|" });
  });

  test("may be missing", async () => {
    expect(await openclawProgram(undefined, env).run(["--version"])).toEqual({ kind: "missing" });
  });

  async function write(script: string): Promise<void> {
    await writeFile(join(folder, "openclaw"), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, "openclaw"), 0o755);
  }
});
