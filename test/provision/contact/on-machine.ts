import { openHost, type Approach } from "../../../src/adapters/ssh/open-host.ts";
import { realClock } from "../../../src/adapters/time/real-clock.ts";
import { sshKeyPair } from "../../../src/format/ssh-key.ts";
import type { RemoteHost } from "../../../src/ports/remote-host.ts";
import type { Machine } from "../../support/machine/machine.ts";

/** The key by which tests of contacts get into their machines. */
export const visitor = sshKeyPair(Buffer.alloc(32, "visitor"), "visitor");

export const approach = {
  identities: [{ from: "the test's key", is: { privateKey: visitor.privateKey } }],
  clock: realClock,
  // A pulled cable is noticed soon.
  keepaliveSeconds: 0.5,
} as const satisfies Partial<Approach>;

export async function visit(machine: Machine): Promise<RemoteHost> {
  const at = { user: "root", address: machine.address, port: 22 };
  return openHost(at, { ...approach, trust: [{ fingerprint: await machine.hostKey() }] });
}
