import { expect, test } from "vitest";

import { ContactFile } from "../../../provision/contact/contact-file.ts";
import type { Contact } from "../../../provision/contact/contact.ts";
import { SshMachine, type SshMachineParts } from "../../../provision/contact/ssh-machine.ts";
import type { Progress } from "../../../provision/progress.ts";
import { Fault } from "../../../src/fault.ts";
import type { Trust } from "../../../src/format/known-hosts.ts";
import { sshKeyPair } from "../../../src/format/ssh-key.ts";
import type { RemoteHost } from "../../../src/ports/remote-host.ts";
import { aServer } from "../../support/seen.ts";
import { leapingClock } from "../play.ts";
import { wantedInCloud, wantedOnHost } from "../wanted.ts";

const seed = Buffer.alloc(32, 1);
const throwAway = sshKeyPair(seed, "").fingerprint;
const [pinned, stranger] = [`SHA256:${"p".repeat(43)}`, `SHA256:${"s".repeat(43)}`] as const;
const server = aServer({ state: "active", address: "203.0.113.7" });
const { target } = wantedInCloud();
const broken = new Fault("SSH_LOST", "it answers no probe", { hint: "-" });

type Changes = Partial<SshMachineParts>;

/** A run that knows this of a machine, which shows a stranger's key and answers nothing else. */
function begin(known: Contact, changes: Changes = {}) {
  let kept: unknown = known;
  const trusted: Trust[] = [];
  const file = new ContactFile({ read: async () => kept, write: async (value) => void (kept = value) });
  const host: Partial<RemoteHost> = { hostKey: stranger, run: async () => Promise.reject(broken) };
  const machine = new SshMachine({
    wanted: wantedInCloud(),
    file,
    open: async (_, trust) => {
      trusted.push(trust);
      return host as RemoteHost;
    },
    knownToSsh: [],
    acceptNewHostKey: true,
    onlyLook: false,
    lockOrder: async () => ({ async [Symbol.asyncDispose]() {} }),
    who: "a test",
    clock: leapingClock(),
    random: () => seed,
    ...changes,
  });
  return { machine, trusted, kept: () => kept };
}

async function meet(known: Contact, changes: Changes = {}) {
  const told: Progress[] = [];
  const run = begin(known, changes);
  await expect(run.machine.gather(server, (one) => void told.push(one))).rejects.toBe(broken);
  return { ...run, told };
}

test("a server that is awaited is met by the key we made for it, whatever a person takes", async () => {
  const awaited = { target, throwAway: seed.toString("base64") };
  expect((await meet(awaited)).trusted).toEqual([[{ fingerprint: throwAway }]]);
  expect((await meet(awaited, { wanted: wantedOnHost() })).trusted).toEqual(["any"]);
});

test("a server that shows another key than it was told is for no person to take", async () => {
  const fault = new Fault("HOST_KEY_CHANGED", "another key", { hint: "--accept-new-host-key" });
  const open = async () => Promise.reject(fault);
  const told = { target, throwAway: seed.toString("base64") };
  for (const [known, hint] of [
    [told, /cloud-init.*--destroy/],
    [{ ...told, address: "203.0.113.7" }, /accept/],
  ] as const) {
    const gathering = begin(known, { open }).machine.gather(server, () => undefined);
    await expect(gathering).rejects.toMatchObject({
      code: "HOST_KEY_CHANGED",
      hint: expect.stringMatching(hint) as string,
    });
  }
});

test("a key that a person takes is pinned, but not by a run that only looks", async () => {
  const known = { target, address: "203.0.113.7", hostKey: pinned };
  const taken = await meet(known);
  expect(taken.kept()).toEqual({ ...known, hostKey: stranger });
  const looked = await meet(known, { onlyLook: true });
  expect(looked.trusted).toEqual(["any"]);
  expect(looked.kept()).toEqual(known);
  const text = `The host key ${stranger} would be pinned now in place of ${pinned}.`;
  expect(looked.told).toEqual([{ event: "advice", text }]);
});

test("an order that was not answered is known to the next run, and keeps it from ordering elsewhere", async () => {
  const { machine, kept } = begin({});
  expect(await machine.expectServer()).toMatchObject({ mayBeOut: false });
  expect(await begin(kept() as Contact).machine.expectServer()).toMatchObject({ mayBeOut: true });
  const hetzner = { kind: "cloud", provider: "hetzner", region: "nbg1", size: "cx23", image: "i" } as const;
  const elsewhere = begin(kept() as Contact, { wanted: wantedInCloud({ target: hetzner }) });
  await expect(elsewhere.machine.expectServer()).rejects.toMatchObject({
    code: "CLOUD_UNKNOWN_OUTCOME",
    message: "An order of pawl-worker-1 at digitalocean was never answered",
  });
  await machine.expectNone();
  expect(await begin(kept() as Contact).machine.expectServer()).toMatchObject({ mayBeOut: false });
});
