import { Fault, type FaultCode } from "../../fault.ts";
import type { Manners } from "./manners.ts";
import type { Outcome, Refusal } from "./outcome.ts";

/**
 * A Fault for what did not work. It is made of our words and, at most, of a line of the provider's: no error of a library
 * is its cause, since those carry the request and with it the token.
 *
 * @param task what was to be done, after "to": `list the servers`
 * @param changes whether it changes something, so that a lost answer leaves open whether it did
 */
export function cloudFault(
  manners: Manners,
  task: string,
  outcome: Exclude<Outcome, { kind: "answered" }>,
  changes: boolean,
): Fault {
  const { provider } = manners;
  if (outcome.kind === "refused") {
    if (changes && outcome.status >= 500) return unknownOutcome(provider, task, `answered ${outcome.status}`);
    return refused(manners, task, outcome);
  }
  const { kind, why } = outcome.trouble;
  if (changes && kind === "unknown") return unknownOutcome(provider, task, why);
  return new Fault("CLOUD_DOWN", `${provider} was not reached to ${task}: ${why}`, {
    hint: `Look at the network of this machine, at ${manners.rootVariable} and at ${manners.statusPage}, then run it again.`,
  });
}

export function unknownOutcome(provider: string, task: string, why: string): Fault {
  return new Fault("CLOUD_UNKNOWN_OUTCOME", `Nobody knows whether ${provider} did ${task}: ${why}`, {
    hint: "Run it again: it first looks at what is there, and orders nothing twice.",
  });
}

/** An answer of success in which the fields are not what they are meant to be. */
export function unreadable({ provider, rootVariable }: Manners, task: string, problem: string): Fault {
  return new Fault(
    "CLOUD_REFUSED",
    `${provider} was asked to ${task}; the answer is not one of its: ${problem}`,
    {
      hint: `Something else may have answered: look at ${rootVariable} and at proxies on the way. Otherwise its API has changed: report it.`,
    },
  );
}

function refused(manners: Manners, task: string, refusal: Refusal): Fault {
  const code = manners.codeOf(refusal) ?? byStatus(refusal.status);
  const { provider } = manners;
  const number = refusal.code === undefined ? refusal.status : `${refusal.status} ${refusal.code}`;
  const said = refusal.said === "" ? "" : `: ${refusal.said}`;
  return new Fault(code, `${provider} refuses to ${task} (${number})${said}`, {
    hint: hintFor(code, manners, refusal),
  });
}

function byStatus(status: number): FaultCode {
  if (status === 401) return "CLOUD_TOKEN";
  if (status === 403) return "CLOUD_SCOPE";
  if (status === 429) return "CLOUD_RATE";
  return status >= 500 ? "CLOUD_DOWN" : "CLOUD_REFUSED";
}

function hintFor(code: FaultCode, manners: Manners, { status, waitSeconds }: Refusal): string {
  switch (code) {
    case "CLOUD_TOKEN":
      return `Make a token at ${manners.tokenPage} and set ${manners.tokenVariable}.`;
    case "CLOUD_SCOPE":
      return `The token needs: ${manners.scopes}. Make one at ${manners.tokenPage}.`;
    case "CLOUD_RATE":
      return `Run it again in ${Math.ceil((waitSeconds ?? 60) / 60)} min; this changed nothing.`;
    case "CLOUD_DOWN":
      return `Look at ${manners.statusPage}, and run it again later.`;
    case "CLOUD_QUOTA":
      return `Destroy what you no longer need, or ask for more at ${manners.limitPage}.`;
    case "CLOUD_SIZE_REGION":
      return "Choose another with --size or --region; nothing was ordered.";
    case "CLOUD_LOCKED":
      return "Something else is being done with it; run it again in a minute.";
    case "CLOUD_KEY_TAKEN":
      return "The account has this key, or one of its name, already: run it again to use the one that is there.";
    case "CLOUD_TWINS":
      return "Choose another name, or remove the other one if it is not needed.";
    default:
      return status >= 300 && status < 400
        ? `It sends us elsewhere, where no token goes: correct ${manners.rootVariable}.`
        : "Its words say what is wrong; this changed nothing.";
  }
}
