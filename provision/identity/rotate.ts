import type { DeployKey } from "../../src/ports/repo-host.ts";
import type { Facts, MachineFacts } from "../facts.ts";
import type { Action, Step, Verdict } from "../step.ts";
import { isOf } from "../steps/identity.ts";
import { onMachine, right, shortScript, unknown, work } from "../steps/verdicts.ts";
import type { Wanted } from "../wanted.ts";

/** Of a worker, when the run began. */
export type Retired = {
  /** The public half. */
  deployKey: string;
  /** The fingerprint that the machine showed. */
  hostKey: string;
};

/**
 * What takes a worker from one deploy key to another, in an order in which it has a key that works whenever the run
 * ends. A run that begins anew goes on with the new key of the one that was cut off. A machine that is there for the
 * worker alone gets another host key as well; people know their own machines by theirs.
 */
export function rotationSteps({ deployKey: retired, hostKey }: Retired): readonly Step[] {
  /** Whatever comes before the switch is right once there was one. */
  const unlessSwitched = (check: Step["check"]) =>
    onMachine((machine, wanted, facts) =>
      isSame(machine.deployKey?.publicKey, retired) ? check(facts, wanted) : right,
    );
  const common = { phase: "identity", risk: "free" } as const;
  return [
    {
      ...common,
      id: "rotate.key",
      sentence: () => "a new deploy key beside the worker's old one",
      after: [],
      codes: ["STEP_FAILED"],
      check: unlessSwitched(({ machine }) => (machine?.nextDeployKey ? right : work("there is none"))),
      apply: (_, { name }) => [shortScript({ name: "deploy-key-next", values: { comment: `pawl ${name}` } })],
    },
    {
      ...common,
      id: "rotate.registered",
      sentence: () => "the new key may write to the repository too",
      isAsked: byApi,
      after: ["rotate.key"],
      codes: ["GH_TOKEN", "GH_NO_ADMIN", "GH_KEYS_FORBIDDEN", "GH_KEY_IN_USE", "GH_RATE", "GH_DOWN"],
      check: unlessSwitched(checkRegistered),
      apply: registerNext,
    },
    {
      ...common,
      id: "rotate.proven",
      sentence: () => "the new key has pushed to the repository",
      after: ["rotate.key", "rotate.registered"],
      codes: ["CLONE_DENIED"],
      check: unlessSwitched(({ machine }) => {
        if (!machine?.nextDeployKey) return unknown;
        return machine.nextDeployKey.isProven ? right : work("it has not pushed yet");
      }),
      apply: (_, wanted) => [proof(wanted)],
    },
    {
      ...common,
      id: "rotate.switched",
      sentence: () => "the worker uses the new key",
      after: ["rotate.proven"],
      codes: ["STEP_FAILED"],
      check: unlessSwitched(({ machine }) =>
        machine?.nextDeployKey?.isProven ? work("it uses the old one") : unknown,
      ),
      apply: () => [shortScript({ name: "deploy-key-switch", values: {} })],
    },
    {
      ...common,
      id: "rotate.old-gone",
      sentence: () => "no older key of the worker's may write to the repository",
      isAsked: byApi,
      after: ["rotate.switched"],
      codes: ["GH_NO_ADMIN"],
      check: (facts, { name }) => {
        const { machine } = facts;
        if (!machine || !facts.repository || isSame(machine.deployKey?.publicKey, retired)) return unknown;
        const old = oldKeys(facts, name, retired);
        return old.length === 0 ? right : work(`there is ${old.map(({ title }) => title).join(", ")}`);
      },
      apply: (facts, { name }) => oldKeys(facts, name, retired).map(remove),
    },
    {
      ...common,
      id: "rotate.host-key",
      sentence: () => "the machine shows a new host key, which is pinned here",
      isAsked: ({ target }) => target.kind === "cloud",
      after: ["rotate.switched"],
      codes: ["SSH_REFUSED", "SSH_TIMEOUT", "SSH_AUTH", "SSH_LOST", "HOST_KEY_CHANGED"],
      check: ({ contact }) => {
        if (!contact) return unknown;
        return contact.hostKey === hostKey ? work("it shows the old one") : right;
      },
      apply: () => [{ do: "rotate-host-key" }],
    },
  ];
}

/** What is left for a person where no API registers keys; nothing before the switch. */
export function afterRotation(
  { repository }: Wanted,
  retired: string,
  now: MachineFacts,
): string | undefined {
  if (repository.keys === "api" || isSame(now.deployKey?.publicKey, retired)) return undefined;
  return `Take the old key away from ${repository.remote}, nobody uses it any more: ${material(retired)}`;
}

const byApi = ({ repository }: Wanted) => repository.keys === "api";

function proof({ name, repository }: Wanted): Action {
  const ref = `refs/worker/${name}/rotate-proof`;
  // A host with an API was told of the key a moment ago; what a person has to do is not waited for.
  const tries = repository.keys === "api" ? 12 : 1;
  const values = { remote: repository.remote, ref, tries };
  return { do: "script", call: { name: "deploy-key-prove", values }, seconds: 600 };
}

function checkRegistered({ machine, repository }: Facts): Verdict {
  const next = machine?.nextDeployKey;
  if (!next || !repository) return unknown;
  const found = repository.deployKeys.find(({ key }) => isSame(key, next.publicKey));
  if (!found) return work("it is not registered");
  return found.mayWrite ? right : work("it may only read");
}

function registerNext({ machine, repository }: Facts): Action[] {
  const next = machine?.nextDeployKey;
  if (!next || !repository) return [];
  const found = repository.deployKeys.find(({ key }) => isSame(key, next.publicKey));
  return [
    ...(found ? [remove(found)] : []),
    { do: "register-deploy-key", publicKey: material(next.publicKey) },
  ];
}

/** The retired key, whatever a person called it, and what carries a title of ours. */
function oldKeys({ machine, repository }: Facts, worker: string, retired: string): DeployKey[] {
  const current = machine?.deployKey?.publicKey;
  return (repository?.deployKeys ?? []).filter(
    (key) => !isSame(key.key, current ?? key.key) && (isOf(worker, key) || isSame(key.key, retired)),
  );
}

function remove({ id }: DeployKey): Action {
  return { do: "remove-deploy-key", id };
}

function isSame(one: string | undefined, other: string): boolean {
  return one !== undefined && material(one) === material(other);
}

/** Kind and key, without the comment. */
function material(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(" ");
}
