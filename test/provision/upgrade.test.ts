import { describe, expect, test } from "vitest";

import { plan } from "../../provision/plan.ts";
import { places } from "../../provision/places.ts";
import { rollbackSteps, upgradeSteps } from "../../provision/upgrade.ts";
import type { Wanted } from "../../provision/wanted.ts";
import type { ModelMachine } from "./model-machine.ts";
import { Killed, ModelWorld } from "./model-world.ts";
import { play, provisioned } from "./play.ts";
import { wantedOnHost } from "./wanted.ts";

function wantedVersions(pawl: string, node = "24.21.0", openclaw = "2026.9.6"): Wanted {
  const wanted = wantedOnHost();
  return {
    ...wanted,
    versions: {
      node: { ...wanted.versions.node, version: node, downloads: downloads(node) },
      openclaw,
      pawl,
    },
  };
}

function downloads(version: string): Wanted["versions"]["node"]["downloads"] {
  const { downloads: all } = wantedOnHost().versions.node;
  return { x86_64: { ...all.x86_64, version }, aarch64: { ...all.aarch64, version } };
}

/** A worker with these versions, for a release that brings others. */
async function workerOf(
  old: Wanted,
  released: Wanted,
): Promise<{ world: ModelWorld; machine: ModelMachine }> {
  const before = await provisioned(new ModelWorld(old));
  const world = new ModelWorld(released);
  const { machine } = before;
  if (!machine) throw new Error("there is no machine");
  world.machine = machine;
  return { world, machine };
}

function versionsOf({ state }: ModelMachine) {
  return { node: state.node, openclaw: state.openclaw, pawl: state.pawl };
}

describe("an upgrade", () => {
  test("installs beside what is in use, switches all at once, and keeps what was before", async () => {
    const { world, machine } = await workerOf(wantedVersions("0.1.0", "24.16.0"), wantedVersions("0.2.0"));
    const { applied, error } = await play(world, { steps: upgradeSteps });
    expect(error).toBeUndefined();
    expect(applied?.changed).toEqual(["upgrade.node", "upgrade.pawl", "upgrade.switched"]);
    expect(versionsOf(machine)).toEqual({
      node: { installed: ["24.16.0", "24.21.0"], current: "24.21.0", previous: "24.16.0" },
      openclaw: { installed: ["2026.9.6"], current: "2026.9.6" },
      pawl: { installed: ["0.1.0", "0.2.0"], current: "0.2.0", previous: "0.1.0" },
    });
    expect((await play(world, { steps: upgradeSteps })).applied?.changed).toEqual([]);
  });

  test("forgets what was before the upgrade before, whatever it changed", async () => {
    const first = await workerOf(wantedVersions("0.1.0", "24.16.0"), wantedVersions("0.2.0"));
    await play(first.world, { steps: upgradeSteps });
    const world = new ModelWorld(wantedVersions("0.3.0"));
    world.machine = first.machine;
    const { applied } = await play(world, { steps: upgradeSteps });
    expect(applied?.changed).toEqual(["upgrade.pawl", "upgrade.switched", "upgrade.pruned"]);
    expect(versionsOf(first.machine)).toMatchObject({
      node: { installed: ["24.21.0"] },
      pawl: { installed: ["0.2.0", "0.3.0"], previous: "0.2.0" },
    });
    expect(first.machine.state.node.previous).toBeUndefined();
  });

  test("has no work where the versions are those of the release, and then keeps the way back", async () => {
    const { world, machine } = await workerOf(wantedVersions("0.1.0"), wantedVersions("0.2.0"));
    await play(world, { steps: upgradeSteps });
    const before = structuredClone(versionsOf(machine));
    world.calls = [];
    await play(world, { steps: upgradeSteps });
    expect(world.calls).toEqual(["look machine"]);
    expect(versionsOf(machine)).toEqual(before);
  });

  test("makes a worker where there is none", async () => {
    const world = new ModelWorld(wantedVersions("0.2.0"));
    const { applied, error } = await play(world, { steps: upgradeSteps });
    expect(error).toBeUndefined();
    expect(applied?.changed.filter((id) => id.startsWith("upgrade."))).toEqual([]);
  });

  test("that is killed at any point is ended by the next one", async () => {
    const [old, released] = [wantedVersions("0.1.0", "24.16.0", "2026.8.1"), wantedVersions("0.2.0")];
    const whole = await workerOf(old, released);
    await play(whole.world, { steps: upgradeSteps });
    expect(whole.world.boundaries).toBeGreaterThan(6);
    for (let killAt = 0; killAt < whole.world.boundaries; killAt++) {
      const { world, machine } = await workerOf(old, released);
      world.killAt = killAt;
      expect((await play(world, { steps: upgradeSteps })).error).toBeInstanceOf(Killed);
      await play(world, { steps: upgradeSteps });
      expect(versionsOf(machine)).toEqual(versionsOf(whole.machine));
    }
  });

  test("that left the worker stopped with the new versions is ended by the next one", async () => {
    const { world, machine } = await workerOf(wantedVersions("0.1.0"), wantedVersions("0.2.0"));
    await play(world, { steps: upgradeSteps });
    machine.cutOff();
    const { applied } = await play(world, { steps: upgradeSteps });
    expect(applied?.changed).toEqual(expect.arrayContaining(["upgrade.switched"]));
    expect(machine.unit(places.worker).active).toBe("active");
    expect((await play(world, { steps: upgradeSteps })).applied?.changed).toEqual([]);
  });

  test("is planned with what is in use now", async () => {
    const { world, machine } = await workerOf(wantedVersions("0.1.0"), wantedVersions("0.2.0"));
    const made = plan(upgradeSteps, { machine: machine.probe() }, world.wanted, { only: "upgrade.switched" });
    expect(made.steps.map(({ verdict }) => verdict)).toEqual([{ is: "work", because: "pawl is 0.1.0" }]);
  });
});

describe("a rollback", () => {
  test("takes the worker back to what was before, all of it", async () => {
    const { world, machine } = await workerOf(wantedVersions("0.1.0", "24.16.0"), wantedVersions("0.2.0"));
    await play(world, { steps: upgradeSteps });
    const { applied } = await play(world, { steps: rollbackSteps });
    expect(applied?.changed).toEqual(["upgrade.rolled-back"]);
    expect(versionsOf(machine)).toMatchObject({ node: { current: "24.16.0" }, pawl: { current: "0.1.0" } });
  });

  test("goes no further the second time, and says what is in use", async () => {
    const { world, machine } = await workerOf(wantedVersions("0.1.0"), wantedVersions("0.2.0"));
    await play(world, { steps: upgradeSteps });
    await play(world, { steps: rollbackSteps });
    const { applied, told } = await play(world, { steps: rollbackSteps });
    expect(applied?.changed).toEqual([]);
    expect(machine.state.pawl.current).toBe("0.1.0");
    expect(told).toContainEqual(
      expect.objectContaining({
        note: expect.stringContaining("nothing earlier is kept; in use: node 24.21.0"),
      }),
    );
  });

  test("that left the worker stopped with the former versions is ended by the next one", async () => {
    const { world, machine } = await workerOf(wantedVersions("0.1.0"), wantedVersions("0.2.0"));
    machine.cutOff();
    expect((await play(world, { steps: rollbackSteps })).applied?.changed).toEqual(["upgrade.rolled-back"]);
    expect(machine.unit(places.worker).active).toBe("active");
    expect((await play(world, { steps: rollbackSteps })).applied?.changed).toEqual([]);
  });

  test("is undone by no ordinary run, and by an upgrade without fetching anything", async () => {
    const { world, machine } = await workerOf(wantedVersions("0.1.0"), wantedVersions("0.2.0"));
    await play(world, { steps: upgradeSteps });
    await play(world, { steps: rollbackSteps });
    expect((await play(world)).applied?.changed).toEqual([]);
    world.calls = [];
    await play(world, { steps: upgradeSteps });
    expect(world.calls).not.toContain("upload-pawl");
    expect(machine.state.pawl).toMatchObject({ current: "0.2.0", previous: "0.1.0" });
  });
});
