import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { ContactFile } from "../../provision/contact/contact-file.ts";
import { isPinned } from "../../provision/contact/contact.ts";
import { SshMachine } from "../../provision/contact/ssh-machine.ts";
import type { Target } from "../../provision/wanted.ts";
import { JsonSpool } from "../adapters/files/json-spool.ts";
import { lockOrRefuse } from "../adapters/files/lock.ts";
import { findKeys } from "../adapters/ssh/identities.ts";
import { openHost } from "../adapters/ssh/open-host.ts";
import { readKnownHosts } from "../adapters/ssh/read-known-hosts.ts";
import type { HostKey } from "../format/known-hosts.ts";
import { isOfSystem } from "../fault.ts";
import type { KnownMachine, Meeting, Place } from "./provisioning.ts";

/** The keys by which whoever runs us is let in; one of our own is made in the folder where there is none. */
export async function keysIn(folder: string, { home, env }: Place["around"]) {
  return findKeys({ home, agent: env["SSH_AUTH_SOCK"], own: ownKeyIn(folder) });
}

export function ownKeyIn(folder: string): string {
  return join(folder, "id_ed25519");
}

export async function meetMachine(
  { wanted, hostKey, acceptNewHostKey, onlyLook = false }: Meeting,
  { folder, around, clock }: Pick<Place, "folder" | "around" | "clock">,
): Promise<SshMachine> {
  const { identities } = await keysIn(folder, around);
  return new SshMachine({
    wanted,
    file: contactOf(folder, wanted.name),
    open: async (at, trust) => openHost(at, { identities, trust, clock }),
    given: hostKey,
    knownToSsh: await knownToSsh(wanted.target, around.home),
    acceptNewHostKey,
    onlyLook,
    lockOrder: () => lockOrRefuse(join(folder, "orders", wanted.name), `An order of ${wanted.name}`),
    who: `${around.env["USER"] || "somebody"}@${around.hostname}, process ${process.pid}`,
    clock,
    random: randomBytes,
  });
}

async function knownToSsh(target: Target, home: string): Promise<HostKey[]> {
  return target.kind === "host" ? readKnownHosts(home, target.address, target.port) : [];
}

/** Names of the workers whose machines are known here. */
export async function workersIn(folder: string): Promise<string[]> {
  const files = await readdir(contactsIn(folder)).catch((error: unknown) => {
    if (isOfSystem(error) && error.code === "ENOENT") return [];
    throw error;
  });
  const names = files.flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
  const known = await Promise.all(names.map(async (name) => isPinned(await contactOf(folder, name).read())));
  return names.filter((_, n) => known[n]).toSorted();
}

/** Where the machine of this name was when we last met it. */
export async function machineIn(folder: string, name: string): Promise<KnownMachine | undefined> {
  const { target, address } = await contactOf(folder, name).read();
  return target === undefined || address === undefined ? undefined : { target, address };
}

/** What was asked for when the machine of this name was last met or ordered. */
export async function targetIn(folder: string, name: string): Promise<Target | undefined> {
  return (await contactOf(folder, name).read()).target;
}

function contactOf(folder: string, name: string): ContactFile {
  return new ContactFile(new JsonSpool(join(contactsIn(folder), `${name}.json`)));
}

function contactsIn(folder: string): string {
  return join(folder, "machines");
}
