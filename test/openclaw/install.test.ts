import { execFile } from "node:child_process";
import { chmodSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { realClock } from "../../src/adapters/time/real-clock.ts";
import { renderResult } from "../../src/format/result.ts";
import { type FakeModel, startFakeModel } from "../support/fake-model.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { queueText } from "../support/ledgers.ts";
import { openclawFolder } from "../support/openclaw.ts";
import { Repos } from "../support/repos.ts";
import { anId } from "../support/tasks.ts";

const openclaw = openclawFolder() ?? "";
const pawl = resolve(import.meta.dirname, "../../bin/pawl.ts");
const run = promisify(execFile);

// One Gateway for all of it, and each test goes on where the one before has ended: starting it takes half a minute.
describe.skipIf(openclaw === "")("a real OpenClaw with pawl", { tags: ["slow", "openclaw"] }, () => {
  let repos: Repos;
  let model: FakeModel;
  let gateway: Gateway;

  beforeAll(async () => {
    repos = await Repos.make({ "worker/QUEUE.md": queueText([]) });
    model = await startFakeModel();
    const bin = join(repos.folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "pawl"), `#!/bin/sh\nexec '${process.execPath}' '${pawl}' "$@"\n`);
    chmodSync(join(bin, "pawl"), 0o755);
    writeFileSync(
      join(repos.folder, "pawl.config.yaml"),
      `remote: ${repos.hub}\nname: desk\nstate: state\npoll: 1s\n`,
    );
    gateway = await startGateway({ folder: repos.folder, openclaw, bin, address: model.address });
  }, 600_000);

  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await model?.[Symbol.asyncDispose]();
    await repos?.[Symbol.asyncDispose]();
  });

  test("learns to hand out work, once however often it is taught", async () => {
    expect(await json("pawl", "openclaw", "install", "--json")).toMatchObject({
      workspace: gateway.workspace,
      changed: [{ copy: null }, { what: expect.stringContaining("add the automation") as string }],
      stuck: [],
    });
    expect(await json("pawl", "openclaw", "install", "--json")).toMatchObject({ changed: [], stuck: [] });
    expect(await automations()).toHaveLength(1);
    expect(await json("openclaw", "skills", "info", "pawl", "--json")).toMatchObject({
      eligible: true,
      modelVisible: true,
    });
  });

  test("is woken once by a result, and asks its model nothing until then", async () => {
    // The first look notes what has ended before; after it everything is news.
    await until(() => globSync("state/**/told-agent.json", { cwd: repos.folder }).length > 0);
    expect(model.calls).toEqual([]);

    repos.plant({ [`worker/RESULTS/${anId(1)}.md`]: renderResult(result) });
    await until(() => model.calls.length > 0);
    expect(model.heard[0]).toContain("Tasks that were handed to a worker have ended");
    expect(model.heard[0]).toContain(
      `{"task":"${anId(1)}","outcome":"succeeded","title":"Compare the offers"`,
    );
  });

  test("forgets all of it when it is told to", async () => {
    expect(await json("pawl", "openclaw", "uninstall", "--json")).toMatchObject({ stuck: [] });
    expect(await automations()).toEqual([]);
    await expect(json("openclaw", "skills", "info", "pawl", "--json")).rejects.toMatchObject({
      stdout: expect.stringContaining("not found") as string,
    });
    expect(model.calls).toHaveLength(1);
  });

  async function json(program: string, ...args: string[]): Promise<unknown> {
    const { stdout } = await run(program, args, { cwd: repos.folder, env: gateway.env });
    return JSON.parse(stdout);
  }

  async function automations(): Promise<unknown[]> {
    const { jobs } = (await json("openclaw", "cron", "list", "--all", "--json")) as {
      jobs: { declarationKey?: string }[];
    };
    return jobs.filter(({ declarationKey }) => declarationKey === "pawl.results");
  }
});

const result = {
  id: anId(1),
  title: "Compare the offers",
  outcome: "succeeded",
  ended: "2026-11-21T10:00:00Z",
  attempt: 1,
  started: undefined,
  tried: [],
  facts: {},
  why: undefined,
  lease: undefined,
  request: {},
  text: "The second offer is the best one.",
} as const;

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await realClock.sleep(100);
}
