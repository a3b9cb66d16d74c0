import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { diskFault, Fault } from "../../fault.ts";
import { readPrivateKey, readPublicKey, sshKeyPair } from "../../format/ssh-key.ts";
import type { Identity } from "./open-host.ts";

export type Keys = {
  /** The public half of the one that a new machine is to let in, `TYPE BASE64`. */
  ownKey: string;
  /** Where that one comes from, for people. */
  from: string;
  /** It was made just now: a person wants to know where. */
  isNew: boolean;
  /** All that may be let in by a machine, in this order. */
  identities: Identity[];
};

export type Whereabouts = {
  home: string;
  /** The socket of the person's agent, $SSH_AUTH_SOCK. */
  agent?: string | undefined;
  /** Where a key of our own is, or is made when there is no other. */
  own: string;
};

/**
 * The keys of whoever runs us. A key of our own comes first once it is there: machines may know us by that one alone.
 * Else it is the agent's, else the person's own without a passphrase, else one is made. Throws SSH_NO_KEY when none
 * can be made.
 */
export async function findKeys({ home, agent, own }: Whereabouts): Promise<Keys> {
  const found = [
    ...(await keyIn(own)),
    ...(await keysOfAgent(agent)),
    ...(await Promise.all(usual.map(async (name) => keyIn(join(home, ".ssh", name))))).flat(),
  ];
  const isNew = found.length === 0;
  const keys = isNew ? [await makeKey(own)] : found;
  const [first] = keys;
  if (!first) throw noKey(own);
  // An agent hands over all of its keys by itself.
  const identities = keys.map(({ identity }) => identity);
  const once = identities.filter(({ from }, n) => identities.findIndex((other) => other.from === from) === n);
  return { ownKey: first.publicKey, from: first.identity.from, isNew, identities: once };
}

const usual = ["id_ed25519", "id_ecdsa", "id_rsa"];

type Key = { publicKey: string; identity: Identity };

/** The key of a file, if it is one that needs no passphrase. */
async function keyIn(path: string): Promise<Key[]> {
  const privateKey = await readFile(path, "utf8").catch(() => "");
  const read = readPrivateKey(privateKey);
  if (!read?.isOpen) return [];
  const publicKey = read.publicKey ?? bare(await readFile(`${path}.pub`, "utf8").catch(() => ""));
  return publicKey === undefined ? [] : [{ publicKey, identity: { from: path, is: { privateKey } } }];
}

async function keysOfAgent(agent: string | undefined): Promise<Key[]> {
  if (agent === undefined || agent === "") return [];
  const lines = await promisify(execFile)("ssh-add", ["-L"], {
    env: { ...process.env, SSH_AUTH_SOCK: agent },
    timeout: 3000,
  }).then(
    ({ stdout }) => stdout.split("\n"),
    () => [],
  );
  const identity: Identity = { from: "the ssh agent", is: { agent } };
  return lines
    .flatMap((line) => bare(line) ?? [])
    .toSorted((a, b) => Number(isBest(b)) - Number(isBest(a)))
    .map((publicKey) => ({ publicKey, identity }));
}

function isBest(publicKey: string): boolean {
  return publicKey.startsWith("ssh-ed25519 ");
}

function bare(line: string): string | undefined {
  const read = readPublicKey(line);
  return read && `${read.type} ${read.blob.toString("base64")}`;
}

/** Of two runs that make one at the same time, both take the key of the first. */
async function makeKey(path: string): Promise<Key> {
  const { privateKey } = sshKeyPair(randomBytes(32), "pawl");
  const draft = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, privateKey, { mode: 0o600, flag: "wx" });
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } catch (error) {
    throw diskFault(path, error);
  } finally {
    await rm(draft, { force: true });
  }
  const [key] = await keyIn(path);
  if (!key) throw noKey(path);
  return key;
}

function noKey(path: string): Fault {
  return new Fault("SSH_NO_KEY", `There is no ssh key to reach a machine by, and ${path} is none either`, {
    hint: "Move that file away and run it again, or load a key of your own with `ssh-add`.",
  });
}
