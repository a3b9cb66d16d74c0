import { describe, expect, test } from "vitest";

import type { MachineReport, MachineSeen } from "../../src/core/machine-report.ts";
import { parseMachineReport, renderMachineReport } from "../../src/format/machine-report.ts";
import { sections, shapeOf } from "../support/cli-page.ts";
import { Desk } from "../support/desk.ts";

const failed: MachineSeen = {
  service: {
    unit: "openclaw-worker.service",
    active: "failed",
    sub: "failed",
    result: "exit-code",
    restarts: 3,
  },
  upSeconds: 3700,
  memoryFreeMb: 900,
  swapFreeMb: 0,
  diskFreeMb: 12_000,
  rebootPending: true,
};

describe("worker report", () => {
  test("tells the hub of a machine whose worker has failed", async () => {
    await using desk = await Desk.sitDown();
    const sent = played(desk, failed);
    const { code, out } = await desk.type("worker", "report");
    expect(code).toBe(0);
    expect(out).toBe(
      "The machine of desk is up for 1h1m: service failed (failed), 900 MB of memory and 12000 MB of disk free, a reboot is due.\n",
    );
    expect(sent).toMatchObject([{ worker: "desk", host: "Desk.example.org", service: { active: "failed" } }]);
    expect(parseMachineReport(renderMachineReport(sent[0]!))).toEqual(sent[0]);
  });

  test("only prints when it is asked to, and has the shape that is documented", async () => {
    await using desk = await Desk.sitDown();
    const sent = played(desk, failed);
    const said = await desk.json("worker", "report", "--print");
    expect(said).toMatchObject({ sent: false, worker: "desk" });
    expect(sent).toEqual([]);
    const [documented] = [...(sections.get("worker") ?? "").matchAll(/```json\n([^]*?)```/g)]
      .map(([, text = ""]) => JSON.parse(text) as unknown)
      .filter((shown) => shapeOf(shown).includes(".upSeconds: number"));
    expect(shapeOf(said)).toEqual(shapeOf(documented));
  });

  test("asks for the unit that was named, in the name that was given", async () => {
    await using desk = await Desk.sitDown();
    const { service: _, ...rest } = failed;
    const sent = played(desk, rest);
    await desk.type("worker", "report", "--unit", "other.service", "--name", "ada");
    expect(sent).toMatchObject([{ worker: "ada" }]);
    expect(asked).toContain("other.service");
  });
});

const asked: string[] = [];

function played(desk: Desk, seen: MachineSeen): MachineReport[] {
  const sent: MachineReport[] = [];
  desk.world.machineReports = async () => ({
    look: async (unit) => {
      asked.push(unit);
      return seen;
    },
    send: async (report) => void sent.push(report),
    read: async () => sent.at(-1),
  });
  return sent;
}
