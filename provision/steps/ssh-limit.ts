import { isInRange, isSameRange } from "../address-range.ts";
import type { Facts } from "../facts.ts";
import type { Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";
import { impossible, right, unknown, work } from "./verdicts.ts";

/** The provider's firewall, which is one for all workers of an account: by the tag that they carry. */
export const sshLimitStep: Step = {
  id: "cloud.ssh-limit",
  phase: "cloud",
  sentence: ({ sshFrom = [] }) => `only ${sshFrom.join(", ")} may reach ssh on the workers of this account`,
  isAsked: ({ target, sshFrom }) => target.kind === "cloud" && sshFrom !== undefined,
  after: ["cloud.server"],
  risk: "free",
  codes: ["CLOUD_SCOPE", "SETTINGS_UNSAFE"],
  check: checkLimit,
  apply: (_, { sshFrom = [] }) => [{ do: "limit-ssh", from: sshFrom }],
};

function checkLimit({ cloud, machine }: Facts, { sshFrom = [] }: Wanted): Verdict {
  if (!cloud) return unknown;
  const { sshLimit, otherWorkers = [] } = cloud;
  if (sshLimit !== undefined && areSame(sshLimit, sshFrom)) return right;
  const from = machine?.connection?.from;
  if (from !== undefined && !sshFrom.some((range) => isInRange(from, range))) {
    return impossible(
      "SETTINGS_UNSAFE",
      `The firewall would let in ssh from elsewhere only, and we come from ${from}`,
      `Let that address in as well: --ssh-from ${from} beside the other ranges.`,
    );
  }
  const now = sshLimit === undefined ? "everybody may" : `it is ${sshLimit.join(", ")}`;
  if (otherWorkers.length === 0) return work(now);
  const others = otherWorkers.join(", ");
  return {
    is: "work",
    because: `${now}, and it changes for ${others} too`,
    consent: `let only ${sshFrom.join(", ")} reach ssh on ${others} too`,
  };
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  const isIn = (ranges: readonly string[]) => (range: string) =>
    ranges.some((one) => isSameRange(one, range));
  return some.every(isIn(others)) && others.every(isIn(some));
}
