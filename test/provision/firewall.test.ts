import { describe, expect, test } from "vitest";

import type { Wanted } from "../../provision/wanted.ts";
import type { ModelMachine } from "./model-machine.ts";
import { ModelWorld } from "./model-world.ts";
import { play, provisioned, type Played } from "./play.ts";
import { wantedInCloud, wantedOnHost } from "./wanted.ts";

type State = ModelMachine["state"];

const step = "hardening.firewall";
const anywhere = ["allow 22/tcp from 0.0.0.0/0", "allow 22/tcp from ::/0"];

/** A finished worker on somebody's own machine, entered from 192.0.2.10 through a router that leads port 2222 to 22. */
async function boxWith(
  change: Partial<State>,
  sshFrom?: string[],
): Promise<{ world: ModelWorld; state: State }> {
  const base = wantedOnHost();
  delete base.sshFrom;
  const wanted: Wanted = { ...base, ...(sshFrom && { sshFrom }) };
  const made = await provisioned(new ModelWorld(base));
  const world = new ModelWorld(wanted);
  world.machine = made.machine;
  const state = world.machine?.state;
  if (!state) throw new Error("there is no machine");
  state.sshd = { ...state.sshd, port: "22" };
  state.firewallRules = ["default DROP", ...anywhere];
  Object.assign(state, { connection: { from: "192.0.2.10", port: 22 } }, change);
  return { world, state };
}

function saidBy({ told }: Played): unknown {
  return told.find((one) => one.event === "right" && one.step === step);
}

async function changedOf(world: ModelWorld): Promise<readonly string[] | undefined> {
  const { applied, error } = await play(world);
  expect(error).toBeUndefined();
  expect((await play(world)).applied?.changed).toEqual([]);
  return applied?.changed;
}

describe("the firewall of somebody's own machine", () => {
  test("is opened again by a range that is everybody, and nothing of it is taken away", async () => {
    const { world, state } = await boxWith(
      { firewallRules: ["default DROP", "allow 22/tcp from 192.0.2.0/24"] },
      ["0.0.0.0/0"],
    );
    expect(await changedOf(world)).toEqual([step]);
    expect(state.firewallRules).toEqual(["default DROP", "allow 22/tcp from 192.0.2.0/24", ...anywhere]);
  });

  test("lets in the port that sshd listens on, whatever port a router has for it", async () => {
    const { world, state } = await boxWith({ firewall: "inactive", firewallRules: ["default ACCEPT"] });
    expect(await changedOf(world)).toEqual([step]);
    expect(state.firewallRules).toEqual(["default DROP", ...anywhere]);
  });

  test("lets in all ports of sshd, and the one that we came in by", async () => {
    const { world, state } = await boxWith({
      firewall: "inactive",
      firewallRules: ["default ACCEPT"],
      connection: { from: "192.0.2.10", port: 2200 },
    });
    state.sshd["port"] = "22 2022";
    await changedOf(world);
    for (const port of [22, 2022, 2200]) expect(state.firewallRules).toContain(`allow ${port}/tcp from ::/0`);
  });

  test.each([
    ["ranges that do not hold our address", {}, ["198.51.100.0/24"]],
    ["ranges of the other family", {}, ["2001:db8::/32"]],
    [
      "rules of the owner's that come into force",
      { firewall: "inactive", firewallRules: ["default DROP", "allow 22/tcp from 10.0.0.0/8"] },
      undefined,
    ],
  ] as const)("is not made to shut us out: %s", async (_, change, sshFrom) => {
    const { world, state } = await boxWith(
      structuredClone(change) as Partial<State>,
      sshFrom && [...sshFrom],
    );
    const before = structuredClone(state.firewallRules);
    const { error } = await play(world);
    expect(error).toMatchObject({
      code: "SETTINGS_UNSAFE",
      hint: expect.stringContaining("--ssh-from 192.0.2.10") as string,
    });
    expect(state.firewallRules).toEqual(before);
    expect(world.calls).not.toContain("firewall");
  });

  test.each([
    ["a limit of an earlier run", ["allow 22/tcp from 192.0.2.0/24"]],
    ["the owner's own rule", ["allow 22/any from 10.0.0.0/8"]],
    ["an application's rule", ["allow 22/tcp from 0.0.0.0/0 as OpenSSH"]],
    ["an interface alone", ["allow any/any from 0.0.0.0/0 on tailscale0"]],
  ])("stays as it is when nobody says from where: %s", async (_, rules) => {
    const { world, state } = await boxWith({ firewallRules: ["default DROP", ...rules] });
    expect(await changedOf(world)).toEqual([]);
    expect(state.firewallRules).toEqual(["default DROP", ...rules]);
  });

  test("keeps to the ranges: whatever else lets in ssh goes, and what lets in more is named", async () => {
    const others = ["allow any/any from 10.0.0.0/8", "allow 22/tcp from 0.0.0.0/0 on eth1"];
    const { world, state } = await boxWith(
      {
        firewallRules: [
          "default DROP",
          ...anywhere,
          "allow 22/any from 0.0.0.0/0",
          "allow 22/tcp from 0.0.0.0/0 as OpenSSH",
          "limit 22/tcp from ::/0",
          "allow 22/tcp from 203.0.113.0/24",
          ...others,
        ],
      },
      ["192.0.2.7/24"],
    );
    expect(await changedOf(world)).toEqual([step]);
    expect(state.firewallRules).toEqual(["default DROP", ...others, "allow 22/tcp from 192.0.2.7/24"]);
    expect(saidBy(await play(world))).toMatchObject({
      note: "it lets in any/any from 10.0.0.0/8, 22/tcp on eth1 too",
    });
  });

  test("is not switched on over what others reach there, until its owner has decided", async () => {
    const listening = ["22/tcp", "80/tcp", "51820/udp", "5353/udp", "5355/tcp", "40000/udp"];
    const off = { firewall: "inactive", firewallRules: ["default ACCEPT"], listening } as const;
    const { world, state } = await boxWith(structuredClone(off) as unknown as Partial<State>);
    expect(await changedOf(world)).toEqual([]);
    expect(saidBy(await play(world))).toMatchObject({
      note: expect.stringContaining("would close 80/tcp, 51820/udp;") as string,
    });
    state.firewallRules.push("allow 22/tcp from 10.0.0.0/8");
    expect(await changedOf(world)).toEqual([]);
    state.firewallRules.pop();
    state.firewallRules.push("deny 80/tcp from 0.0.0.0/0", "allow 51820/udp from 0.0.0.0/0");
    expect(await changedOf(world)).toEqual([step]);
    expect(state.firewall).toBe("active");

    const limited = await boxWith(structuredClone(off) as unknown as Partial<State>, ["192.0.2.0/24"]);
    expect((await play(limited.world)).error).toMatchObject({ code: "SETTINGS_UNSAFE" });
  });
});

test("the firewall of a server in a cloud is switched on whatever listens there", async () => {
  const world = new ModelWorld(wantedInCloud());
  const add = world.hands();
  const { error } = await play(world, {
    hands: {
      ...add,
      gatherMachine: async (...at) => {
        world.machine?.state.listening.push("80/tcp");
        return add.gatherMachine(...at);
      },
    },
  });
  expect(error).toBeUndefined();
  expect(world.machine?.state.firewall).toBe("active");
});

test("the firewall of an account is not made to shut us out of a server that is there", async () => {
  const before = await provisioned(new ModelWorld(wantedInCloud()));
  const world = new ModelWorld(wantedInCloud({ sshFrom: ["198.51.100.0/24"] }));
  Object.assign(world.cloud, before.cloud);
  world.machine = before.machine;
  if (world.machine) world.machine.state.connection = { from: "192.0.2.10", port: 22 };
  expect((await play(world)).error).toMatchObject({ code: "SETTINGS_UNSAFE" });
  expect(world.cloud.sshLimit).toEqual(["192.0.2.0/24"]);
});
