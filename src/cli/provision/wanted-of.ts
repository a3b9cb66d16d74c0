import { readFile } from "node:fs/promises";

import type { Config } from "../../config/settle.ts";
import { workerConfig } from "../../config/worker-config.ts";
import { Fault } from "../../fault.ts";
import { workerFiles } from "../../openclaw/worker-files.ts";
import type { RepoHost } from "../../ports/repo-host.ts";
import { readRemote } from "../../../provision/identity/remote.ts";
import { openclawVersion } from "../../../provision/pins.ts";
import { places } from "../../../provision/places.ts";
import type { Repository, Target, Versions, Wanted } from "../../../provision/wanted.ts";
import type { OwnKey, Provisioning } from "../../wire/provisioning.ts";
import type { Cli } from "../cli.ts";
import type { Asked } from "./asked.ts";
import { type Credential, readCredentials } from "./read-credentials.ts";

export type Prepared = {
  wanted: Wanted;
  repoHost: RepoHost | undefined;
  credentials: Credential[];
  ownKey: OwnKey;
};

/** What a run is to bring about, made of what was typed, this machine's configuration and its environment. */
export async function wantedOf(
  cli: Cli,
  asked: Pick<Asked, "name" | "start" | "repo" | "credentials" | "sshFrom"> & { target: Target },
  { config, provisioning }: { config: Config; provisioning: Provisioning },
): Promise<Prepared> {
  const { around } = cli.world;
  const remote = readRemote(asked.repo ?? config.provision.remote);
  const repoHost = await provisioning.repoHost(remote, config.branch);
  const { text, variables, runsOpenclaw } = workerConfig(await textOf(config), {
    name: asked.name,
    remote: remote.address,
    branch: config.branch,
    state: places.state,
    key: places.deployKey,
    knownHosts: places.knownHosts,
    openclawConfig: places.openclawConfig,
  });
  const credentials = await readCredentials(asked.credentials, { around, known: variables });
  const ownKey = await provisioning.ownKey();
  const repository: Repository = {
    remote: remote.address,
    branch: config.branch,
    keys: repoHost ? "api" : "hands",
    ...given(await provisioning.knownHosts(remote)),
  };
  const npmRegistry = around.env["NPM_REGISTRY_URL"];
  const wanted: Wanted = {
    name: asked.name,
    target: asked.target,
    repository,
    versions: versionsOf(cli, provisioning, runsOpenclaw),
    config: text,
    openclawConfig: workerFiles({ openclawPath: places.openclawConfig, remote: undefined, name: asked.name })
      .openclaw,
    ownKey: ownKey.publicKey,
    start: asked.start,
    ...(asked.sshFrom && { sshFrom: asked.sshFrom }),
    ...(npmRegistry && { npmRegistry: checkedRegistry(npmRegistry) }),
    ...(credentials.length > 0 && { credentials: credentials.map(({ name, sha256 }) => ({ name, sha256 })) }),
  };
  return { wanted, repoHost, credentials, ownKey };
}

function given(knownHosts: string[]): Partial<Repository> {
  return knownHosts.length === 0 ? {} : { knownHosts };
}

function versionsOf({ world }: Cli, { pinnedNode }: Provisioning, runsOpenclaw: boolean): Versions {
  return {
    node: pinnedNode(world.around.env["NODE_DIST_URL"] || undefined),
    ...(runsOpenclaw ? { openclaw: openclawVersion } : {}),
    pawl: world.version(),
  };
}

/** Undefined where the configuration is of no file: all of it then comes from the command line. */
async function textOf({ source }: Config): Promise<string | undefined> {
  return source === undefined ? undefined : readFile(source, "utf8");
}

/** It becomes a word of npm's command line on the worker, and is shown in plans. */
function checkedRegistry(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "")
    return url.href;
  throw new Fault("CONFIG_INVALID", "NPM_REGISTRY_URL is no address of a registry", {
    hint: "It begins with https:// and holds no user and no password.",
  });
}
