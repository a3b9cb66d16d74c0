import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { inPlaceOf } from "../support/programs.ts";
import { Town } from "../support/town.ts";

describe("a worker that runs", { tags: ["slow"] }, () => {
  test("takes no settings under which others would take over while it may still hang", async () => {
    await using town = await Town.make();
    await town.start("ada", "worker");
    await said(town, "ada started");
    await reconfigure(town, "beat: 10s\n");
    await said(town, "ada keeps its old configuration: a lease of 1m is 1m7s too short");
    await reconfigure(town, "lease: 3m\n");
    await said(town, "ada read its configuration again");
    expect(town.said("ada").join("\n")).not.toContain("nothing ends worker");
  });

  test("says so when there is nothing that would end it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pawl-no-bash-"));
    const path = process.env["PATH"];
    try {
      process.env["PATH"] = inPlaceOf("bash", "exit 1", folder);
      await using town = await Town.make();
      await town.start("ada", "worker");
      await said(town, "nothing ends worker ada should it hang");
    } finally {
      process.env["PATH"] = path;
      await rm(folder, { recursive: true });
    }
  });
});

async function said(town: Town, words: string): Promise<void> {
  await expect.poll(() => town.said("ada").join("\n"), { timeout: 40_000 }).toContain(words);
}

/** Adds a line to its configuration and tells it. */
async function reconfigure(town: Town, line: string): Promise<void> {
  const file = join(town.village.folder, "ada", "pawl.config.yaml");
  await writeFile(file, (await readFile(file, "utf8")) + line);
  process.kill(town.pid("ada"), "SIGHUP");
}
