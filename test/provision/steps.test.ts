import { describe, expect, test } from "vitest";

import { allSteps } from "../../provision/all-steps.ts";
import { credentialPath, credentialUnit } from "../../provision/owned-files.ts";
import { places } from "../../provision/places.ts";
import { faultCodes } from "../../src/fault.ts";
import { Random } from "../support/random.ts";
import type { ModelMachine } from "./model-machine.ts";
import { ModelWorld, stepsOf } from "./model-world.ts";
import { play, provisioned } from "./play.ts";
import { wantedInCloud, wantedOnHost } from "./wanted.ts";

type Drift = { step: string; what: string; drift: (world: ModelWorld, machine: ModelMachine) => void };

/** What may happen to a worker behind our back, and the one step that it concerns. */
const drifts: readonly Drift[] = [
  { step: "cloud.key", what: "the key was taken from the account", drift: ({ cloud }) => delete cloud.keyId },
  { step: "cloud.ssh-limit", what: "ssh was opened", drift: ({ cloud }) => delete cloud.sshLimit },
  {
    step: "cloud.ssh-limit",
    what: "ssh was opened to more",
    drift: ({ cloud }) => (cloud.sshLimit = ["0.0.0.0/0"]),
  },
  {
    step: "contact.host-key",
    what: "the key is that of the user data",
    drift: (_, machine) => (machine.isThrowAway = true),
  },
  { step: "system.swap", what: "swap was switched off", drift: (_, { state }) => (state.swapMb = 0) },
  { step: "system.packages", what: "git was removed", drift: (_, { state }) => delete state.packages["git"] },
  {
    step: "system.user",
    what: "the user was removed",
    drift: (_, { state }) => (state.user = { exists: false }),
  },
  { step: "system.user", what: "its home was removed", drift: (_, { state }) => state.folders.splice(2) },
  { step: "system.time", what: "the clock runs free", drift: (_, { state }) => (state.timeSynced = false) },
  { step: "system.upgrades", what: "its file was edited", drift: edited(places.upgrades) },
  {
    step: "system.journal",
    what: "its file was removed",
    drift: (_, { state }) => delete state.files[places.journald],
  },
  { step: "runtime.node", what: "its link is gone", drift: (_, { state }) => delete state.node.current },
  { step: "runtime.node", what: "it is gone", drift: (_, { state }) => (state.node = { installed: [] }) },
  {
    step: "runtime.openclaw",
    what: "it is gone",
    drift: (_, { state }) => (state.openclaw = { installed: [] }),
  },
  { step: "runtime.pawl", what: "it is gone", drift: (_, { state }) => (state.pawl = { installed: [] }) },
  { step: "identity.known-hosts", what: "the host has new keys", drift: edited(places.knownHosts) },
  {
    step: "identity.registered",
    what: "the key may only read",
    drift: ({ repository }) =>
      (repository.deployKeys = repository.deployKeys.map((key) => ({ ...key, mayWrite: false }))),
  },
  {
    step: "identity.registered",
    what: "the key of a machine of that name is still there",
    drift: (world) => world.addDeployKey("pawl pawl-worker-1 2026-10-01", "ssh-ed25519 AAAAC3Old"),
  },
  { step: "service.config", what: "it was edited", drift: edited(places.config) },
  {
    step: "service.config",
    what: "everybody may read it",
    drift: (_, { state }) => (fileIn(state, places.openclawConfig).mode = "0644"),
  },
  {
    step: "service.credentials",
    what: "one has another value",
    drift: edited(credentialPath("ANTHROPIC_API_KEY")),
  },
  {
    step: "service.credentials",
    what: "the worker is not given one",
    drift: edited(credentialUnit("ANTHROPIC_API_KEY").path),
  },
  {
    step: "service.bwrap",
    what: "the profile is gone",
    drift: (_, { state }) => delete state.files[places.bwrapProfile],
  },
  { step: "service.bwrap", what: "the profile was edited", drift: edited(places.bwrapProfile) },
  { step: "service.units", what: "a unit was edited", drift: edited(`/etc/systemd/system/${places.worker}`) },
  {
    step: "service.units",
    what: "systemd has not read it again",
    drift: (_, machine) => (machine.unit(places.worker).needsReload = true),
  },
  {
    step: "service.heartbeat",
    what: "the timer was disabled",
    drift: (_, machine) =>
      Object.assign(machine.unit(places.reportTimer), { enabled: "disabled", active: "inactive" }),
  },
  { step: "hardening.sshd", what: "its file was edited", drift: edited(places.sshd) },
  { step: "hardening.firewall", what: "it is off", drift: (_, { state }) => (state.firewall = "inactive") },
  {
    step: "hardening.firewall",
    what: "it limits ssh",
    drift: (_, { state }) => (state.firewallRules = ["default DROP", "limit 22/tcp from 0.0.0.0/0"]),
  },
  {
    step: "hardening.firewall",
    what: "it lets in what no rule forbids",
    drift: (_, { state }) => (state.firewallRules[0] = "default ACCEPT"),
  },
  {
    step: "service.started",
    what: "the worker was stopped",
    drift: (_, machine) => Object.assign(machine.unit(places.worker), { active: "inactive", sub: "dead" }),
  },
  {
    step: "service.started",
    what: "the worker ends as soon as it begins",
    drift: (_, machine) =>
      Object.assign(machine.unit(places.worker), { active: "activating", sub: "auto-restart" }),
  },
];

function edited(path: string): Drift["drift"] {
  return (_, { state }) => (fileIn(state, path).sha256 = "0".repeat(64));
}

function fileIn({ files }: ModelMachine["state"], path: string) {
  const file = files[path];
  if (!file) throw new Error(`${path} is not there`);
  return file;
}

async function worker(): Promise<{ world: ModelWorld; machine: ModelMachine }> {
  const world = await provisioned(new ModelWorld(wantedInCloud()));
  if (!world.machine) throw new Error("there is no machine");
  return { world, machine: world.machine };
}

describe("the steps", () => {
  test("have an id each, of their phase", () => {
    expect(new Set(allSteps.map(({ id }) => id)).size).toBe(allSteps.length);
    for (const { id, phase } of allSteps) expect(id).toMatch(new RegExp(`^${phase}\\.[a-z-]+$`));
  });

  test("wait only for steps before them", () => {
    allSteps.forEach(({ after }, at) => {
      const before = allSteps.slice(0, at).map(({ id }) => id);
      expect(before).toEqual(expect.arrayContaining([...after]));
    });
  });

  test("are known for faults that exist", () => {
    const codes = Object.keys(faultCodes);
    for (const { codes: known } of allSteps) expect(codes).toEqual(expect.arrayContaining([...known]));
    expect(allSteps.filter(({ codes: known }) => known.length === 0)).toEqual([]);
  });

  test("say in a sentence what is true once they are done", () => {
    for (const wanted of [wantedInCloud(), wantedOnHost()]) {
      for (const step of allSteps.filter(({ isAsked }) => isAsked?.(wanted) ?? true)) {
        expect(step.sentence(wanted)).toMatch(/^\S.*[^.\s]$/);
        expect(step.sentence(wanted)).not.toMatch(/undefined|\[object/);
      }
    }
  });

  test("know nothing without facts", () => {
    const verdicts = allSteps.map(({ check }) => check({}, wantedInCloud()).is);
    expect(new Set(verdicts)).toEqual(new Set(["unknown"]));
  });

  test("have at most one long action, after which a later run looks by the step's name", async () => {
    const long = new Map<string, number>();
    const world = new ModelWorld(wantedInCloud());
    const hands = world.hands();
    const { error } = await play(world, {
      hands: {
        ...hands,
        carryOut: async (deed, errand) => {
          const isLong = deed.do === "upload-pawl" || (deed.do === "script" && deed.long === true);
          if (isLong) long.set(errand.step, (long.get(errand.step) ?? 0) + 1);
          return hands.carryOut(deed, errand);
        },
      },
    });
    expect(error).toBeUndefined();
    expect([...long.values()].every((count) => count === 1)).toBe(true);
    expect([...long.keys()]).toEqual(
      expect.arrayContaining(["runtime.node", "runtime.openclaw", "runtime.pawl"]),
    );
  });
});

describe("a worker that was changed by hand", () => {
  test.each(drifts)("is repaired by $step alone: $what", async ({ step, drift }) => {
    const { world, machine } = await worker();
    drift(world, machine);
    const { applied, told, error } = await play(world);
    expect(error).toBeUndefined();
    expect(applied?.changed).toEqual([step]);
    expect(stepsOf(told, "begun")).toEqual(applied?.changed);
    expect((await play(world)).applied?.changed).toEqual([]);
  });

  test("is tried for each step that changes anything", () => {
    const idle = new Set([
      "identity.rights",
      "cloud.account",
      "cloud.size",
      "system.os",
      "system.memory",
      "system.disk",
    ]);
    // A server that is gone, a key that is lost: another worker begins.
    const larger = new Set(["cloud.server", "identity.key"]);
    const onlyWait = new Set(["cloud.active", "contact.first-boot", "identity.reachable"]);
    const tried = new Set(drifts.map(({ step }) => step));
    const excused = new Set([...idle, ...larger, ...onlyWait]);
    expect(allSteps.map(({ id }) => id).filter((id) => !tried.has(id) && !excused.has(id))).toEqual([]);
  });

  test("is repaired whatever happened to it, and then stays", async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed * 7919);
      const { world, machine } = await worker();
      const some = drifts.filter(() => random.below(3) === 0);
      for (const { drift } of some) {
        try {
          drift(world, machine);
        } catch {
          // Another one took away what it would have changed.
        }
      }
      const { error } = await play(world);
      world.calls = [];
      const again = await play(world);
      expect({ seed, error, changed: again.applied?.changed, calls: world.calls }).toEqual({
        seed,
        error: undefined,
        changed: [],
        calls: ["look cloud", "look repository", "look machine"],
      });
    }
  });

  test("that boots just now is waited for, and nothing is changed", async () => {
    const { world, machine } = await worker();
    machine.state.firstBoot = "running";
    machine.bootsFor = 2;
    const { applied, told } = await play(world);
    expect(applied?.changed).toEqual([]);
    expect(stepsOf(told, "waiting")).toEqual(["contact.first-boot"]);
    expect(world.calls).toEqual([
      "look cloud",
      "look repository",
      "look machine",
      "look machine",
      "look machine",
    ]);
  });

  test("fetches nothing that is there, and was only not in use", async () => {
    const { world, machine } = await worker();
    delete machine.state.node.current;
    await play(world);
    expect(world.calls.filter((call) => !call.startsWith("lo"))).toEqual(["switch"]);
  });

  test("gets another key when its own is gone, and the old one is taken from the repository", async () => {
    const { world, machine } = await worker();
    world.repository.deployKeys = [];
    world.addDeployKey("pawl pawl-worker-1 2026-10-01", "ssh-ed25519 AAAAC3Lost");
    world.addDeployKey("pawl pawl-worker-12 2026-10-01", "ssh-ed25519 AAAAC3Other");
    world.addDeployKey("Aaron's laptop", "ssh-ed25519 AAAAC3Laptop");
    delete machine.state.deployKey;
    const { applied } = await play(world);
    expect(applied?.changed).toEqual(["identity.key", "identity.registered"]);
    expect(world.repository.deployKeys.map(({ title }) => title)).toEqual([
      "pawl pawl-worker-12 2026-10-01",
      "Aaron's laptop",
      "pawl pawl-worker-1 2026-11-21",
    ]);
  });
});
