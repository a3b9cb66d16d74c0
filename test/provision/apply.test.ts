import { describe, expect, test } from "vitest";

import type { Facts } from "../../provision/facts.ts";
import { Fault } from "../../src/fault.ts";
import { Killed, ModelWorld, stepsOf } from "./model-world.ts";
import { play, provisioned } from "./play.ts";
import { wantedInCloud, wantedOnHost } from "./wanted.ts";

describe("a run", () => {
  test("makes a worker of nothing, in a cloud", async () => {
    const world = new ModelWorld(wantedInCloud());
    const { error, applied } = await play(world);
    expect(error).toBeUndefined();
    expect(applied?.changed).toContain("cloud.server");
    expect(applied?.changed.at(-1)).toBe("service.started");
    expect(world.cloud.servers).toHaveLength(1);
    expect(world.repository.deployKeys.map(({ title }) => title)).toEqual(["pawl pawl-worker-1 2026-11-21"]);
  });

  test("makes a worker of a machine that is there, whose repository a person lets it into", async () => {
    const { error, told } = await play(new ModelWorld(wantedOnHost()));
    expect(error).toBeUndefined();
    const phases = new Set(stepsOf(told, "done").map((id) => id.split(".")[0]));
    expect([...phases]).toEqual(["contact", "system", "runtime", "identity", "service", "hardening"]);
  });

  test.each([wantedInCloud(), wantedOnHost()])(
    "changes nothing the second time ($target.kind)",
    async (wanted) => {
      const world = await provisioned(new ModelWorld(wanted));
      const { applied } = await play(world);
      expect(applied?.changed).toEqual([]);
      const sources = wanted.target.kind === "cloud" ? ["cloud", "repository", "machine"] : ["machine"];
      expect(world.calls).toEqual(sources.map((source) => `look ${source}`));
    },
  );

  test("leaves the worker the credentials that it was given once, and that nobody names again", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const { applied } = await play(world, { wanted: wantedInCloud({ credentials: [] }) });
    expect(applied?.changed).toEqual([]);
  });

  test("says how many were right", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const { told } = await play(world);
    expect(told.at(-1)).toEqual({ event: "ended", changed: 0, right: stepsOf(told, "right").length, ms: 0 });
  });

  test("locks the machine once, before the first change there, and looks again then", async () => {
    const world = new ModelWorld(wantedInCloud());
    await play(world);
    expect(world.asks("lock")).toHaveLength(1);
    const at = world.calls.indexOf("lock");
    expect(world.calls[at + 1]).toBe("look machine");
    expect(world.calls[at + 2]).toBe("rotate-host-key");
    expect(world.isLocked).toBe(false);
  });

  test("takes no lock for what is done in the account", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    delete world.cloud.sshLimit;
    const { applied } = await play(world);
    expect(applied?.changed).toEqual(["cloud.ssh-limit"]);
    expect(world.asks("lock")).toEqual([]);
  });

  test("leaves to be what another run made right before the lock was ours", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const { machine } = world;
    if (machine) machine.state.swapMb = 0;
    const hands = world.hands();
    const lockMachine = async () => {
      if (machine) machine.state.swapMb = 2047;
      return hands.lockMachine();
    };
    const { applied } = await play(world, { hands: { ...hands, lockMachine } });
    expect(applied?.changed).toEqual([]);
    expect(world.calls).not.toContain("swap");
  });

  test("gives the lock back when a step fails", async () => {
    const world = new ModelWorld(wantedInCloud());
    const hands = world.hands();
    await play(world, {
      hands: {
        ...hands,
        carryOut: async (deed, errand) => {
          if (errand.step === "system.user") throw new Fault("STEP_FAILED", "no", { hint: "no" });
          return hands.carryOut(deed, errand);
        },
      },
    });
    expect(world.asks("lock")).toHaveLength(1);
    expect(world.isLocked).toBe(false);
  });

  test("asks again after a change only the source that it changed", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    world.repository.deployKeys = [];
    await play(world);
    expect(world.calls.slice(3)).toEqual(["register-deploy-key", "look repository", "look machine"]);
  });

  test("asks before it changes anything, and not where nothing is to be changed", async () => {
    const world = new ModelWorld(wantedInCloud());
    const refused = new Fault("NOT_CONFIRMED", "no", { hint: "no" });
    const confirm = async () => Promise.reject(refused);
    const { error } = await play(world, { confirm });
    expect(error).toBe(refused);
    expect(world.calls.filter((call) => !call.startsWith("look"))).toEqual([]);
    await provisioned(world);
    expect((await play(world, { confirm })).error).toBeUndefined();
  });

  test("shows what a month will cost when it asks", async () => {
    const asked: unknown[] = [];
    await play(new ModelWorld(wantedInCloud()), { confirm: async ({ monthly }) => void asked.push(monthly) });
    expect(asked).toEqual([{ monthly: 12, currency: "USD" }]);
  });
});

describe("a run that cannot succeed", () => {
  test("says so before it orders anything", async () => {
    const world = new ModelWorld(wantedInCloud());
    world.repository.mayAdminister = false;
    const { error, told } = await play(world);
    expect(error).toMatchObject({ code: "GH_NO_ADMIN" });
    expect(stepsOf(told, "failed")).toEqual(["identity.rights"]);
    expect(world.cloud).toMatchObject({ servers: [] });
    expect(world.cloud.keyId).toBeUndefined();
    expect(told.some(({ event }) => event === "left")).toBe(false);
  });

  test("tells which step a source that does not answer belongs to, when the others have answered", async () => {
    const world = new ModelWorld(wantedInCloud());
    const fault = new Fault("CLOUD_TOKEN", "no", { hint: "no" });
    const hands = { ...world.hands(), gatherCloud: async () => Promise.reject(fault) };
    const { error, told } = await play(world, { hands });
    expect(error).toBe(fault);
    expect(stepsOf(told, "failed")).toEqual(["cloud.account"]);
    expect(told.map(({ event }) => event)).toContain("facts");
  });

  test("tells what it did, what exists now, and how that is removed", async () => {
    const world = new ModelWorld(wantedInCloud());
    const hands = world.hands();
    const fault = new Fault("APT_LOCKED", "dpkg is busy", { hint: "wait" });
    const { error, told } = await play(world, {
      hands: {
        ...hands,
        carryOut: async (deed, errand) => {
          if (deed.do === "script" && deed.call.name === "packages") throw fault;
          return hands.carryOut(deed, errand);
        },
      },
    });
    expect(error).toBe(fault);
    expect(told.slice(-2)).toEqual([
      { event: "failed", step: "system.packages", code: "APT_LOCKED", message: "dpkg is busy", hint: "wait" },
      {
        event: "left",
        done: ["cloud.key", "cloud.server", "cloud.ssh-limit", "contact.host-key", "system.swap"],
        exists: "server pawl-worker-1 (s-1vcpu-2gb, nyc3), $12/month ($0.01786/h)",
        price: { monthly: 12, hourly: 0.01786, currency: "USD" },
        remove: "provision-worker pawl-worker-1 --provider digitalocean --destroy",
      },
    ]);
  });

  test("gives up waiting for a server that does not start", async () => {
    const world = new ModelWorld(wantedInCloud());
    world.startsFor = Number.POSITIVE_INFINITY;
    const { error, told } = await play(world);
    expect(error).toMatchObject({ code: "CLOUD_STUCK", message: expect.stringContaining("it is starting") });
    expect(told).toContainEqual({
      event: "waiting",
      step: "cloud.active",
      what: "the server starts",
      obstacle: "it is starting",
      seconds: 297,
    });
    expect(world.asks("look")).not.toContain("look machine");
  });

  test("waits at last for the key that a person has to register, with everything else done", async () => {
    const world = new ModelWorld(wantedOnHost());
    if (world.machine) world.machine.askRepository = () => ({ refused: "Permission denied (publickey)." });
    const { error, told } = await play(world);
    expect(error).toMatchObject({
      code: "CLONE_DENIED",
      message: expect.stringContaining("Permission denied"),
      hint: expect.stringContaining("run the same again: ssh-ed25519 AAAAC3Worker"),
    });
    expect(stepsOf(told, "done").at(-1)).toBe("hardening.firewall");
  });

  test("reports a step that does not do what it says, without what is private", async () => {
    const world = new ModelWorld(wantedInCloud());
    const hands = world.hands();
    const { error, told } = await play(world, {
      hands: {
        ...hands,
        carryOut: async (deed, errand) => {
          if (errand.step !== "identity.registered") return hands.carryOut(deed, errand);
        },
      },
    });
    expect(error).toMatchObject({
      code: "NOT_CONVERGED",
      message: expect.stringContaining("it is not registered"),
    });
    const report = told.flatMap((one) => (one.event === "failed" ? [one.report ?? ""] : [])).join("");
    expect(JSON.parse(report)).toMatchObject({
      step: "identity.registered",
      facts: { machine: { swapMb: 2047 } },
    });
    expect(report).not.toMatch(/AAAAC3|203\.0\.113|SHA256:|pawl-worker-1|192\.0\.2/);
  });

  test("reports two steps that undo each other", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const { machine } = world;
    if (machine) machine.state.firewall = "inactive";
    const hands = world.hands();
    const { error } = await play(world, {
      hands: {
        ...hands,
        carryOut: async (deed, errand) => {
          if (machine) machine.state.swapMb = 0;
          return hands.carryOut(deed, errand);
        },
      },
    });
    expect(error).toMatchObject({ code: "NOT_CONVERGED", message: expect.stringContaining("system.swap") });
  });
});

describe("a step whose script of an earlier run still goes on", () => {
  test("is carried out once more when that one wanted something else", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const { machine } = world;
    if (!machine) throw new Error("there is no machine");
    delete machine.state.packages["git"];
    machine.state.running = ["system.packages"];
    const hands = world.hands();
    let tries = 0;
    const { error } = await play(world, {
      hands: {
        ...hands,
        carryOut: async (deed, errand) => {
          if (tries++ > 0) await hands.carryOut(deed, errand);
        },
      },
    });
    expect(error).toBeUndefined();
    expect(tries).toBe(2);
  });
});

describe("one step alone", () => {
  test("is made right and nothing else", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const { machine } = world;
    if (machine) Object.assign(machine.state, { swapMb: 0, firewall: "inactive" });
    const { applied } = await play(world, { only: "hardening.firewall" });
    expect(applied).toEqual({ changed: ["hardening.firewall"], right: 0 });
    expect(machine?.state.swapMb).toBe(0);
  });

  test("is refused while it waits for others", async () => {
    const world = new ModelWorld(wantedOnHost());
    const { error } = await play(world, { only: "service.units" });
    expect(error).toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("service.units waits for system.user, runtime.pawl, service.config"),
    });
    expect(world.asks("lock")).toEqual([]);
  });

  test("has to be one that there is", async () => {
    const { error } = await play(new ModelWorld(wantedOnHost()), { only: "sytem.swap" });
    expect(error).toMatchObject({
      code: "USAGE",
      message: 'There is no step "sytem.swap"; did you mean system.swap?',
    });
  });
});

describe("a run that was killed", () => {
  test.each([wantedInCloud(), wantedOnHost()])(
    "at any point is ended by the next one ($target.kind)",
    async (wanted) => {
      const whole = new ModelWorld(wanted);
      await provisioned(whole);
      expect(whole.boundaries).toBeGreaterThan(30);
      for (let killAt = 0; killAt < whole.boundaries; killAt++) {
        const world = new ModelWorld(wanted);
        world.killAt = killAt;
        expect((await play(world)).error).toBeInstanceOf(Killed);
        const { error } = await play(world);
        expect({ killAt, error }).toEqual({ killAt, error: undefined });
        expect(factsOf(world)).toEqual(factsOf(whole));
      }
    },
  );
});

function factsOf({ cloud, repository, machine }: ModelWorld): Partial<Facts> {
  return { cloud, repository, ...(machine && { machine: machine.probe() }) };
}
