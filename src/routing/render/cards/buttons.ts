import type { Button } from "../../../core/card.ts";
import type { Action } from "../../../core/envelope.ts";
import { confirmingVerb, verbs } from "../../verbs.ts";
import { moment } from "./moment.ts";

type Question = Action & { kind: "approve" | "choose" | "input" };

/** Whether somebody waits for the answer; an acknowledgement only ends the repeats. */
export function wantsAnswer(action: Action | undefined): action is Question {
  return action !== undefined && action.kind !== "ack";
}

/** Two short labels go beside each other, a long one has the row to itself. */
const longestBesideAnother = 18;

/** The answers first; what leaves the question open comes in a row below. */
export function rowsOf(action: Action, hasBody: boolean): Button[][] {
  if (action.kind === "ack") return inRows(action.options.length > 0 ? action.options.map(button) : toAck);
  const beside = [
    { verb: verbs.snooze, label: "In 2 h" },
    ...(hasBody ? [{ verb: verbs.showAll, label: "Show all" }] : []),
  ];
  return [...inRows(action.options.map(button)), beside];
}

const toAck: readonly Button[] = [
  { verb: verbs.acknowledge, label: "Ack", style: "primary" },
  { verb: verbs.silence, label: "Silence 2 h" },
];

/** Asks once more for an answer of high risk. */
export function confirmingRows(action: Action, verb: string): Button[][] {
  const option = action.options.find((one) => one.verb === verb);
  const yes = `Yes, ${option === undefined ? verb : lowerFirst(option.label)}`;
  return [
    [
      {
        verb: confirmingVerb(action, verb),
        label: yes,
        ...(option?.style === undefined ? {} : { style: option.style }),
      },
      { verb: verbs.back, label: "Back" },
    ],
  ];
}

export function deadlineLine({ deadline, kind }: Action, timeZone: string): string[] {
  const how = kind === "input" ? "Reply to this message with your answer" : undefined;
  const until = deadline === undefined ? undefined : `Answer by ${moment(timeZone, deadline)}`;
  const silence = deadline === undefined || kind !== "approve" ? undefined : "no answer means no";
  const line = [how, until, silence].filter((part) => part !== undefined).join(" · ");
  return line === "" ? [] : [line];
}

function button({ verb, label, style }: Action["options"][number]): Button {
  return style === undefined ? { verb, label } : { verb, label, style };
}

function inRows(buttons: readonly Button[]): Button[][] {
  const rows: Button[][] = [];
  for (const one of buttons) {
    const last = rows.at(-1);
    const fits =
      last?.length === 1 && [...last, one].every(({ label }) => label.length <= longestBesideAnother);
    if (fits) last.push(one);
    else rows.push([one]);
  }
  return rows;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
