import type { DeployKey } from "../../src/ports/repo-host.ts";
import { knownHostsFor } from "../owned-files.ts";
import type { Facts, MachineFacts, RepositoryFacts } from "../facts.ts";
import { places } from "../places.ts";
import type { Action, Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";
import { fileStep } from "./file-step.ts";
import { impossible, onMachine, right, rightBut, shortScript, unknown, work } from "./verdicts.ts";

const byApi = ({ repository }: Wanted) => repository.keys === "api";

/** The first of all: nothing is ordered for a repository that would not let the worker in. */
export const rightsStep: Step = {
  id: "identity.rights",
  phase: "identity",
  sentence: () => "we may register keys at the repository",
  isAsked: byApi,
  after: [],
  risk: "free",
  codes: ["GH_TOKEN", "GH_NO_ADMIN", "GH_NOT_FOUND", "GH_RATE", "GH_DOWN"],
  check: checkRights,
  apply: () => [],
};

const knownHosts = fileStep("known-hosts", {
  id: "identity.known-hosts",
  phase: "identity",
  sentence: () => "the worker knows the host keys of the repository's host",
  after: ["system.user"],
  codes: ["HOST_KEY_UNKNOWN", "STEP_FAILED"],
});

export const identitySteps: readonly Step[] = [
  {
    id: "identity.key",
    phase: "identity",
    sentence: () => "a deploy key of the worker's own, made there; its private half never leaves",
    after: ["system.packages", "system.user"],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine(({ deployKey }) => (deployKey ? right : work("there is none"))),
    apply: (_, { name }) => [shortScript({ name: "deploy-key", values: { comment: `pawl ${name}` } })],
  },
  {
    ...knownHosts,
    check: (facts, wanted) => {
      if (isKnownAsGood(facts)) return right;
      if (byApi(wanted) && !facts.repository) return unknown;
      if (knownHostsFor(wanted, facts)) return knownHosts.check(facts, wanted);
      return impossible(
        "HOST_KEY_UNKNOWN",
        `Nobody has told the host keys of ${wanted.repository.remote}`,
        "Connect to it once with ssh from here and look at its fingerprint, so that it is in your known_hosts.",
      );
    },
  },
  {
    id: "identity.registered",
    phase: "identity",
    sentence: () => "that key, and no older one of the worker's, may write to the repository",
    isAsked: byApi,
    after: ["identity.rights", "identity.key"],
    risk: "free",
    codes: ["GH_NO_ADMIN", "GH_KEYS_FORBIDDEN", "GH_KEY_IN_USE", "NAME_TAKEN"],
    check: withKeys(({ mine, stale }) => {
      if (!mine) return work("it is not registered");
      if (!mine.mayWrite) return work("it may only read");
      return stale.length === 0 ? right : work(`older: ${stale.map(({ title }) => title).join(", ")}`);
    }),
    apply: registerKey,
  },
];

/**
 * No API has told what should be in the file that the worker has, and ssh there takes no offence at it. This machine may
 * know fewer of the host's keys than the run that wrote it: they are no reason to call it wrong, or to write it again.
 */
function isKnownAsGood({ machine, repository }: Facts): boolean {
  const file = machine?.files[places.knownHosts];
  if ((repository?.knownHosts ?? []).length > 0 || file === undefined || !machine?.repository) return false;
  if (file.owner !== "root:root" || file.mode !== "0644") return false;
  return !("refused" in machine.repository && /host key/i.test(machine.repository.refused));
}

/** Late: a key that a person has to register is the last thing that a run waits for. */
export const reachableStep: Step = {
  id: "identity.reachable",
  phase: "identity",
  sentence: () => "the worker reaches the repository with its key",
  after: ["identity.key", "identity.known-hosts", "identity.registered"],
  risk: "free",
  codes: ["CLONE_DENIED"],
  check: onMachine(({ repository }, wanted) => {
    if (!repository) return unknown;
    if ("refused" in repository) return work(`git says: ${repository.refused.trim()}`);
    if (repository.head !== "") return right;
    const { branch } = wanted.repository;
    return rightBut(
      `it has no ${branch === undefined ? "branch" : `branch ${branch}`} yet: \`pawl init\` makes one`,
    );
  }),
  apply: ({ machine }, wanted) => [
    {
      do: "await",
      source: "machine",
      what: "the repository knows the worker's key",
      // A host may take some seconds to know a new key; what a person has to do is not waited for.
      seconds: byApi(wanted) ? 90 : 0,
      everySeconds: 3,
      late: { code: "CLONE_DENIED", hint: howToLetIn(wanted, machine) },
    },
  ],
};

function checkRights({ repository, machine }: Facts): Verdict {
  if (!repository) return unknown;
  if (repository.mayAdminister) return right;
  const isRegistered = repository.deployKeys.some(
    ({ key }) => key === materialOf(machine?.deployKey?.publicKey),
  );
  if (isRegistered) return rightBut("not with this token, but the worker's key is registered");
  return impossible(
    "GH_NO_ADMIN",
    "This token may not register deploy keys at the repository",
    'It needs "Administration: write" on that one repository; or leave the token away and register the key by hand.',
  );
}

type Keys = { publicKey: string; mine: DeployKey | undefined; stale: DeployKey[] };

/** Which of the repository's keys is the worker's now, and which are of machines that had its name before. */
function keysOf(machine: MachineFacts, repository: RepositoryFacts, worker: string): Keys | undefined {
  const publicKey = materialOf(machine.deployKey?.publicKey);
  if (publicKey === undefined) return undefined;
  const mine = repository.deployKeys.find(({ key }) => key === publicKey);
  const stale = repository.deployKeys.filter((key) => key !== mine && isOf(worker, key));
  return { publicKey, mine, stale };
}

/** Titles of ours are `pawl <worker> <date>`. */
export function isOf(worker: string, { title }: Pick<DeployKey, "title">): boolean {
  const [ours, name, ...rest] = title.split(" ");
  return ours === "pawl" && name === worker && rest.length <= 1;
}

function withKeys(check: (keys: Keys) => Verdict): Step["check"] {
  return ({ machine, repository }, { name }) => {
    const keys = machine && repository && keysOf(machine, repository, name);
    return keys ? check(keys) : unknown;
  };
}

/**
 * The new key is there before an old one goes; only one that may not write has to make room for itself. On a machine that
 * was not made this worker yet, an old key may be that of another machine which works under the name.
 */
function registerKey({ machine, repository }: Facts, { name }: Wanted): Action[] {
  const keys = machine && repository && keysOf(machine, repository, name);
  if (!keys) return [];
  const { mine, stale, publicKey } = keys;
  const remove = ({ id }: DeployKey) => ({ do: "remove-deploy-key", id }) as const;
  const isNew = machine.units[places.worker]?.load !== "loaded";
  return [
    ...(isNew && stale.length > 0 ? [{ do: "refuse-namesake" } as const] : []),
    ...(mine && !mine.mayWrite ? [remove(mine)] : []),
    ...(mine?.mayWrite ? [] : [{ do: "register-deploy-key", publicKey } as const]),
    ...stale.map(remove),
  ];
}

/** Kind and key, without the comment. */
export function materialOf(publicKey: string | undefined): string | undefined {
  return publicKey?.trim().split(/\s+/).slice(0, 2).join(" ");
}

function howToLetIn(wanted: Wanted, machine: MachineFacts | undefined): string {
  if (byApi(wanted)) return "Look at the deploy keys of the repository, then run the same again.";
  const key = materialOf(machine?.deployKey?.publicKey) ?? "the worker's key";
  return `Let this key write to ${wanted.repository.remote}, then run the same again: ${key}`;
}
