import type { RepoFacts } from "../../src/ports/repo-host.ts";

/**
 * What a person might set at the repository so that a worker, which may push to it, can do less harm there. Nothing
 * where all is well.
 */
export function adviceOnRepository(
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

/** How long a deploy key lives that this token registers: with most tokens, as long as they do. */
export function adviceOnToken(token: string): string[] {
  // A GitHub App's installation.
  if (token.startsWith("ghs_")) return [];
  return [
    "Do not delete the token that registered the worker's key: GitHub deletes the key with it. Regenerating the token is fine.",
  ];
}
