import { Fault } from "../src/fault.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { RepoHost } from "../src/ports/repo-host.ts";
import type { ServerProvider } from "../src/ports/server-provider.ts";
import type { CloudFacts } from "./facts.ts";
import type { Errand, Hands } from "./hands.ts";
import { deployKeyTitle } from "./identity/deploy-key-title.ts";
import type { MachineHands } from "./machine-hands.ts";
import { credentialPath, credentialUnit } from "./owned-files.ts";
import { orderServer } from "./order-server.ts";
import { type LastBeat, refuseNamesake } from "./refuse-namesake.ts";
import { manifest, script, stepFault } from "./scripts.ts";
import type { Deed } from "./step.ts";
import type { Wanted } from "./wanted.ts";

export type Parts = {
  wanted: Wanted;
  machine: MachineHands;
  /** There for targets in a cloud. */
  provider?: ServerProvider | undefined;
  /** There for repositories whose host registers keys. */
  repoHost?: RepoHost | undefined;
  /** The tarball of our own package. */
  packPawl: () => Promise<Buffer>;
  /** Values of the credentials, by name. */
  credentials: ReadonlyMap<string, string>;
  clock: Clock;
  /** There where the worker's hub is one that can be asked from here. */
  lastBeat?: LastBeat | undefined;
};

/** Hands that join a provider, a machine and a repository's host. */
export function handsOf(parts: Parts): Hands {
  const { wanted, machine } = parts;
  return {
    gatherCloud: () => gatherCloud(theProvider(parts), wanted),
    gatherMachine: (server, tell) => machine.gather(server, tell),
    async gatherRepository() {
      const host = theRepoHost(parts);
      const [facts, deployKeys, knownHosts] = await Promise.all([
        host.facts(),
        host.deployKeys(),
        host.knownHosts(),
      ]);
      return { ...facts, deployKeys, knownHosts };
    },
    lockMachine: () => machine.lock(),
    carryOut: (deed, errand) => carryOut(deed, errand, parts),
  };
}

export async function gatherCloud(
  provider: ServerProvider,
  { name, ownKey, sshFrom }: Pick<Wanted, "name" | "ownKey" | "sshFrom">,
): Promise<CloudFacts> {
  const [account, offers, keyId, servers, limit] = await Promise.all([
    provider.account(),
    provider.offers(),
    provider.findKey(ownKey),
    provider.find(name),
    sshFrom === undefined ? undefined : limitOf(provider, name),
  ]);
  return {
    account,
    offers,
    servers,
    ...(keyId !== undefined && { keyId }),
    ...limit,
  };
}

async function limitOf(
  provider: ServerProvider,
  name: string,
): Promise<Pick<CloudFacts, "sshLimit" | "otherWorkers">> {
  const [sshLimit, ours] = await Promise.all([provider.sshLimit(), provider.ours()]);
  const otherWorkers = ours
    .filter((server) => server.name !== name && server.state !== "gone")
    .map((server) => server.name);
  return { ...(sshLimit && { sshLimit }), otherWorkers };
}

async function carryOut(deed: Deed, errand: Errand, parts: Parts): Promise<void> {
  const { wanted, machine } = parts;
  const { step, tell, facts } = errand;
  switch (deed.do) {
    case "script": {
      const { call, input, seconds, long = false } = deed;
      const text = script(call.name, call.values as never);
      return run(parts, errand, { script: text, seconds, long, ...(input !== undefined && { input }) });
    }
    case "upload-pawl": {
      const { versions, npmRegistry } = wanted;
      const text = script("pawl", { version: versions.pawl, registry: npmRegistry });
      return run(parts, errand, { script: text, input: await parts.packPawl(), seconds: 1800, long: true });
    }
    case "store-credentials": {
      const files = deed.names.flatMap((name) => [
        { path: credentialPath(name), owner: "root:root", mode: "0600", text: credentialNamed(name, parts) },
        credentialUnit(name),
      ]);
      return run(parts, errand, {
        script: script("write-files", {}),
        input: manifest(files),
        seconds: 60,
        long: false,
      });
    }
    case "rotate-host-key":
      return machine.rotateHostKey(tell);
    case "forget-pin":
      return machine.forgetPin();
    case "add-account-key":
      await theProvider(parts).addKey(`pawl ${wanted.name}`, wanted.ownKey);
      return;
    case "refuse-namesake":
      return refuseNamesake({ ...parts, name: wanted.name, now: () => parts.clock.now(), tell });
    case "create-server":
      return orderServer(theProvider(parts), { wanted, facts, step, tell, machine, clock: parts.clock });
    case "limit-ssh":
      await theProvider(parts).limitSsh(deed.from);
      return;
    case "destroy-server":
      await theProvider(parts).destroy(deed.id);
      return;
    case "remove-ssh-limit":
      await theProvider(parts).removeSshLimit();
      return;
    case "remove-account-key":
      await theProvider(parts).removeKey(deed.id);
      return;
    case "register-deploy-key": {
      const day = parts.clock.now().toISOString().slice(0, 10);
      await theRepoHost(parts).addDeployKey(deployKeyTitle(wanted.name, day), deed.publicKey);
      return;
    }
    case "remove-deploy-key":
      await theRepoHost(parts).removeDeployKey(deed.id);
      return;
    default:
      return deed satisfies never;
  }
}

type Script = { script: string; input?: string | Buffer; seconds: number; long: boolean };

async function run({ machine }: Parts, { step, tell }: Errand, what: Script): Promise<void> {
  const onLine = (line: string) => tell({ event: "output", step, line });
  const ended = await machine.run({ ...what, step, onLine });
  if (ended.status !== 0) throw stepFault(step, ended);
}

function credentialNamed(name: string, { credentials }: Parts): string {
  const value = credentials.get(name);
  if (value === undefined) throw new TypeError(`nobody brought the credential ${name}`);
  return value;
}

function theProvider({ provider, wanted }: Parts): ServerProvider {
  if (provider) return provider;
  throw new Fault("USAGE", `${wanted.name} is no server of a provider`, { hint: "Leave --host out." });
}

function theRepoHost({ repoHost, wanted }: Parts): RepoHost {
  if (repoHost) return repoHost;
  throw new Fault("GH_TOKEN", `Nobody may register keys at ${wanted.repository.remote} for us`, {
    hint: "Export GITHUB_TOKEN, or register the worker's key by hand.",
  });
}
