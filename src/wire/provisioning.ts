import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";

import { type Config, usualState } from "../config/settle.ts";
import type { Surroundings } from "../config/surroundings.ts";
import { knownHostLines } from "../format/known-hosts.ts";
import type { Chance } from "../ports/chance.ts";
import type { Clock } from "../ports/clock.ts";
import type { RepoHost } from "../ports/repo-host.ts";
import type { ServerProvider } from "../ports/server-provider.ts";
import { keysBy } from "../../provision/identity/keys-by.ts";
import type { Remote } from "../../provision/identity/remote.ts";
import type { MachineHands } from "../../provision/machine-hands.ts";
import { pinnedNode } from "../../provision/pins.ts";
import type { Target, Wanted } from "../../provision/wanted.ts";

export type ProviderName = "digitalocean" | "hetzner";

/** The key by which machines let us in. */
export type OwnKey = {
  publicKey: string;
  /** Where it is, for people. */
  from: string;
  /** It was made just now. */
  isNew: boolean;
  /** We made it, for workers alone; else it is the person's own. */
  isOurs: boolean;
};

/** A machine as it was when we last met it. */
export type KnownMachine = { target: Target; address: string };

/** How a machine is to be met. */
export type Meeting = {
  wanted: Wanted;
  /** The fingerprint that a person has given for it. */
  hostKey?: string | undefined;
  /** A key other than the pinned one is pinned in its place. */
  acceptNewHostKey: boolean;
  /** Nothing of what is learned of it is kept. */
  onlyLook?: boolean;
};

/** What provision-worker and worker-status ask of outside. */
export type Provisioning = {
  provider(name: ProviderName): Promise<ServerProvider>;
  /** Undefined where its host has no API that we know, or nobody gave us a token for it. */
  repoHost(remote: Remote, branch: string): Promise<RepoHost | undefined>;
  /** Lines of known_hosts for the host of the repository, as far as this machine knows them. */
  knownHosts(remote: Remote): Promise<string[]>;
  /** Makes a key where there is none. */
  ownKey(): Promise<OwnKey>;
  machine(meeting: Meeting): Promise<MachineHands>;
  /** Names of the workers whose machines we have met from here. */
  knownWorkers(): Promise<string[]>;
  /** Where the machine of one of them was. */
  knownMachine(name: string): Promise<KnownMachine | undefined>;
  /** What was asked for when one of them was last met or ordered. */
  knownTarget(name: string): Promise<Target | undefined>;
  /** The tarball of the package that this command is of. */
  packPawl(): Promise<Buffer>;
  /** Node as our release knows it; a mirror may send it instead of its own host. */
  pinnedNode: typeof pinnedNode;
};

export type Place = {
  /** Whatever is kept about workers is kept here. */
  folder: string;
  around: Surroundings;
  clock: Clock;
  chance: Chance;
  version: string;
  knownHostsFile: string | undefined;
};

/** Where pinned host keys and our own ssh key are: beside all ledgers, since a machine is of none of them. */
export function workersFolder(config: Config | undefined, around: Surroundings): string {
  return join(config === undefined ? usualState(around) : dirname(config.state), "workers");
}

export function provisioning({
  folder,
  around,
  clock,
  chance,
  version,
  knownHostsFile,
}: Place): Provisioning {
  const { env, home } = around;
  const userAgent = `pawl/${version}`;
  return {
    async provider(name) {
      const { openProvider } = await import("../adapters/cloud/open-provider.ts");
      return openProvider(name, { env, clock, chance, userAgent });
    },
    async repoHost(remote, branch) {
      const { host, port, repository } = remote;
      const token = env["GITHUB_TOKEN"] || env["GH_TOKEN"] || undefined;
      const apiUrl = env["GITHUB_API_URL"] || undefined;
      if (!token || !repository || keysBy(remote, { token, apiUrl }) === "hands") return undefined;
      const { githubRepo } = await import("../adapters/github/github-repo.ts");
      const reached = { ...repository, ssh: { host, port }, branch };
      return githubRepo({ token, ...reached, ...(apiUrl ? { apiUrl } : {}), clock, chance });
    },
    async knownHosts({ host, port }) {
      const files = [knownHostsFile, join(home, ".ssh", "known_hosts"), "/etc/ssh/ssh_known_hosts"];
      const texts = await Promise.all(
        files.map(async (file) => (file ? readFile(file, "utf8").catch(() => "") : "")),
      );
      return knownHostLines(texts.join("\n"), host, port);
    },
    async ownKey() {
      const { keysIn, ownKeyIn } = await import("./meet-machine.ts");
      const { ownKey: publicKey, from, isNew } = await keysIn(folder, around);
      return { publicKey, from, isNew, isOurs: from === ownKeyIn(folder) };
    },
    async machine(meeting) {
      const { meetMachine } = await import("./meet-machine.ts");
      return meetMachine(meeting, { folder, around, clock });
    },
    async knownWorkers() {
      const { workersIn } = await import("./meet-machine.ts");
      return workersIn(folder);
    },
    async knownMachine(name) {
      const { machineIn } = await import("./meet-machine.ts");
      return machineIn(folder, name);
    },
    async knownTarget(name) {
      const { targetIn } = await import("./meet-machine.ts");
      return targetIn(folder, name);
    },
    pinnedNode,
    async packPawl() {
      const { packPackage } = await import("../adapters/npm/pack.ts");
      return packPackage(packageFolder(), { cache: join(folder, "package"), env: ofNpm(env) });
    },
  };
}

function packageFolder(): string {
  const path = findPackageJSON("..", import.meta.url);
  if (path === undefined) throw new Error("pawl has lost its package.json");
  return dirname(path);
}

/** npm runs what packages bring along; it gets no token of ours. */
function ofNpm(env: Surroundings["env"]): Surroundings["env"] {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) =>
      /^(PATH|HOME|TMPDIR|LANG|LC_ALL|https?_proxy|no_proxy|npm_config_.*)$/i.test(name),
    ),
  );
}
