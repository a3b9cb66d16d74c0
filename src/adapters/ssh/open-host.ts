import { NodeSSH, type Config } from "node-ssh";

import { Fault } from "../../fault.ts";
import type { HostKey, Trust } from "../../format/known-hosts.ts";
import { fingerprintOf, keyType } from "../../format/ssh-key.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RemoteHost } from "../../ports/remote-host.ts";
import type { Address } from "./address.ts";
import { changedFault, connectFault, otherKindFault, partsOf, unknownFault } from "./faults.ts";
import { attemptsFor, isTrusted, type Algorithm } from "./host-key-kinds.ts";
import { SshHost } from "./ssh-host.ts";

/** A key to be let in by. */
export type Identity = {
  /** Where it comes from, for people: a path, or "the ssh agent". */
  from: string;
  /** Text of a private key without a passphrase, or the socket of an ssh agent. */
  is: { privateKey: string } | { agent: string };
};

export type Approach = {
  /** Tried in this order. A machine counts each key that it refuses, and most stop at the sixth. */
  identities: readonly Identity[];
  trust: Trust;
  clock: Clock;
  /** Until somebody is let in. */
  connectSeconds?: number;
  /** A machine that is silent for three times so long is given up. */
  keepaliveSeconds?: number;
};

/**
 * Connects by ssh and proves that the machine is the one that is meant. Throws SSH_REFUSED, SSH_TIMEOUT, SSH_AUTH,
 * HOST_KEY_CHANGED or HOST_KEY_UNKNOWN; nothing was sent to the machine then that it could use.
 */
export async function openHost(at: Address, approach: Approach): Promise<RemoteHost> {
  let firstSeen: HostKey | undefined;
  for (const algorithms of attemptsFor(approach.trust)) {
    const outcome = await attempt(at, approach, algorithms);
    if (outcome.is === "open") return outcome.host;
    if (outcome.is === "strange") firstSeen ??= outcome.seen;
  }
  const expected = approach.trust === "any" ? [] : approach.trust;
  if (!firstSeen) throw otherKindFault(at, expected);
  throw expected.length === 0 ? unknownFault(at, firstSeen) : changedFault(at, firstSeen, expected);
}

type Outcome = { is: "open"; host: RemoteHost } | { is: "strange"; seen: HostKey } | { is: "other-kind" };

/** One connection; another one without the agent when it is the agent that fails, for node-ssh gives up then. */
async function attempt(at: Address, approach: Approach, algorithms: Algorithm[]): Promise<Outcome> {
  let seen: HostKey | undefined;
  const ssh = new NodeSSH();
  try {
    const connecting = ssh.connect({
      ...settings(at, approach),
      algorithms: { serverHostKey: algorithms },
      hostVerifier: (blob: Buffer) => {
        seen = { fingerprint: fingerprintOf(blob), type: keyType(blob) };
        return isTrusted(approach.trust, seen);
      },
    });
    hurry(ssh);
    await connecting;
  } catch (error) {
    abandon(ssh);
    if (seen && !isTrusted(approach.trust, seen)) return { is: "strange", seen };
    if (/no matching host key/.test(partsOf(error).said)) return { is: "other-kind" };
    const keys = approach.identities.filter(({ is }) => !("agent" in is));
    if (partsOf(error).level === "agent" && keys.length < approach.identities.length) {
      return attempt(at, { ...approach, identities: keys }, algorithms);
    }
    throw connectFault(
      at,
      error,
      approach.identities.map(({ from }) => from),
    );
  }
  const client = ssh.connection;
  if (!client || !seen)
    throw new Fault("SSH_REFUSED", "The connection ended as soon as it stood", { hint: "Try again." });
  return { is: "open", host: new SshHost(ssh, client, at, seen.fingerprint, approach.clock) };
}

/** ssh sends many small packets one after the other: held back to be joined, they make each command 100 ms longer. */
function hurry(ssh: NodeSSH): void {
  const client = ssh.connection;
  client?.once("connect", () => client.setNoDelay(true));
}

/** Without this a connection that came to nothing would keep our process from ending. */
function abandon(ssh: NodeSSH): void {
  ssh.connection?.on("error", () => undefined);
  ssh.connection?.destroy();
}

function settings(at: Address, approach: Approach): Config {
  const { connectSeconds = 15, keepaliveSeconds = 5 } = approach;
  return {
    host: at.address,
    port: at.port,
    username: at.user,
    readyTimeout: connectSeconds * 1000,
    keepaliveInterval: keepaliveSeconds * 1000,
    keepaliveCountMax: 3,
    authHandler: approach.identities.map(({ is }) =>
      "agent" in is
        ? { type: "agent" as const, username: at.user, agent: is.agent }
        : { type: "publickey" as const, username: at.user, key: is.privateKey },
    ),
  };
}
