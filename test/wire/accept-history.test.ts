import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { Config } from "../../src/config/settle.ts";
import { acceptanceSpool, acceptHistory, forkedNodes } from "../../src/wire/accept-history.ts";

test("a node that stands still is known, and hears what the person says", async () => {
  const state = await mkdtemp(join(tmpdir(), "pawl-state-"));
  onTestFinished(() => rm(state, { recursive: true, force: true }));
  const config = { state } as Config;
  const [main, worker] = ["main-desk", "worker-w1"].map((node) => acceptanceSpool(join(state, node)));
  await main?.write({});
  await worker?.write({ forked: "it does not descend" });
  await acceptanceSpool(join(state, "cli")).write({ forked: "not a node" });
  expect(await forkedNodes(config)).toEqual([{ node: "worker-w1", why: "it does not descend" }]);
  expect(await acceptHistory(config, "3fa9c1d")).toEqual(["main-desk", "worker-w1"]);
  expect(await worker?.read()).toEqual({ head: "3fa9c1d" });
  expect(await forkedNodes(config)).toEqual([]);
});

test("nobody stands still where no node has run", async () => {
  expect(await forkedNodes({ state: "/nowhere" } as Config)).toEqual([]);
});
