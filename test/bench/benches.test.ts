import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import type { Report } from "../../bench/support/report.ts";
import { openclawFolder } from "../support/openclaw.ts";
import { needs } from "../support/require.ts";

const overTheNetwork = needs("sshd", "openssh-server") && needs("git-http-backend", "git");

describe("the bench", { tags: ["slow"] }, () => {
  test.runIf(overTheNetwork)("dispatch runs over all three ways", { timeout: 120_000 }, async () => {
    const { tables } = await bench("dispatch");
    expect(tables[0]?.rows.map(({ over }) => over)).toEqual(["file", "ssh", "http"]);
  });

  test.runIf(overTheNetwork)("cycle runs over all three ways", { timeout: 120_000 }, async () => {
    const { tables } = await bench("cycle");
    expect(tables[0]?.rows.map(({ over }) => over)).toEqual(["file", "ssh", "http"]);
  });

  test("throughput ends all tasks, and keeps to the push budget of a host", async () => {
    const { tables } = await bench("throughput");
    expect(tables[0]?.rows[0]?.["pushes"]).toBe(4);
    expect(tables[2]?.rows).toHaveLength(2);
  });

  test("growth runs on each past and on each queue", { timeout: 120_000 }, async () => {
    const { tables } = await bench("growth");
    expect(tables.map(({ rows }) => rows.map(({ tasks }) => tasks))).toEqual([
      [2, 250],
      [1, 5],
    ]);
  });

  test("idle watches a daemon over both ways", { timeout: 180_000 }, async () => {
    const { tables } = await bench("idle");
    const rows = tables[0]?.rows.filter(({ program }) => program === "checkout");
    expect(rows?.map(({ over }) => over)).toEqual(["file", "http"]);
    for (const row of rows ?? []) expect(row["RSS MiB"]).toBeGreaterThan(0);
  });

  test("audit checks a whole past", async () => {
    const { tables } = await bench("audit");
    expect(tables[0]?.rows[0]?.["commits"]).toBe(753);
  });

  test.runIf(openclawFolder() !== undefined)(
    "openclaw runs the real one alone, and as a task",
    { timeout: 300_000, tags: ["openclaw"] },
    async () => {
      const { tables } = await bench("openclaw");
      expect(tables[0]?.rows).toHaveLength(3);
      for (const row of tables[0]?.rows ?? []) expect(row["OpenClaw, CPU"]).toBeGreaterThan(0);
    },
  );

  test("size finds every part of the repository", async () => {
    const { tables } = await bench("size");
    const parts = tables[1]?.rows.map(({ what }) => what).toSorted();
    expect(parts).toEqual([
      "commits",
      "day files of the archive",
      "indexes, commit-graph and the rest",
      "queue",
      "results",
      "trees",
    ]);
  });
});

/** With sizes that only show that it works. */
async function bench(name: string): Promise<Report> {
  const run = join(import.meta.dirname, "../../bench/run.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [run, name, "--tiny", "--json"]);
  return JSON.parse(stdout) as Report;
}
