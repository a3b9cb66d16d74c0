import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { mainOf } from "../../../src/cli/program.ts";
import { faultCodes } from "../../../src/fault.ts";
import { shapeOf } from "../../support/cli-page.ts";
import { Desk } from "../../support/desk.ts";
import { ModelProvisioning } from "../../support/model-provisioning.ts";
import { aResultOfWorker, wellWorker } from "../../support/well-worker.ts";

const pages = ["README.md", "docs/first-worker.md", "docs/worker-costs.md", "docs/cli.md"];

/** Each command of the two programs that a page shows, in a block or between backticks. */
function commandsIn(text: string): string[][] {
  const shown = [
    ...text.matchAll(
      /^ *((?:provision-worker|worker-status)(?: [^#\n]*)?)|`((?:provision-worker|worker-status) [^`]+)`/gm,
    ),
  ];
  return shown.map(([, line, inline]) => (line ?? inline ?? "").trim().split(/\s+/));
}

const commands = pages.flatMap((page) =>
  commandsIn(readFileSync(page, "utf8")).map((words) => [page, words.join(" ")]),
);

describe("the pages on workers", () => {
  test("show commands", () => {
    expect(commands.length).toBeGreaterThan(15);
  });

  test.each(commands)("%s: %s is taken as it stands there", async (_, shown = "") => {
    const [program = "", ...args] = shown.replaceAll("<name>", "pawl-worker-1").split(" ");
    await using desk = await Desk.sitDown({
      config:
        "remote: git@github.com:you/coordination.git\nexecutors: {openclaw: {keys: [ANTHROPIC_API_KEY]}}\n",
    });
    desk.world.around = {
      ...desk.world.around,
      env: { ...desk.world.around.env, ANTHROPIC_API_KEY: "sk-x" },
    };
    desk.world.openclaw = () => ({ run: async () => ({ kind: "missing" }) });
    desk.world.timetable = async () => ({ crontabs: [], programs: [], timers: [], unread: [] });
    const model = new ModelProvisioning();
    desk.world.provisioning = async () => model.open();
    const isProvision = program === "provision-worker";
    if (!isProvision && args.includes("--watch"))
      desk.clock.sleep = async () => desk.signals.get("SIGINT")?.();
    const plan = isProvision ? ["--plan"] : [];
    await mainOf(program as "worker-status", [...args, ...plan], desk.world);
    expect(desk.screens.err.text).not.toMatch(/\[(USAGE|CONFIG_\w+)\]|This is a bug/);
  });

  test("name codes that there are", () => {
    const page = readFileSync("docs/first-worker.md", "utf8");
    const codes = [...page.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].flatMap(([, code]) => code ?? []);
    const known = [...Object.keys(faultCodes), "DO_API_TOKEN", "GITHUB_TOKEN"];
    expect(codes.filter((code) => !known.includes(code))).toEqual([]);
  });

  test("show the shape that worker-status --json really has", async () => {
    await using at = await wellWorker();
    at.model.world!.machine!.state.rebootPending = true;
    at.model.world!.machine!.state.swapMb = 0;
    at.desk.end(aResultOfWorker({ outcome: "failed", why: "exit code 3" }), at.desk.file("worker/QUEUE.md"));
    const { out } = await at.type("--json");
    const section = readFileSync("docs/cli.md", "utf8").split("## worker-status")[1] ?? "";
    const shown: unknown = JSON.parse(/```json\n([^]*?)```/.exec(section)?.[1] ?? "null");
    expect(shapeOf(JSON.parse(out))).toEqual(shapeOf(shown));
  });
});
