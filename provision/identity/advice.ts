import type { RepoFacts, RepoHost } from "../../src/ports/repo-host.ts";
import type { MachineFacts } from "../facts.ts";
import { places } from "../places.ts";
import type { Wanted } from "../wanted.ts";

/**
 * What a person might set at the repository so that a worker, which may push to it, can do less harm there. Nothing
 * where all is well.
 */
function adviceOnRepository(
  repository: string,
  { private: isPrivate, actions, forcePushes, defaultBranch }: RepoFacts,
  branch = defaultBranch,
): string[] {
  const unknown = [
    ...(actions === "unknown" ? ["whether Actions run"] : []),
    ...(forcePushes === "unknown" ? [`whether force pushes to ${branch} are forbidden`] : []),
  ];
  return [
    ...(isPrivate
      ? []
      : [`${repository} is public: everybody reads its tasks and results. Make it private, or another one.`]),
    ...(actions === "on"
      ? [
          `GitHub Actions run in ${repository}: who may push there, as a worker may, decides what they run. A repository for coordination alone needs none; switch them off under Settings, Actions, General.`,
        ]
      : []),
    ...(forcePushes === "allowed"
      ? [
          `Force pushes to ${branch} of ${repository} are allowed: who may push could rewrite what has happened. Block them under Settings, Rules, Rulesets.`,
        ]
      : []),
    ...(unknown.length === 0
      ? []
      : [
          `The token may not ask ${unknown.join(" and ")} in ${repository}: have a look at its settings yourself.`,
        ]),
  ];
}

/** What is worth telling at the end of a run that changed these steps. */
export function adviceAfter(
  changed: readonly string[],
  { repository }: Pick<Wanted, "repository">,
  seen: {
    host?: Pick<RepoHost, "repository" | "warning"> | undefined;
    facts?: RepoFacts | undefined;
    machine?: Pick<MachineFacts, "units"> | undefined;
  },
): string[] {
  const { host, facts, machine } = seen;
  const isNew = changed.includes("identity.key") || changed.includes("identity.registered");
  const restart = adviceOnRestart(changed, machine);
  if (host === undefined) return [...restart, ...(isNew ? [adviceByHand] : [])];
  return [
    ...restart,
    ...(isNew && host.warning !== undefined ? [host.warning] : []),
    ...(facts ? adviceOnRepository(host.repository, facts, repository.branch) : []),
  ];
}

/** What systemd hands to the worker at its start stays as it is until the next one: a key that leaked, for one. */
function adviceOnRestart(
  changed: readonly string[],
  machine: Pick<MachineFacts, "units"> | undefined,
): string[] {
  const stale = changed.flatMap((step) => (step in readAtStart ? [readAtStart[step]] : []));
  if (stale.length === 0 || starting.some((step) => changed.includes(step))) return [];
  if (machine?.units[places.worker]?.active !== "active") return [];
  return [
    `The worker that runs still has its former ${stale.join(" and ")}: run \`systemctl restart openclaw-worker\` there when it is idle.`,
  ];
}

const readAtStart: Readonly<Record<string, string>> = {
  "service.credentials": "credentials",
  "service.units": "unit",
};

/** Steps after which a worker that runs has begun anew. */
const starting = ["service.started", "upgrade.switched", "upgrade.rolled-back"];

const adviceByHand =
  "The worker may push to the repository, so let it be one for coordination alone: private, with nothing that runs on a push, and with force pushes forbidden.";
