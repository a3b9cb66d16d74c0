import { Fault } from "../src/fault.ts";
import type { DeployKey } from "../src/ports/repo-host.ts";
import type { Server } from "../src/ports/server-provider.ts";
import type { MachineFacts } from "./facts.ts";
import type { Left } from "./hands.ts";
import { serverOf, serversOf } from "./look.ts";
import { askedOf } from "./owned-files.ts";
import { places } from "./places.ts";
import { priceText } from "./price-text.ts";
import type { Deed } from "./step.ts";
import { isOf, materialOf } from "./steps/identity.ts";
import { runtimeNames } from "./steps/runtime.ts";
import { longScript } from "./steps/verdicts.ts";
import type { Wanted } from "./wanted.ts";

/** Something that goes. */
export type Removal = {
  /** `destroy.what` */
  id: string;
  sentence: string;
  deeds: readonly Deed[];
  /** It goes on without this, and what then happens instead. */
  mayFail?: string;
};

/** What is removed, in order, and what a person might expect to go and does not. */
export type RemovalPlan = { goes: readonly Removal[]; stays: readonly string[] };

/** Tasks may take ten minutes to end. */
const drainSeconds = 900;

const othersTakeOver = "other workers take over what it was doing when its leases run out";

/** What of a worker can be removed; `goes` is empty where nothing of it is left. Throws CLOUD_TWINS: never a guess. */
export function planRemoval(left: Left, wanted: Wanted): RemovalPlan {
  refuseTwins(left, wanted);
  const server = left.cloud && serverOf(left.cloud);
  const isLast = left.cloud !== undefined && left.cloud.others.length === 0;
  const goes = [
    ...stopped(left),
    ...deployKeys(left, wanted),
    ...files(left, wanted),
    ...(server ? [destroyed(server)] : []),
    ...(isLast && left.cloud?.sshLimit ? [opened(left.cloud.sshLimit)] : []),
    ...(isLast && left.isKeyOurs && left.cloud?.keyId !== undefined ? [forgotten(left.cloud.keyId)] : []),
    ...(left.isPinned ? [unpinned] : []),
  ];
  return { goes, stays: whatStays(left, wanted) };
}

function refuseTwins({ cloud }: Left, { name }: Wanted): void {
  const servers = cloud ? serversOf(cloud) : [];
  if (servers.length < 2) return;
  throw new Fault(
    "CLOUD_TWINS",
    `${servers.length} servers have the name ${name}: ${servers.map(({ id }) => id).join(", ")}`,
    {
      hint: "Nothing was destroyed: remove the right one by hand at the provider, then run the same again.",
    },
  );
}

function stopped({ machine }: Left): Removal[] {
  if (machine?.is !== "reached") return [];
  const units = [places.worker, places.reportTimer].filter(
    (unit) => machine.facts.units[unit]?.load === "loaded",
  );
  const isIdle = units.every((unit) => {
    const { active, enabled } = machine.facts.units[unit] ?? {};
    return active === "inactive" && enabled !== "enabled";
  });
  if (isIdle) return [];
  return [
    {
      id: "destroy.worker",
      sentence: "the worker ends what it has begun, or hands it back",
      deeds: [longScript({ name: "disable", values: { units } }, drainSeconds)],
      mayFail: othersTakeOver,
    },
  ];
}

/**
 * Only after the worker has ended: it pushes its last words with that key. Where we see no machine of its the key may be
 * that of one that lives elsewhere, in another account for one.
 */
function deployKeys(left: Left, { name, repository: { remote } }: Wanted): Removal[] {
  const { repository, machine } = left;
  const own = machine?.is === "reached" ? materialOf(machine.facts.deployKey?.publicKey) : undefined;
  const keys = (repository?.deployKeys ?? []).filter((one) => one.key === own || isOf(name, one));
  if (keys.length === 0) return [];
  return [
    {
      id: "destroy.deploy-key",
      sentence: `deploy key ${keys.map(({ title }) => JSON.stringify(title)).join(", ")} of ${remote}`,
      deeds: [
        ...(hasMachine(left) ? [] : [{ do: "refuse-namesake" } as const]),
        ...keys.map(({ id }: DeployKey) => ({ do: "remove-deploy-key", id }) as const),
      ],
    },
  ];
}

/** Whether the worker's machine answers, or is a server that goes. */
export function hasMachine({ machine, cloud }: Left): boolean {
  return machine?.is === "reached" || (cloud !== undefined && serverOf(cloud) !== undefined);
}

/** From a machine that goes on without us. */
function files({ machine }: Left, wanted: Wanted): Removal[] {
  if (wanted.target.kind !== "host" || machine?.is !== "reached" || !hasOurs(machine.facts, wanted))
    return [];
  return [
    {
      id: "destroy.files",
      sentence: `our programs, units and settings on ${wanted.target.address}`,
      deeds: [longScript({ name: "remove", values: { stateToo: false, firewallToo: false } }, 300)],
    },
  ];
}

function hasOurs(machine: MachineFacts, wanted: Wanted): boolean {
  const paths = askedOf(wanted).files;
  return (
    paths.some((path) => machine.files[path] !== undefined) ||
    runtimeNames.some((runtime) => machine[runtime].installed.length > 0)
  );
}

function destroyed({ id, name, region, size, price }: Server): Removal {
  const costs = price ? `, ${priceText(price)}` : "";
  return {
    id: "destroy.server",
    sentence: `server ${name} (${id}, ${size} in ${region}${costs}) and everything on it`,
    deeds: [{ do: "destroy-server", id }],
  };
}

function opened(from: readonly string[]): Removal {
  return {
    id: "destroy.ssh-limit",
    sentence: `the firewall that lets only ${from.join(", ")} reach ssh`,
    deeds: [{ do: "remove-ssh-limit" }],
  };
}

function forgotten(id: string): Removal {
  return {
    id: "destroy.account-key",
    sentence: "our ssh key in the account, which no other worker uses",
    deeds: [{ do: "remove-account-key", id }],
  };
}

const unpinned: Removal = {
  id: "destroy.pin",
  sentence: "the host key that we remember of it",
  deeds: [{ do: "forget-pin" }],
};

function whatStays(left: Left, wanted: Wanted): string[] {
  const { cloud, machine } = left;
  const { repository, target, name } = wanted;
  const foreign = cloud ? serversOf(cloud).filter(({ ours }) => !ours) : [];
  const key = machine?.is === "reached" ? materialOf(machine.facts.deployKey?.publicKey) : undefined;
  return [
    ...(cloud && serversOf(cloud).length === 0 && target.kind === "cloud"
      ? [`a server ${name} in another account, if there is one: this one at ${target.provider} has none`]
      : []),
    ...foreign.map(({ id }) => `server ${name} (${id}) is not ours: it has no tag pawl-worker`),
    ...(machine?.is === "unreachable"
      ? [`what the worker has begun: its machine does not answer (${machine.why}); ${othersTakeOver}`]
      : []),
    ...(cloud?.snapshots ?? []).map(
      (one) => `snapshot ${one.name}${one.price ? `, ${priceText(one.price)}` : ""}`,
    ),
    ...(cloud && cloud.others.length > 0
      ? [`other workers: ${cloud.others.map((one) => one.name).join(", ")}`]
      : []),
    ...(cloud?.keyId !== undefined && !left.isKeyOurs ? ["the ssh key in the account: it is your own"] : []),
    ...(repository.keys === "hands" && key !== undefined
      ? [`the worker's key at ${repository.remote}, for you to take away: ${key}`]
      : []),
    ...(target.kind === "host" && machine?.is === "reached"
      ? [`on ${target.address}: the packages, the firewall, swap, user ${places.user} and its ${places.home}`]
      : []),
    `the repository ${repository.remote} with all tasks and results, and the configuration here`,
  ];
}
