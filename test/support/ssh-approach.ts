import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Address } from "../../src/adapters/ssh/address.ts";
import type { Approach, Identity } from "../../src/adapters/ssh/open-host.ts";
import { realClock } from "../../src/adapters/time/real-clock.ts";
import { knownHostKeys } from "../../src/format/known-hosts.ts";
import type { Sshd } from "./sshd.ts";

export function rootOn(sshd: Sshd): Address {
  return { user: "root", address: "127.0.0.1", port: sshd.port };
}

export function keyOf(sshd: Sshd, name = "user"): Identity {
  return { from: `the key ${name}`, is: { privateKey: readFileSync(join(sshd.folder, name), "utf8") } };
}

/** How our own sshd is come to when all is well. */
export function approachTo(sshd: Sshd, changed: Partial<Approach> = {}): Approach {
  return {
    identities: [keyOf(sshd)],
    trust: knownHostKeys(sshd.knownHostsLine, "127.0.0.1", sshd.port),
    clock: realClock,
    ...changed,
  };
}
