import { describe, expect, test } from "vitest";

import { planRemoval } from "../../provision/plan-removal.ts";
import type { Progress } from "../../provision/progress.ts";
import { type LastBeat, refuseNamesake } from "../../provision/refuse-namesake.ts";
import type { Beat } from "../../src/core/beat.ts";
import { NodeName } from "../../src/core/ids.ts";
import { aBeat } from "../support/beats.ts";
import { ModelWorld } from "./model-world.ts";
import { play, provisioned } from "./play.ts";
import { wantedInCloud, wantedOnHost } from "./wanted.ts";

const name = NodeName.parse("pawl-worker-1");
const now = new Date("2026-11-21T12:00:00Z");

function beat(minutesAgo: number, changes: Partial<Beat> = {}): LastBeat {
  const at = new Date(now.getTime() - minutesAgo * 60_000).toISOString();
  const value = aBeat({ worker: name, at, host: "attic", state: "idle", every: 300, ...changes });
  return async () => ({ is: "seen", value, ms: 1 });
}

async function refuse(lastBeat: LastBeat | undefined): Promise<Progress[]> {
  const told: Progress[] = [];
  await refuseNamesake({ name, lastBeat, now: () => now, tell: (one) => void told.push(one) });
  return told;
}

describe("a worker of the same name", () => {
  test("that has beaten a moment ago keeps a run from what would cut it off", async () => {
    await expect(refuse(beat(4))).rejects.toMatchObject({
      code: "NAME_TAKEN",
      message: "A worker beats as pawl-worker-1, on the host attic: it would be cut off",
      hint: expect.stringContaining("after 11m without a beat") as string,
    });
    await expect(refuse(beat(-3))).rejects.toMatchObject({ code: "NAME_TAKEN" });
    await expect(refuse(beat(50, { every: 1200 }))).rejects.toMatchObject({ code: "NAME_TAKEN" });
  });

  test("is none where it said goodbye, or has not beaten for long, or never", async () => {
    for (const last of [beat(1, { state: "stopped" }), beat(15), beat(0, { at: "some day" })]) {
      expect(await refuse(last)).toEqual([]);
    }
    expect(await refuse(async () => ({ is: "seen", value: undefined, ms: 1 }))).toEqual([]);
    expect(await refuse(undefined)).toEqual([]);
  });

  test("nobody can ask about is told of, and keeps nobody from anything", async () => {
    expect(await refuse(async () => ({ is: "unreachable", code: "REMOTE_DOWN", why: "no route" }))).toEqual([
      { event: "advice", text: "Whether a worker lives as pawl-worker-1 could not be asked: no route" },
    ]);
  });

  test("keeps us from ordering a second server beside it", async () => {
    const world = new ModelWorld(wantedInCloud());
    world.hasNamesake = true;
    expect((await play(world)).error).toMatchObject({ code: "NAME_TAKEN" });
    expect(world.cloud.servers).toEqual([]);
  });

  test("keeps its deploy key when another machine is to have its name, and loses it when it is gone", async () => {
    for (const hasNamesake of [true, false]) {
      const world = new ModelWorld(wantedOnHost({ repository: wantedInCloud().repository }));
      world.addDeployKey("pawl pawl-worker-1 2026-10-01", "ssh-ed25519 AAAAC3Other");
      world.hasNamesake = hasNamesake;
      const { error } = await play(world);
      expect(error?.message).toBe(hasNamesake ? "it lives" : undefined);
      const keys = world.repository.deployKeys.map(({ key }) => key);
      expect(keys).toEqual([hasNamesake ? "ssh-ed25519 AAAAC3Other" : "ssh-ed25519 AAAAC3Worker"]);
    }
  });

  test("is this one where the machine was made a worker before: its lost key is replaced while it beats", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    world.hasNamesake = true;
    world.machine!.state.deployKey = { publicKey: "ssh-ed25519 AAAAC3New c", madeAt: 0 };
    expect((await play(world)).error).toBeUndefined();
    expect(world.repository.deployKeys.map(({ key }) => key)).toEqual(["ssh-ed25519 AAAAC3New"]);
  });

  test("is asked about before its key goes where no machine of its was found", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const { cloud, machine: _, ...left } = world.left();
    const elsewhere = { ...left, cloud: { ...cloud!, servers: [] } };
    const { goes, stays } = planRemoval(elsewhere, world.wanted);
    expect(goes.find(({ id }) => id === "destroy.deploy-key")?.deeds.map((deed) => deed.do)).toEqual([
      "refuse-namesake",
      "remove-deploy-key",
    ]);
    expect(stays[0]).toBe(
      "a server pawl-worker-1 in another account, if there is one: this one at digitalocean has none",
    );
  });
});
