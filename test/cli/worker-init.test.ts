import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { loadConfig } from "../../src/config/load.ts";
import { Desk } from "../support/desk.ts";

test("a worker begins with a configuration of its own and a lean one for OpenClaw", async () => {
  await using desk = await Desk.sitDown();
  const { code, out, err } = await desk.type("worker", "init", "--dir", "w", "--remote", "hub.git");
  expect({ code, out }).toEqual({ code: 0, out: `${join(desk.folder, "w")}\n` });
  expect(err).toContain("Wrote pawl.config.yaml and openclaw.worker.json.");
  const config = loadConfig({ ...desk.world.around, cwd: join(desk.folder, "w") });
  expect(config).toMatchObject({
    remote: join(desk.folder, "hub.git"),
    name: "desk",
    executors: { openclaw: { config: join(desk.folder, "w", "openclaw.worker.json") } },
  });
  expect(JSON.parse(await readFile(join(desk.folder, "w", "openclaw.worker.json"), "utf8"))).toMatchObject({
    tools: { toolSearch: false },
    skills: { allowBundled: [] },
  });
});

test("what the new configuration proposes is right, too, once the comment signs are gone", async () => {
  await using desk = await Desk.sitDown();
  await desk.type("worker", "init", "--dir", "w", "--name", "ada");
  const path = join(desk.folder, "w", "pawl.config.yaml");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/^( *)# (remote:|budget:|models:|  - \{)/gm, "$1$2"));
  expect(loadConfig({ ...desk.world.around, cwd: join(desk.folder, "w") })).toMatchObject({
    name: "ada",
    remote: "git@example.com:you/coordination.git",
    worker: { budget: { perDay: 5 } },
    models: [{ when: { category: ["chat", "briefing.*"] }, thinking: "off" }],
  });
});

test.each(["pawl.config.yaml", "pawl.config.json"])("%s stays if it is there", async (name) => {
  await using desk = await Desk.sitDown();
  await mkdir(join(desk.folder, "w"));
  await writeFile(join(desk.folder, "w", name), "mine");
  const { err } = await desk.type("worker", "init", "--dir", "w");
  expect(err).toContain(`Left as they are: ${name}.`);
  expect(err).toContain(`write \`config: ${join(desk.folder, "w", "openclaw.worker.json")}\` under`);
  expect(await readFile(join(desk.folder, "w", name), "utf8")).toBe("mine");
  const again = await desk.json("worker", "init", "--dir", "w");
  expect(again).toEqual({ folder: join(desk.folder, "w"), wrote: [], kept: [name, "openclaw.worker.json"] });
});

test("a file in the place of the folder is not touched", async () => {
  await using desk = await Desk.sitDown();
  await writeFile(join(desk.folder, "w"), "mine");
  const { code, err } = await desk.type("worker", "init", "--dir", "w");
  expect(code).toBe(1);
  expect(err).toContain("[FILE_IN_THE_WAY]");
});

test("a name that no worker may have is refused before anything is written", async () => {
  await using desk = await Desk.sitDown();
  const { code, err } = await desk.type("worker", "init", "--dir", "w", "--name", "Ada Lovelace");
  expect(code).toBe(2);
  expect(err).toContain("--name Ada Lovelace");
  expect((await desk.json("worker", "init", "--dir", "w"))["wrote"]).toHaveLength(2);
});
