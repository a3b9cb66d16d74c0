import { z } from "zod";

import type { RepoFacts, DeployKey } from "../src/ports/repo-host.ts";
import type { Account, Offer, Server } from "../src/ports/server-provider.ts";

function runtimeFacts() {
  return z.object({
    installed: z.array(z.string()),
    current: z.string().optional(),
    previous: z.string().optional(),
  });
}

/** What the probe script prints, in one round trip; see files/probe.sh, which is its other half. */
export const machineFacts = z.strictObject({
  /** Bumped whenever script and schema change together. */
  probe: z.literal(1),
  os: z.object({ id: z.string(), version: z.string(), arch: z.string(), kernel: z.string() }),
  /** cloud-init's word; "absent" where there is none. */
  firstBoot: z.enum(["done", "running", "error", "absent"]),
  bootLog: z.string().optional(),
  memoryMb: z.number(),
  swapMb: z.number(),
  diskFreeMb: z.number(),
  memoryFreeMb: z.number(),
  upSeconds: z.number(),
  rebootPending: z.boolean(),
  timeSynced: z.boolean(),
  /** Versions of the packages that we ask for; no entry: not installed. */
  packages: z.record(z.string(), z.string()),
  user: z.object({ exists: z.boolean(), home: z.string().optional(), shell: z.string().optional() }),
  /** Owner, mode and path of those of our folders that are there: `root:root 0755 /etc/pawl`. */
  folders: z.array(z.string()),
  /** Public keys that root's sshd accepts. */
  rootKeys: z.array(z.string()),
  /**
   * Versions that lie side by side and are complete, the one that the link `current` points to, and the one that an
   * upgrade switched away from (link `previous`).
   */
  node: runtimeFacts(),
  openclaw: runtimeFacts(),
  pawl: runtimeFacts(),
  /** SHA-256 in hexadecimal, owner and mode of the files that are ours; no entry: not there. */
  files: z.record(
    z.string(),
    z.object({ sha256: z.string(), owner: z.string(), mode: z.string(), changedAt: z.number() }),
  ),
  /** Public half of the worker's deploy key. */
  deployKey: z.object({ publicKey: z.string(), madeAt: z.number() }).optional(),
  /** The key that is to take its place, and whether it has pushed to the repository. */
  nextDeployKey: z.object({ publicKey: z.string(), isProven: z.boolean() }).optional(),
  /** Whether the worker reaches the coordination repository with its key: the head it saw, or git's words. */
  repository: z.union([z.object({ head: z.string() }), z.object({ refused: z.string() })]).optional(),
  units: z.record(
    z.string(),
    z.object({
      load: z.string(),
      active: z.string(),
      sub: z.string(),
      enabled: z.string(),
      restarts: z.number(),
      result: z.string(),
      sinceSeconds: z.number().optional(),
      needsReload: z.boolean(),
    }),
  ),
  /** Units of long steps that still run, by step. */
  running: z.array(z.string()),
  firewall: z.enum(["active", "inactive", "absent"]),
  /** `allow 22/tcp from 0.0.0.0/0`, and what narrows it further; see steps/firewall-rules.ts. */
  firewallRules: z.array(z.string()),
  /** Where we come from as the machine sees it, and the port that we came in by. */
  connection: z.object({ from: z.string(), port: z.number() }).optional(),
  /** What can be reached from outside if no firewall forbids it: `80/tcp`. */
  listening: z.array(z.string()),
  /** Users who can log in by a password and have no key. */
  passwordOnly: z.array(z.string()),
  /** sshd's own word on its settings, `sshd -T`; of several ports all. */
  sshd: z.record(z.string(), z.string()),
  /** Whether the worker's user may begin a user namespace through bwrap. */
  bwrap: z.enum(["works", "refused", "absent"]),
  /** An `/etc/pawl/hold` file keeps the worker from starting. */
  held: z.boolean(),
  /** Fingerprints of the machine's ssh host keys, `SHA256:...`. */
  hostKeys: z.array(z.string()),
  hostKeyMadeAt: z.number().optional(),
});
export type MachineFacts = z.infer<typeof machineFacts>;

export type CloudFacts = {
  account: Account;
  offers: readonly Offer[];
  /** The account's id of our key. */
  keyId?: string;
  /** All of that name. */
  servers: readonly Server[];
  /** Asked for where a run is to limit ssh: the ranges, and the names of the account's other workers. */
  sshLimit?: readonly string[];
  otherWorkers?: readonly string[];
};

export type RepositoryFacts = RepoFacts & { deployKeys: readonly DeployKey[]; knownHosts: readonly string[] };

/** Whether we know the key that the machine shows, and whether that key is one that user data told. */
export type ContactFacts = { hostKey: string; isThrowAway: boolean };

/** Everything that a run knows; a part is missing as long as it cannot be asked for. */
export type Facts = {
  cloud?: CloudFacts;
  contact?: ContactFacts;
  machine?: MachineFacts;
  repository?: RepositoryFacts;
};
