import type { Card } from "../../../core/card.ts";
import { durationText } from "../../../core/duration.ts";
import type { Action, Envelope } from "../../../core/envelope.ts";
import type { Answer } from "../../entry.ts";
import { verbs } from "../../verbs.ts";
import { confirmingRows, deadlineLine } from "./buttons.ts";
import { eventCard, titleOf, type Showing } from "./event-card.ts";
import { moment } from "./moment.ts";

export type Asking = Envelope & { action: Action };

export function asks(envelope: Envelope): envelope is Asking {
  return envelope.action !== undefined;
}

/** A question after its end: what was asked, how it ended, nothing to press. */
export function decidedCard(
  envelope: Asking,
  answer: Answer,
  showing: Showing,
  /** Why the answer could not be carried out. */
  refused?: string,
): Card {
  const { ask: _, ...card } = eventCard(envelope, showing);
  const over = deadlineLine(envelope.action, showing.timeZone);
  return {
    ...card,
    tone: refused === undefined ? (isYes(answer) ? "ok" : "info") : "bad",
    title: envelope.title,
    lines: card.lines.filter((line) => !over.includes(line)),
    decided: `${decidedLine(envelope, answer, showing.timeZone)}${refused === undefined ? "" : `, and not done: ${refused}`}`,
  };
}

function isYes({ verb, by }: Answer): boolean {
  return verb !== verbs.reject && by.via !== "deadline";
}

/** `Approved by Aaron Sat 21 Nov 07:31`. */
function decidedLine({ action }: Asking, { verb, text, by, at }: Answer, timeZone: string): string {
  if (by.via === "deadline") return `Expired ${moment(timeZone, at)}, nobody answered`;
  const label = action.options.find((option) => option.verb === verb)?.label;
  const deed = deeds[verb] ?? `${label ?? (action.kind === "input" ? "Answered" : verb)}, chosen`;
  const done = action.kind === "input" && text !== undefined ? "Answered" : deed;
  const said =
    text === undefined ? "" : `: ${text.length > 200 ? `${text.slice(0, 200).toWellFormed()}…` : text}`;
  return `${done} by ${by.person} ${moment(timeZone, at)}${said}`;
}

const deeds: Record<string, string> = {
  [verbs.approve]: "Approved",
  [verbs.reject]: "Rejected",
  [verbs.acknowledge]: "Acknowledged",
  [verbs.retry]: "Retry asked",
  [verbs.cancel]: "Cancelled",
  [verbs.silence]: "Silenced for 2 h",
};

/** Stands in the place of a question of high risk until it is confirmed or taken back. */
export function confirmCard(envelope: Asking, verb: string, showing: Showing): Card {
  const card = eventCard(envelope, showing);
  const { action } = envelope;
  const label = action.options.find((option) => option.verb === verb)?.label ?? verb;
  return {
    ...card,
    tone: "warning",
    note: `Really “${label}”? It counts when you confirm it below.`,
    ask: { action: action.id, payloadHash: action.payloadHash, rows: confirmingRows(action, verb) },
  };
}

/** Short, and with a sound: it answers the question's own message, whose buttons still work. */
export function reminderCard(envelope: Asking, n: number, now: string, showing: Showing): Card {
  const { action, at, id } = envelope;
  const waits = durationText((Date.parse(now) - Date.parse(at)) / 1000);
  return {
    marker: showing.marker ?? `remind:${action.id}:${n}`,
    event: id,
    tone: "ask",
    title: `Still open · ${titleOf(envelope)}`,
    ...(showing.again === true ? { note: "(sent again, the first copy may have got lost)" } : {}),
    lines: [`Waits for ${waits}, reminder ${n}`, ...deadlineLine(action, showing.timeZone)],
    facts: [],
    at: now,
    ...(showing.mentionsOwner === true ? { mentionsOwner: true } : {}),
  };
}
