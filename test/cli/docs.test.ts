import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { commands } from "../../src/cli/commands.ts";
import { stateFolder } from "../../src/config/state-folder.ts";
import type { Result } from "../../src/core/outcome.ts";
import { faultCodes } from "../../src/fault.ts";
import { documented, page, sections, shapeOf } from "../support/cli-page.ts";
import { Desk } from "../support/desk.ts";
import { queueText } from "../support/ledgers.ts";
import { aTask, ada, adasTask, adasToken, anId } from "../support/tasks.ts";

describe("the page on the commands", () => {
  test("has a section for each, in the order of the help", () => {
    expect([...sections.keys()].map((name) => name.split(" ")[0])).toEqual(commands.map(({ name }) => name));
  });

  test("knows every exit code", () => {
    for (const code of new Set(Object.values(faultCodes))) expect(page).toContain(`| ${code} |`);
  });

  test.each([
    "submit",
    "queue",
    "show",
    "results",
    "heartbeat",
    "cancel",
    "retry",
    "poke",
    "doctor",
    "config",
    "version",
  ])("shows the shape that pawl %s --json really has", async (name) => {
    await using desk = await deskWithWork();
    const typed: Record<string, string[]> = {
      submit: ["submit", "x"],
      show: ["show", "00002"],
      cancel: ["cancel", "00001"],
      retry: ["retry", "00002"],
      config: ["config", "check"],
    };
    expect(shapeOf(await desk.json(...(typed[name] ?? [name])))).toEqual(shapeOf(documented(name)));
  });

  test.each(["approve --yes", "reject"])("shows the shape that pawl %s --json really has", async (typed) => {
    const [name = "", ...options] = typed.split(" ");
    const asking = aTask({ request: { approval: "required" }, state: { kind: "needs-approval" } });
    await using desk = await Desk.sitDown({ queue: queueText([asking]) });
    expect(shapeOf(await desk.json(name, anId(), ...options))).toEqual(shapeOf(documented(name)));
  });

  test("shows the shape that pawl logs --json really has", async () => {
    await using desk = await deskWithWork();
    const state = stateFolder(join(desk.folder, "state"), "ssh://h/x.git", "main");
    const work = join(state, "worker-ada", "work", anId(1), "1");
    await mkdir(work, { recursive: true });
    await writeFile(join(work, "output.log"), "hello\n");
    expect(shapeOf(await desk.json("logs", "00001"))).toEqual(shapeOf(documented("logs")));
    expect((await desk.type("logs", "00001")).out).toBe("hello\n");
  });
});

async function deskWithWork(): Promise<Desk> {
  const bad = "## T-20261121-zzzzz Bad\n\n- state: runing\n\nx\n\n";
  const running = adasTask({
    id: anId(1),
    request: { priority: "high", by: "you", created: "2026-11-21T10:00:00Z" },
  });
  const desk = await Desk.sitDown({ config: "remote: ssh://h/x.git\nname: desk\nstate: state\n" });
  desk.end(done, queueText([running]).replace("## Inbox", `${bad}## Inbox`));
  desk.push({ "worker/INBOX/moon.md": "# Moon\n\n- priority: hih\n" });
  return desk;
}

const done: Result = {
  id: anId(2),
  title: "Compare the offers",
  outcome: "succeeded",
  why: undefined,
  lease: { by: ada, token: adasToken },
  attempt: 1,
  started: "2026-11-21T10:00:02Z",
  ended: "2026-11-21T10:05:00Z",
  request: { priority: "high" },
  tried: [],
  facts: { executor: "openclaw" },
  text: "The second offer is the best one.",
};
