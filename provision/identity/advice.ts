import type { RepoFacts, RepoHost } from "../../src/ports/repo-host.ts";
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
  seen: { host?: Pick<RepoHost, "repository" | "warning"> | undefined; facts?: RepoFacts | undefined },
): string[] {
  const { host, facts } = seen;
  const isNew = changed.includes("identity.key") || changed.includes("identity.registered");
  if (host === undefined) return isNew ? [adviceByHand] : [];
  return [
    ...(isNew && host.warning !== undefined ? [host.warning] : []),
    ...(facts ? adviceOnRepository(host.repository, facts, repository.branch) : []),
  ];
}

const adviceByHand =
  "The worker may push to the repository, so let it be one for coordination alone: private, with nothing that runs on a push, and with force pushes forbidden.";
