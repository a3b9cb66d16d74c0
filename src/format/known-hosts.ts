import { createHmac, timingSafeEqual } from "node:crypto";

import { fingerprintOf, readPublicKey } from "./ssh-key.ts";

/** A host key by its fingerprint, `SHA256:...`; its type, `ssh-ed25519` for one, where that is known. */
export type HostKey = { fingerprint: string; type?: string };

/** Keys by which a machine is known, or "any": whatever it shows is taken, which only a person may decide. */
export type Trust = readonly HostKey[] | "any";

/**
 * The keys that a `known_hosts` file has for an address, as ssh would find them. Lines of certificate authorities are
 * passed over; a key that a line revokes is left out.
 */
export function knownHostKeys(text: string, address: string, port: number): HostKey[] {
  return entriesOf(text, nameOf(address, port)).map(({ key }) => key);
}

/** The same keys as lines of a `known_hosts` file that has nothing else in it: no hash, no pattern, no comment. */
export function knownHostLines(text: string, address: string, port: number): string[] {
  const name = nameOf(address, port);
  return [...new Set(entriesOf(text, name).map(({ publicKey }) => `${name} ${publicKey}`))];
}

function nameOf(address: string, port: number): string {
  return port === 22 ? address.toLowerCase() : `[${address.toLowerCase()}]:${port}`;
}

function entriesOf(text: string, name: string): Entry[] {
  const entries = text
    .split("\n")
    .flatMap((line) => entryOf(line) ?? [])
    .filter(({ hosts }) => isNamed(hosts, name));
  const revoked = entries.filter(({ marker }) => marker === "@revoked").map(({ key }) => key.fingerprint);
  return entries.filter(({ marker, key }) => marker === undefined && !revoked.includes(key.fingerprint));
}

type Entry = { marker?: string; hosts: string; key: Required<HostKey>; publicKey: string };

function entryOf(line: string): Entry | undefined {
  const [, marker, hosts, rest] = /^\s*(?:(@\S+)\s+)?([^#\s]\S*)\s+(\S+\s+\S+)/.exec(line) ?? [];
  const key = readPublicKey(rest ?? "");
  if (hosts === undefined || !key) return undefined;
  return {
    ...(marker && { marker }),
    hosts,
    key: { type: key.type, fingerprint: fingerprintOf(key.blob) },
    publicKey: `${key.type} ${key.blob.toString("base64")}`,
  };
}

function isNamed(hosts: string, name: string): boolean {
  if (hosts.startsWith("|")) return isHashOf(hosts, name);
  const patterns = hosts.toLowerCase().split(",");
  const isRefused = patterns.some((pattern) => pattern.startsWith("!") && fits(pattern.slice(1), name));
  return !isRefused && patterns.some((pattern) => fits(pattern, name));
}

/** `|1|salt|HMAC-SHA1 of the name|`, as `HashKnownHosts` writes it. */
function isHashOf(hosts: string, name: string): boolean {
  const [, version, salt = "", hash = ""] = hosts.split("|");
  const expected = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
  const found = Buffer.from(hash, "base64");
  return version === "1" && found.length === expected.length && timingSafeEqual(found, expected);
}

function fits(pattern: string, name: string): boolean {
  const words = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${words.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(name);
}
