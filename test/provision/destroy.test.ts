import { describe, expect, test } from "vitest";

import type { Parts } from "../../provision/carry-out.ts";
import { destroy } from "../../provision/destroy.ts";
import { gatherLeft } from "../../provision/gather-left.ts";
import type { Left } from "../../provision/hands.ts";
import { planRemoval } from "../../provision/plan-removal.ts";
import type { Progress } from "../../provision/progress.ts";
import { Fault } from "../../src/fault.ts";
import type { Server } from "../../src/ports/server-provider.ts";
import { HandClock } from "../support/hand-clock.ts";
import { Killed, ModelWorld, stepsOf } from "./model-world.ts";
import { leapingClock, provisioned } from "./play.ts";
import { wantedInCloud, wantedOnHost } from "./wanted.ts";

async function remove(world: ModelWorld, changes: Partial<Left> = {}): Promise<Progress[]> {
  const told: Progress[] = [];
  const left = { ...world.left(), ...changes };
  const removals = planRemoval(left, world.wanted).goes;
  await destroy({
    left,
    removals,
    hands: world.hands(),
    clock: leapingClock(),
    tell: (one) => void told.push(one),
  });
  return told;
}

function idsOf(world: ModelWorld, changes: Partial<Left> = {}): string[] {
  return planRemoval({ ...world.left(), ...changes }, world.wanted).goes.map(({ id }) => id);
}

function otherWorker(): Server {
  const world = new ModelWorld(wantedInCloud({ name: "pawl-worker-2" }));
  world.addServer();
  return world.cloud.servers[0]!;
}

describe("removing a worker", () => {
  test("in a cloud takes away all that was made for it, the worker first and what we remember last", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    world.addDeployKey("Aaron's laptop", "ssh-ed25519 AAAAC3Laptop");
    const told = await remove(world);
    expect(stepsOf(told, "done")).toEqual([
      "destroy.worker",
      "destroy.deploy-key",
      "destroy.server",
      "destroy.ssh-limit",
      "destroy.account-key",
      "destroy.pin",
    ]);
    expect(world.calls).toEqual([
      "lock",
      "disable",
      "remove-deploy-key",
      "destroy-server",
      "remove-ssh-limit",
      "remove-account-key",
      "forget-pin",
    ]);
    expect(world.repository.deployKeys.map(({ title }) => title)).toEqual(["Aaron's laptop"]);
    expect(world.isLocked).toBe(false);
  });

  test("finds nothing to destroy the second time", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    await remove(world);
    expect(idsOf(world)).toEqual([]);
  });

  test("that was cut off at any point is ended by the next one", async () => {
    const whole = await provisioned(new ModelWorld(wantedInCloud()));
    const first = whole.boundaries;
    await remove(whole);
    for (let killAt = first; killAt < whole.boundaries; killAt++) {
      const world = await provisioned(new ModelWorld(wantedInCloud()));
      world.killAt = killAt;
      await expect(remove(world)).rejects.toBeInstanceOf(Killed);
      await remove(world);
      expect(idsOf(world)).toEqual([]);
    }
  });

  test("from a machine of one's own takes our files and leaves the machine", async () => {
    const world = await provisioned(new ModelWorld(wantedOnHost()));
    const { stays } = planRemoval(world.left(), world.wanted);
    expect(stays).toContain(
      "the worker's key at git@hub.example:coordination.git, for you to take away: ssh-ed25519 AAAAC3Worker",
    );
    expect(stepsOf(await remove(world), "done")).toEqual(["destroy.worker", "destroy.files", "destroy.pin"]);
    expect(world.machine?.state).toMatchObject({
      files: {},
      pawl: { installed: [] },
      user: { exists: true },
    });
    expect(idsOf(world)).toEqual([]);
  });

  test("leaves what other workers use", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const left = world.left();
    const cloud = left.cloud && { ...left.cloud, others: [otherWorker()] };
    expect(idsOf(world, { ...(cloud && { cloud }) })).toEqual([
      "destroy.worker",
      "destroy.deploy-key",
      "destroy.server",
      "destroy.pin",
    ]);
    expect(planRemoval({ ...left, ...(cloud && { cloud }) }, world.wanted).stays).toContain(
      "other workers: pawl-worker-2",
    );
  });

  test("leaves an ssh key that is a person's own", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    expect(idsOf(world, { isKeyOurs: false })).not.toContain("destroy.account-key");
    expect(planRemoval({ ...world.left(), isKeyOurs: false }, world.wanted).stays).toContain(
      "the ssh key in the account: it is your own",
    );
  });

  test("says what stays and may cost: snapshots, and tasks that nobody could hand back", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const left = world.left();
    const snapshots = [
      {
        id: "1",
        name: "before",
        createdAt: "2026-11-21T10:00:00Z",
        sizeGb: 3,
        price: { monthly: 0.18, hourly: 0, currency: "USD" as const },
      },
    ];
    const cloud = left.cloud && { ...left.cloud, snapshots };
    const machine = { is: "unreachable", why: "connection refused" } as const;
    const { goes, stays } = planRemoval({ ...left, ...(cloud && { cloud }), machine }, world.wanted);
    expect(goes.map(({ id }) => id)).not.toContain("destroy.worker");
    expect(stays).toContain("snapshot before, $0.18/month ($0/h)");
    expect(stays.join("\n")).toMatch(/does not answer \(connection refused\); other workers take over/);
  });

  test("touches no server that is not ours, and none of two", () => {
    const foreign = new ModelWorld(wantedInCloud());
    foreign.addServer({ ours: false });
    expect(idsOf(foreign)).not.toContain("destroy.server");
    expect(planRemoval(foreign.left(), foreign.wanted).stays.join("\n")).toContain("server-1) is not ours");
    const twins = new ModelWorld(wantedInCloud());
    twins.addServer();
    twins.addServer();
    expect(() => idsOf(twins)).toThrow(/2 servers have the name pawl-worker-1: server-1, server-2/);
  });

  test("goes on when the worker cannot be stopped, and says what happens to its tasks", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const hands = world.hands();
    const fault = new Fault("SSH_LOST", "the connection ended", { hint: "again" });
    const told: Progress[] = [];
    const left = world.left();
    await destroy({
      left,
      removals: planRemoval(left, world.wanted).goes,
      hands: {
        ...hands,
        carryOut: async (deed, errand) => {
          if (deed.do === "script") throw fault;
          return hands.carryOut(deed, errand);
        },
      },
      clock: leapingClock(),
      tell: (one) => void told.push(one),
    });
    expect(told).toContainEqual({
      event: "advice",
      text: "the connection ended; other workers take over what it was doing when its leases run out",
    });
    expect(world.cloud.servers).toEqual([]);
  });

  test("stops where something could not be removed, and tells which", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const hands = world.hands();
    const fault = new Fault("CLOUD_DOWN", "503", { hint: "later" });
    const told: Progress[] = [];
    const left = world.left();
    const going = destroy({
      left,
      removals: planRemoval(left, world.wanted).goes,
      hands: {
        ...hands,
        carryOut: async (deed, errand) => {
          if (deed.do === "destroy-server") throw fault;
          return hands.carryOut(deed, errand);
        },
      },
      clock: leapingClock(),
      tell: (one) => void told.push(one),
    });
    await expect(going).rejects.toBe(fault);
    expect(told.at(-1)).toMatchObject({ event: "failed", step: "destroy.server" });
    expect(world.calls).not.toContain("forget-pin");
  });
});

describe("looking for what is left", () => {
  test("waits no longer than half a minute for a machine", async () => {
    const world = await provisioned(new ModelWorld(wantedOnHost()));
    const left = await gatherLeft({ ...partsOf(world), isKeyOurs: true }, () => undefined);
    expect(left).toEqual({
      machine: { is: "unreachable", why: "not within 30 s" },
      isKeyOurs: true,
      isPinned: true,
    });
  });

  test("takes a machine's fault for why it is out of reach", async () => {
    const world = await provisioned(new ModelWorld(wantedOnHost()));
    const fault = new Fault("HOST_KEY_CHANGED", "another key", { hint: "look" });
    const parts = partsOf(world, async () => Promise.reject(fault));
    const left = await gatherLeft({ ...parts, clock: new HandClock(), isKeyOurs: true }, () => undefined);
    expect(left.machine).toEqual({ is: "unreachable", why: "another key" });
  });
});

function partsOf(
  world: ModelWorld,
  gather: () => Promise<never> = async () => new Promise(() => undefined),
): Parts {
  const none = async () => Promise.reject(new Error("nobody asks for this"));
  return {
    wanted: world.wanted,
    machine: {
      gather,
      isPinned: async () => true,
      lock: none,
      run: none,
      lockOrder: none,
      expectServer: none,
      expectNone: none,
      rotateHostKey: none,
      forgetPin: none,
      [Symbol.asyncDispose]: async () => undefined,
    },
    packPawl: none,
    credentials: new Map(),
    clock: leapingClock(),
  };
}
