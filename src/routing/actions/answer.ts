import type { Action, ActionId } from "../../core/envelope.ts";
import type { Heard, Reaction } from "../../ports/owner-line.ts";
import { questionDelivery } from "../deliveries/delivery-id.ts";
import { isPast, later } from "../deliveries/pacing.ts";
import { isOpen } from "../deliveries/select.ts";
import type { Delivery, Question, State } from "../deliveries/state.ts";
import type { Answer, Content, DeliveryId, Entry } from "../entry.ts";
import { confirmedVerb, verbs } from "../verbs.ts";

/** What an answer leads to: entries to be on disk before the person is told, and what that person is told. */
export type Heeded = { entries: Entry[]; reaction: Reaction };

export type Given = {
  action: ActionId;
  verb: string;
  text?: string;
  by: Answer["by"];
  /** The beginning of what was asked when the button was drawn. */
  payloadHashPrefix?: string;
  /** Whose button it was. */
  on?: DeliveryId;
};

const snoozeSeconds = 2 * 3600;
const silenceSeconds = 2 * 3600;

/**
 * A press, a reply or a command that answers a question. The first answer wins; what is of high risk is asked once more.
 *
 * @param clock how an instant is written for that person
 */
export function heed(state: State, given: Given, now: Date, clock: (instant: string) => string): Heeded {
  const question = state.questions.get(given.action);
  if (!question) return refused("This question is not known here any more");
  const { action } = question;
  if (given.payloadHashPrefix !== undefined && !action.payloadHash.startsWith(given.payloadHashPrefix)) {
    return refused("It asks for something else by now; look at the newer message");
  }
  if (!isOpen(question)) return refused(closedText(question, clock));
  if (action.deadline !== undefined && isPast(action.deadline, now)) {
    return refused(`Too late: it could be answered until ${clock(action.deadline)}`);
  }
  switch (given.verb) {
    case verbs.snooze:
      return snooze(state, question, given, now, clock);
    case verbs.back:
      return takeBack(state, question, given, now);
    default:
      return decide(state, question, given, now);
  }
}

function decide(state: State, question: Question, given: Given, now: Date): Heeded {
  const { action } = question;
  const confirmed = confirmedVerb(action, given.verb);
  const verb = confirmed ?? given.verb;
  if (!isOffered(action, verb, given.text)) return refused("That is not one of the answers");
  // What is typed as a command says it in full; a button is pressed by a thumb in a pocket.
  if (action.risk === "high" && given.by.via !== "cli" && !isHarmless(action, verb)) {
    if (confirmed === undefined) return confirm(state, question, given, now);
    if (question.confirming?.verb !== confirmed)
      return refused("Press the answer once more, it was taken back");
  }
  return answer(question, { ...given, verb }, now);
}

function answer({ action, event, subject }: Question, given: Given, now: Date): Heeded {
  const at = now.toISOString();
  const { verb, text, by } = given;
  const entries: Entry[] = [
    {
      at,
      t: "answered",
      answer: {
        action: action.id,
        event,
        verb,
        ...(text === undefined ? {} : { text }),
        payloadHash: action.payloadHash,
        by,
        at,
      },
    },
  ];
  if (verb === verbs.silence) entries.push(silence(action.id, subject, by.person, now));
  return { entries, reaction: { toast: "Recorded" } };
}

function silence(action: ActionId, subject: string, by: string, now: Date): Entry {
  const id = `si-${action.slice(3, 11).toLowerCase()}`;
  const until = later(now, silenceSeconds);
  return {
    at: now.toISOString(),
    t: "silenced",
    silence: { id, subject, until, why: "asked for with a button", by },
  };
}

function snooze(
  state: State,
  { action, confirming }: Question,
  { by, on }: Given,
  now: Date,
  clock: (instant: string) => string,
): Heeded {
  const until = later(now, snoozeSeconds);
  const entries: Entry[] = [{ at: now.toISOString(), t: "snoozed", action: action.id, until, by: by.person }];
  if (confirming)
    entries.push(
      ...redraw(state, { action: action.id, on, content: { kind: "question", action: action.id } }, now),
    );
  return { entries, reaction: { toast: `I ask again at ${clock(until)}` } };
}

function confirm(state: State, { action }: Question, { verb, by, on }: Given, now: Date): Heeded {
  const at = now.toISOString();
  return {
    entries: [
      { at, t: "confirming", action: action.id, verb, by: by.person },
      ...redraw(state, { action: action.id, on, content: { kind: "confirm", action: action.id, verb } }, now),
    ],
    reaction: { toast: "Confirm it, please" },
  };
}

function takeBack(state: State, { action }: Question, { on }: Given, now: Date): Heeded {
  return {
    entries: [
      // No verb can be confirmed by it.
      { at: now.toISOString(), t: "confirming", action: action.id, verb: "", by: "" },
      ...redraw(state, { action: action.id, on, content: { kind: "question", action: action.id } }, now),
    ],
    reaction: {},
  };
}

/** Puts the question, or the second one, into the message whose button was pressed; one that is not known, into all. */
function redraw(
  state: State,
  { action, on, content }: { action: ActionId; on: DeliveryId | undefined; content: Content },
  now: Date,
): Entry[] {
  const question = state.questions.get(action);
  const ids = question ? (state.events.get(question.event)?.deliveries ?? []) : [];
  const shown = ids
    .flatMap((id) => state.deliveries.get(id) ?? [])
    .filter((one) => one.content.kind === "event" && one.sentAt !== undefined)
    .filter((one, _, all) => one.id === on || all.every(({ id }) => id !== on));
  return shown.map(({ id, destination, events }): Entry => ({
    at: now.toISOString(),
    t: "due",
    delivery: questionDelivery(content.kind === "confirm" ? "confirm" : "question", {
      action,
      n: state.entries,
      destination,
    }),
    destination,
    events,
    reason: content.kind,
    content,
    silent: true,
    expires: later(now, 3600),
    edits: id,
  }));
}

function isOffered({ kind, options }: Action, verb: string, text: string | undefined): boolean {
  if (options.some((option) => option.verb === verb)) return true;
  if (kind === "ack") return verb === verbs.acknowledge || verb === verbs.silence;
  return kind === "input" && text !== undefined;
}

/** To say no, or to write something, needs no second question. */
function isHarmless({ kind }: Action, verb: string): boolean {
  return kind === "input" || kind === "ack" || verb === verbs.reject;
}

function closedText({ action, answer, overtaken }: Question, clock: (instant: string) => string): string {
  if (!answer)
    return `Newer news made this question pointless${overtaken ? ` at ${clock(overtaken.at)}` : ""}`;
  if (answer.by.via === "deadline") return `It expired at ${clock(answer.at)}`;
  const label = action.options.find(({ verb }) => verb === answer.verb)?.label ?? "answered";
  return `Already answered at ${clock(answer.at)} by ${answer.by.person}: ${label}`;
}

function refused(toast: string): Heeded {
  return { entries: [], reaction: { toast, alert: true } };
}

/** The delivery whose message a person replied to or pressed a button of, by how its network names it. */
export function deliveryAt(state: State, chat: string, message: string): Delivery | undefined {
  return [...state.deliveries.values()].findLast(({ places }) =>
    places.some((place) => place["message"] === message && (place["chat"] ?? place["channel"]) === chat),
  );
}

export function byOf({ person, user }: Heard, via: "telegram" | "discord"): Answer["by"] {
  return { person, via, user };
}
