import { isIP } from "node:net";

/**
 * A range of addresses as everybody who keeps a firewall writes it back: with the bits that do not count at zero, and with
 * how many count, as in `192.0.2.0/24`. What is no range stays as it is.
 */
export function canonicalRange(text: string): string {
  const [address = "", written] = text.split("/");
  const family = isIP(address);
  if (family === 0) return text;
  const widest = family === 4 ? 32 : 128;
  const bits = written === undefined ? widest : Number(written);
  if (!Number.isInteger(bits) || bits < 0 || bits > widest) return text;
  const groups = family === 4 ? address.split(".").map(Number) : groupsOf(address);
  const size = family === 4 ? 8 : 16;
  const kept = groups.map((group, n) => group & maskOf(Math.min(size, Math.max(0, bits - n * size)), size));
  return `${family === 4 ? kept.join(".") : shortened(kept)}/${bits}`;
}

export function isSameRange(one: string, other: string): boolean {
  return canonicalRange(one) === canonicalRange(other);
}

/** Whether the range holds this address, of the same family. */
export function isInRange(address: string, range: string): boolean {
  const [network = "", bits] = canonicalRange(range).split("/");
  return isIP(address) === isIP(network) && canonicalRange(`${address}/${bits}`) === canonicalRange(range);
}

/** All addresses of a family. */
export function isEverybody(range: string): boolean {
  return canonicalRange(range).endsWith("/0");
}

function maskOf(bits: number, size: number): number {
  return (2 ** bits - 1) << (size - bits);
}

function groupsOf(address: string): number[] {
  const [head = "", tail] = canonical(address).split("::");
  const numbers = (part: string) =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const [before, after] = [numbers(head), numbers(tail ?? "")];
  const between = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: between }, () => 0), ...after];
}

function shortened(groups: readonly number[]): string {
  return canonical(groups.map((group) => group.toString(16)).join(":"));
}

/** As URLs write it: small letters, and the longest run of zeros left out. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
