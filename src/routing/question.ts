import { createHash } from "node:crypto";

import { Verb, type Action, type ActionId } from "../core/envelope.ts";
import { Fault } from "../fault.ts";
import { verbs } from "./verbs.ts";

export type Question = {
  question: string;
  /** What stands below it; part of what is decided. */
  details: string | undefined;
  /** Answers to choose from, as `verb=label`; without any it is Approve and Reject. */
  options: readonly string[] | undefined;
  /** Asks for words. */
  wantsWords: boolean;
  deadline: string;
  risk: "low" | "high";
};

/** The decision that is asked of a person. @throws USAGE where an option is none */
export function questionAction(id: ActionId, asked: Question): Action {
  const { question, details, options: given, wantsWords, deadline, risk } = asked;
  const options = wantsWords ? [] : answersOf(given);
  const shown = JSON.stringify([question, details, options]);
  return {
    id,
    kind: wantsWords ? "input" : given ? "choose" : "approve",
    options,
    deadline,
    risk,
    payloadHash: `sha256:${createHash("sha256").update(shown).digest("hex")}`,
  };
}

function answersOf(given: readonly string[] | undefined): Action["options"] {
  if (!given) {
    return [
      { verb: verbs.approve, label: "Approve", style: "success" },
      { verb: verbs.reject, label: "Reject", style: "danger" },
    ];
  }
  return given.map((text) => {
    const [, verb = "", label = ""] = /^([^=]*)=(.+)$/.exec(text) ?? [];
    if (Verb.safeParse(verb).success && !isOurs(verb)) return { verb, label };
    throw new Fault("USAGE", `${JSON.stringify(text)} is no answer to choose`, {
      hint: "Write it like o1=Acme: two lower-case letters or digits that no button of ours has, and a label.",
    });
  });
}

/** Buttons that do something else than answer. */
function isOurs(verb: string): boolean {
  const answers: string[] = [verbs.approve, verbs.reject];
  return /^y\d$/.test(verb) || Object.values(verbs).some((own) => own === verb && !answers.includes(own));
}
