import { hash } from "node:crypto";

import type { Card } from "../../core/card.ts";
import type { Envelope } from "../../core/envelope.ts";
import { openIds, envelopesOf, isOpen, isRefused, refusal } from "../deliveries/select.ts";
import { subjectKey } from "../deliveries/fold.ts";
import type { Delivery, Question, State } from "../deliveries/state.ts";
import { eventCard, markerOf, type Showing } from "../render/cards/event-card.ts";
import { listCard } from "../render/cards/list-card.ts";
import { type Asking, asks, confirmCard, decidedCard, reminderCard } from "../render/cards/question-cards.ts";
import { statusCard, type Status } from "../render/cards/status-card.ts";
import { stillCard } from "../render/cards/still-card.ts";
import { isWithoutRule } from "../rules/explain.ts";

export type Looks = {
  /** The reader's; IANA name. */
  timeZone: string;
  /** How the whole stands, for the card that is edited again and again; without it, it shows its event. */
  status?: (() => Status | undefined) | undefined;
};

/** The card of a delivery as things stand now; undefined where there is nothing to show, as when it is removed. */
export function present(state: State, delivery: Delivery, now: Date, looks: Looks): Card | undefined {
  const { content, events } = delivery;
  const showing = showingOf(state, delivery, looks.timeZone);
  if (content.kind === "list") {
    const told = envelopesOf(state, events);
    const marker = markerFor(delivery, undefined);
    return listCard(
      { ...content, events: told, open: openIds(state), now: now.toISOString(), marker },
      showing,
    );
  }
  const [envelope] = envelopesOf(state, events);
  if (!envelope) return undefined;
  const asking = asks(envelope) ? envelope : undefined;
  switch (content.kind) {
    case "event":
    case "question":
    case "decided":
      return delivery.statusCard ? status(envelope, showing, looks) : ofEvent(state, envelope, showing);
    case "confirm":
      return asking && confirmCard(asking, content.verb, showing);
    case "reminder":
      return asking && reminderCard(asking, content.n, now.toISOString(), showing);
    case "still":
      return stillCard(envelope, content.n, now.toISOString(), showing);
    case "removal":
      return undefined;
    default:
      return content satisfies never;
  }
}

function status(envelope: Envelope, showing: Showing, looks: Looks): Card {
  const standing = looks.status?.();
  return standing ? statusCard(standing, showing) : eventCard(envelope, showing);
}

/** A question that is over is shown as it ended, wherever it is shown first. */
function ofEvent(state: State, envelope: Envelope, showing: Showing): Card {
  const question = envelope.action && state.questions.get(envelope.action.id);
  if (!asks(envelope) || !question || isOpen(question)) return eventCard(envelope, showing);
  return question.answer
    ? decidedCard(envelope, question.answer, showing, whyRefused(question))
    : overtaken(envelope, question, { state, showing });
}

function overtaken(
  envelope: Asking,
  { overtaken: by }: Question,
  { state, showing }: { state: State; showing: Showing },
): Card {
  const { ask: _, ...card } = eventCard(envelope, showing);
  const news = by && state.events.get(by.by)?.envelope;
  const why = news?.status === "resolved" && news.summary !== "" ? `. ${news.summary}` : "";
  return { ...card, tone: "info", decided: `No longer asked${why}` };
}

function showingOf(state: State, delivery: Delivery, timeZone: string): Showing {
  const { events, again, note, mentionsOwner } = delivery;
  const [event] = events;
  const told = event === undefined ? undefined : state.events.get(event);
  const since = told && beginning(state, delivery, told.envelope);
  const isOnly = events.length === 1;
  return {
    timeZone,
    again,
    mentionsOwner,
    ...(note === undefined ? {} : { note }),
    ...(isOnly && told?.plan && isWithoutRule(told.plan) ? { noRule: true } : {}),
    ...(since === undefined ? {} : { since }),
    ...(isOnly ? { marker: markerFor(delivery, told?.envelope) } : {}),
  };
}

/** What is found again by its marker must not be mistaken for another message about the same event. */
export function markerFor(
  { id, content }: Pick<Delivery, "id" | "content">,
  envelope: Envelope | undefined,
): string {
  const isPlain =
    envelope !== undefined && content.kind === "event" && id.startsWith(envelope.id) && !id.includes("/f-");
  if (isPlain) return markerOf(envelope);
  const told = hash("sha256", id, "base64url").slice(0, 12);
  return envelope === undefined ? `${content.kind} · ${told}` : `${envelope.id} · ${told}`;
}

/** When the trouble was first told that this event goes on with or ends. */
function beginning(state: State, { destination }: Delivery, envelope: Envelope): string | undefined {
  if (envelope.status !== "resolved" && envelope.status !== "update") return undefined;
  const ids = state.bySubject.get(subjectKey(destination, envelope.subject)) ?? [];
  const earlier = ids.flatMap((id) => envelopesOf(state, state.deliveries.get(id)?.events ?? []));
  const run = earlier.filter(({ id, category }) => id !== envelope.id && category === envelope.category);
  const end = run.findLastIndex(({ status: ended }) => ended === "resolved");
  return run.slice(end + 1).find(({ status: begun }) => begun === "firing")?.at;
}

function whyRefused(question: Question): string | undefined {
  return isRefused(question) ? question.carriedOut?.how.slice(refusal.length) : undefined;
}
