import type { Action } from "../core/envelope.ts";

/** What a button of ours says when it is pressed; whoever asks may have options with verbs of its own beside these. */
export const verbs = {
  approve: "ok",
  reject: "no",
  acknowledge: "ak",
  retry: "rt",
  cancel: "ca",
  /** The next three are no answers: the question stays open. */
  snooze: "z2",
  showAll: "sh",
  back: "bk",
  /** An answer that quiets the subject for two hours as well. */
  silence: "s2",
} as const;

/**
 * What the button says that confirms an answer of high risk. It is not the verb of the answer itself, so that two quick
 * taps on the same place, or the same press heard twice, cannot answer and confirm in one go.
 */
export function confirmingVerb({ options }: Pick<Action, "options">, verb: string): string {
  return `y${options.findIndex((option) => option.verb === verb)}`;
}

/** The answer that a button of `confirmingVerb` confirms; undefined for any other button. */
export function confirmedVerb({ options }: Pick<Action, "options">, pressed: string): string | undefined {
  const place = /^y(\d)$/.exec(pressed)?.[1];
  return place === undefined ? undefined : options[Number(place)]?.verb;
}
