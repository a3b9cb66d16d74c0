import type { HostKey, Trust } from "../../format/known-hosts.ts";

/** Each kind of host key, with the algorithms that have a machine show that key. The best comes first. */
const kinds = [
  { types: ["ssh-ed25519"], algorithms: ["ssh-ed25519"] },
  {
    types: ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"],
    algorithms: ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"],
  },
  { types: ["ssh-rsa"], algorithms: ["rsa-sha2-512", "rsa-sha2-256"] },
] as const;

export type Algorithm = (typeof kinds)[number]["algorithms"][number];

/**
 * What to ask a machine for, one attempt after the other, so that it shows the key by which we know it: a machine has
 * several, and picks by what it is asked. A fingerprint alone does not tell of which kind its key is.
 */
export function attemptsFor(trust: Trust): Algorithm[][] {
  if (trust === "any" || trust.length === 0) return [kinds.flatMap(({ algorithms }) => [...algorithms])];
  const types = trust.flatMap(({ type }) => type ?? []);
  if (types.length < trust.length) return kinds.map(({ algorithms }) => [...algorithms]);
  const known = kinds.filter((kind) => kind.types.some((type) => types.includes(type)));
  return known.length === 0 ? attemptsFor([]) : [known.flatMap(({ algorithms }) => [...algorithms])];
}

export function isTrusted(trust: Trust, seen: HostKey): boolean {
  return trust === "any" || trust.some(({ fingerprint }) => fingerprint === seen.fingerprint);
}
