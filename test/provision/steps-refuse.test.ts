import { describe, expect, test } from "vitest";

import { allSteps } from "../../provision/all-steps.ts";
import type { Facts } from "../../provision/facts.ts";
import { knownHostsFor } from "../../provision/owned-files.ts";
import { places } from "../../provision/places.ts";
import type { Verdict } from "../../provision/step.ts";
import type { Wanted } from "../../provision/wanted.ts";
import type { FaultCode } from "../../src/fault.ts";
import type { ModelMachine } from "./model-machine.ts";
import { ModelWorld } from "./model-world.ts";
import { play, provisioned } from "./play.ts";
import { wantedInCloud, wantedOnHost } from "./wanted.ts";

type Refused = { code: FaultCode; message: RegExp; hint: RegExp };

describe("an account", () => {
  test.each<[string, (world: ModelWorld) => void, Refused]>([
    [
      "with two servers of the name",
      (world) => {
        world.addServer();
        world.addServer();
      },
      {
        code: "CLOUD_TWINS",
        message: /2 servers .* server-1 in nyc3, server-2 in nyc3/,
        hint: /another name/,
      },
    ],
    [
      "with somebody else's server of the name",
      (world) => world.addServer({ ours: false }),
      { code: "CLOUD_FOREIGN", message: /server-1 in nyc3.* no tag/, hint: /another name/ },
    ],
    [
      "with our server and somebody else's",
      (world) => {
        world.addServer();
        world.addServer({ ours: false });
      },
      { code: "CLOUD_TWINS", message: /server-1.*server-2/, hint: /another name/ },
    ],
    [
      "whose server is switched off",
      (world) => world.addServer({ state: "off", address: "203.0.113.9" }),
      { code: "CLOUD_LOCKED", message: /switched off/, hint: /Switch it on/ },
    ],
    [
      "that may have no more",
      ({ cloud }) => (cloud.account = { servers: 10, serverLimit: 10 }),
      { code: "CLOUD_QUOTA", message: /10 servers of 10/, hint: /ask the provider/ },
    ],
    [
      "that is locked",
      ({ cloud }) => (cloud.account = { servers: 0, trouble: "a bill is open" }),
      { code: "CLOUD_ACCOUNT", message: /a bill is open/, hint: /nothing was ordered/ },
    ],
  ])("%s is told of, and nothing is ordered", async (_, prepare, { code, message, hint }) => {
    const world = new ModelWorld(wantedInCloud());
    prepare(world);
    const before = world.cloud.servers.length;
    const { error } = await play(world);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(world.cloud.servers).toHaveLength(before);
    expect(world.calls.every((call) => call.startsWith("look"))).toBe(true);
  });

  test("in trouble keeps nobody from a server that it has", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    world.cloud.account = { servers: 10, serverLimit: 10, trouble: "a bill is open" };
    const { told } = await play(world);
    expect(told.at(-1)).toMatchObject({ event: "ended", changed: 0 });
    expect(told).toContainEqual(expect.objectContaining({ step: "cloud.account", note: "a bill is open" }));
  });

  test("with two servers of the name has none of them entered", async () => {
    const world = new ModelWorld(wantedInCloud());
    world.addServer({ state: "active", address: "203.0.113.9" });
    world.addServer({ state: "active", address: "203.0.113.10" });
    await play(world);
    expect(world.calls.toSorted()).toEqual(["look cloud", "look repository"]);
  });

  test("forgets servers that are gone", async () => {
    const world = new ModelWorld(wantedInCloud());
    world.addServer({ state: "gone" });
    expect((await play(world)).applied?.changed).toContain("cloud.server");
  });
});

describe("a size that is not to be had", () => {
  const offer = (size: string, monthly: number, regions: string[], memoryMb = 2048) => ({
    size,
    cpus: 1,
    memoryMb,
    diskGb: 50,
    price: { monthly, hourly: monthly / 672, currency: "USD" as const },
    regions,
  });
  const offers = [
    offer("tiny", 4, ["nyc3"], 512),
    offer("small", 6, ["nyc3"], 1024),
    offer("near", 14, ["nyc3"]),
    offer("wanted", 12, ["sfo3", "nyc1"]),
    offer("large", 24, ["nyc3"]),
    offer("huge", 96, ["nyc3"]),
  ];

  function hintFor(size: string, region: string): string {
    const world = new ModelWorld(
      wantedInCloud({
        target: { kind: "cloud", provider: "digitalocean", size, region, image: "debian-12-x64" },
      }),
    );
    const facts = { cloud: { ...world.cloud, offers } };
    const verdict = verdictOf("cloud.size", facts, world.wanted);
    expect(verdict).toMatchObject({ is: "impossible", fault: { code: "CLOUD_SIZE_REGION" } });
    return verdict?.is === "impossible" ? verdict.fault.hint : "";
  }

  test("there, is offered elsewhere, the nearest place first, and others of about that price there", () => {
    const hint = hintFor("wanted", "nyc3");
    expect(hint).toContain("wanted is to be had in nyc1, sfo3 (--region). In nyc3 there are (--size): small");
    expect(hint).toMatch(/small, .*; near, .*\$14\/month.*; large, /);
    expect(hint).not.toMatch(/tiny|huge/);
  });

  test("anywhere but where its price is another, is no reason to refuse it there, at the price of there", () => {
    const world = new ModelWorld(
      wantedInCloud({
        target: {
          kind: "cloud",
          provider: "hetzner",
          size: "cpx11",
          region: "ash",
          image: "debian-12",
        },
      }),
    );
    const dear = offer("cpx11", 7, ["ash", "hil"]);
    const facts = { cloud: { ...world.cloud, offers: [offer("cpx11", 5, ["fsn1"]), dear] } };
    expect(verdictOf("cloud.size", facts, world.wanted)).toMatchObject({ is: "right" });
    expect(verdictOf("cloud.server", facts, world.wanted)).toMatchObject({ is: "work", price: dear.price });
  });

  test("anywhere, is answered with the cheapest that do", () => {
    expect(hintFor("wnated", "nyc3")).toMatch(/^In nyc3 there are \(--size\): small.*; near.*; large/);
  });

  test("in a region that is none, is answered with those that are", () => {
    expect(hintFor("none", "nowhere")).toBe(
      'Nothing is to be had in "nowhere"; regions with servers: nyc1, nyc3, sfo3.',
    );
  });

  test("does not matter to a server that exists, which is said", () => {
    const world = new ModelWorld(wantedInCloud());
    world.addServer({ size: "s-2vcpu-4gb" });
    expect(verdictOf("cloud.size", { cloud: world.cloud }, world.wanted)).toMatchObject({
      is: "right",
      note: expect.stringContaining("it is s-2vcpu-4gb in nyc3"),
    });
  });
});

describe("a machine", () => {
  test.each<[string, (machine: ModelMachine) => void, Refused]>([
    [
      "with a system that we do not know",
      ({ state }) => (state.os = { id: "alpine", version: "3.22", arch: "x86_64", kernel: "6.8" }),
      { code: "OS_UNSUPPORTED", message: /alpine 3.22/, hint: /debian 12, / },
    ],
    [
      "with a processor that Node is not built for",
      ({ state }) => (state.os.arch = "riscv64"),
      { code: "OS_UNSUPPORTED", message: /riscv64/, hint: /aarch64/ },
    ],
    [
      "with too little memory",
      ({ state }) => (state.memoryMb = 480),
      { code: "LOW_MEMORY", message: /480 MB .* 900 MB/, hint: /larger/ },
    ],
    [
      "with too little room for swap and all the rest",
      ({ state }) => (state.diskFreeMb = 5000),
      { code: "LOW_DISK", message: /5000 MB .* 5120 MB/, hint: /Make room/ },
    ],
    [
      "whose user pawl is somebody",
      ({ state }) => (state.user = { exists: true, home: "/home/pawl" }),
      { code: "STEP_FAILED", message: /home \/home\/pawl, expected \/var\/lib\/pawl/, hint: /usermod/ },
    ],
    [
      "whose worker a person holds back",
      ({ state }) => (state.held = true),
      { code: "STEP_FAILED", message: /\/etc\/pawl\/hold/, hint: /leave out --start/ },
    ],
  ])("%s is told of before anything is changed there", async (_, prepare, { code, message, hint }) => {
    const world = await provisioned(new ModelWorld(wantedOnHost()));
    const { machine } = world;
    if (!machine) throw new Error("there is no machine");
    if (code !== "STEP_FAILED") Object.assign(machine.state, { node: { installed: [] }, swapMb: 0 });
    prepare(machine);
    const { error } = await play(world);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(world.calls).toEqual(["look machine"]);
  });

  test("that is full of what was installed is no reason to stop", async () => {
    const world = await provisioned(new ModelWorld(wantedOnHost()));
    if (world.machine) world.machine.state.diskFreeMb = 300;
    const { told, error } = await play(world);
    expect(error).toBeUndefined();
    expect(told).toContainEqual(
      expect.objectContaining({ step: "system.disk", note: "only 300 MB are free" }),
    );
  });

  test("of the cloud's whose first boot failed tells the end of its log; on a host of ours that is a note", () => {
    const boot = (wanted: Wanted) => {
      const world = new ModelWorld(wantedOnHost());
      Object.assign(world.machine?.state ?? {}, { firstBoot: "error", bootLog: "E: no such package" });
      const machine = world.machine?.probe();
      return verdictOf("contact.first-boot", { ...(machine && { machine }) }, wanted);
    };
    expect(boot(wantedInCloud())).toMatchObject({
      is: "impossible",
      fault: { code: "BOOT_FAILED", message: expect.stringContaining("E: no such package") },
    });
    expect(boot(wantedOnHost())).toMatchObject({ is: "right", note: expect.stringContaining("cloud-init") });
  });

  test("with another version of ours keeps it, and what --upgrade would bring is said", async () => {
    const world = await provisioned(new ModelWorld(wantedOnHost()));
    if (world.machine) world.machine.state.pawl = { installed: ["0.1.0"], current: "0.1.0" };
    const { told, applied } = await play(world);
    expect(applied?.changed).toEqual([]);
    expect(told).toContainEqual(
      expect.objectContaining({ step: "runtime.pawl", note: "it is 0.1.0; --upgrade brings 0.2.0" }),
    );
  });

  test("lets in what a person let in, and says so", async () => {
    const world = await provisioned(new ModelWorld(wantedOnHost()));
    world.machine?.state.firewallRules.push("allow 443/tcp from 0.0.0.0/0");
    const { told, applied } = await play(world);
    expect(applied?.changed).toEqual([]);
    expect(told).toContainEqual(
      expect.objectContaining({ step: "hardening.firewall", note: "it lets in 443/tcp too" }),
    );
  });

  test("whose firewall writes a range in its own way is right all the same", async () => {
    const world = await provisioned(
      new ModelWorld(wantedOnHost({ sshFrom: ["192.0.2.7/24", "198.51.100.9/32"] })),
    );
    const rules = ["default DROP", "allow 2222/tcp from 192.0.2.0/24", "allow 2222/tcp from 198.51.100.9"];
    Object.assign(world.machine?.state ?? {}, { firewallRules: rules });
    expect((await play(world)).applied?.changed).toEqual([]);
  });

  test("that keeps nobody from namespaces gets no profile", async () => {
    const world = new ModelWorld(wantedOnHost());
    if (world.machine) world.machine.restrictsNamespaces = false;
    await provisioned(world);
    expect(Object.keys(world.machine?.state.files ?? {})).not.toContain(places.bwrapProfile);
  });
});

test("a host of a repository whose keys nobody knows is not trusted blindly", () => {
  const wanted = wantedOnHost({ repository: { remote: "git@hub.example:c.git", keys: "hands" } });
  expect(verdictOf("identity.known-hosts", {}, wanted)).toMatchObject({
    is: "impossible",
    fault: { code: "HOST_KEY_UNKNOWN" },
  });
});

test("a host that registers keys and tells none of its own is known as this machine knows it, or not at all", () => {
  const told = (knownHosts: string[]): Facts => ({
    repository: { ...good, deployKeys: [], knownHosts },
  });
  const wanted = (knownHosts?: string[]) =>
    wantedInCloud({
      repository: { remote: "git@ghe.example:o/n", keys: "api", ...(knownHosts && { knownHosts }) },
    });
  expect(verdictOf("identity.known-hosts", {}, wanted())?.is).toBe("unknown");
  expect(verdictOf("identity.known-hosts", told([]), wanted())).toMatchObject({
    is: "impossible",
    fault: { code: "HOST_KEY_UNKNOWN" },
  });
  expect(knownHostsFor(wanted(["ours"]), told([]))).toEqual(["ours"]);
  expect(knownHostsFor(wanted(["ours"]), told(["its own"]))).toEqual(["its own"]);
});

const good = {
  private: true,
  mayAdminister: true,
  defaultBranch: "main",
  actions: "off",
  forcePushes: "forbidden",
} as const;

function verdictOf(id: string, facts: Facts, wanted: Wanted): Verdict | undefined {
  const step = allSteps.find((one) => one.id === id);
  return step?.check(facts, wanted);
}
