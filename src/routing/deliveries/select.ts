import type { ActionId, Envelope, EventId } from "../../core/envelope.ts";
import { subjectKey } from "./fold.ts";
import type { Delivery, Question, State, Told } from "./state.ts";

/** Questions that wait for a person, the oldest deadline first; those without one come last, the oldest first. */
export function openActions(state: State): { question: Question; envelope: Envelope }[] {
  const open = [...state.questions.values()].filter(isOpen).flatMap((question) => {
    const told = state.events.get(question.event);
    return told ? [{ question, envelope: told.envelope }] : [];
  });
  const due = ({ question }: { question: Question }) =>
    Date.parse(question.action.deadline ?? "") || Infinity;
  return open.toSorted((a, b) =>
    due(a) === due(b) ? Date.parse(a.envelope.at) - Date.parse(b.envelope.at) : due(a) - due(b),
  );
}

export function isOpen({ answer, overtaken }: Question): boolean {
  return answer === undefined && overtaken === undefined;
}

/** Was the answer one that the ledger did not take? */
export function isRefused({ carriedOut }: Question): boolean {
  return carriedOut?.how.startsWith(refusal) ?? false;
}

/** Begins what is written down of an answer that was not carried out. */
export const refusal = "refused: ";

/** Does a question about the same thing stand, or an answer to it that has not been carried out? */
export function isAsked(state: State, { action }: Envelope): boolean {
  if (!action?.target) return false;
  const target = JSON.stringify(action.target);
  return [...state.questions.values()].some(
    (question) =>
      JSON.stringify(question.action.target) === target && !question.overtaken && !question.carriedOut,
  );
}

export function openIds(state: State): ReadonlySet<ActionId> {
  return new Set([...state.questions.values()].filter(isOpen).map(({ action }) => action.id));
}

export function questionOf(
  state: State,
  { events: [event] }: Pick<Delivery, "events">,
): Question | undefined {
  const action = event === undefined ? undefined : state.events.get(event)?.envelope.action;
  return action && state.questions.get(action.id);
}

export function envelopesOf(state: State, events: readonly EventId[]): Envelope[] {
  return events.flatMap((event) => state.events.get(event)?.envelope ?? []);
}

/** All deliveries, the newest first. */
export function deliveries(state: State): Delivery[] {
  return [...state.deliveries.values()].toSorted((a, b) => b.order - a.order);
}

/** An event with all that was decided about it and became of it; undefined for one that is not known. */
export function why(state: State, event: EventId): (Told & { sent: Delivery[] }) | undefined {
  const told = state.events.get(event);
  if (!told) return undefined;
  return { ...told, sent: told.deliveries.flatMap((id) => state.deliveries.get(id) ?? []) };
}

export function openDeliveries(state: State): Delivery[] {
  return [...state.open]
    .flatMap((id) => state.deliveries.get(id) ?? [])
    .toSorted((a, b) => a.order - b.order);
}

/** The newest message that a destination has about the same as the delivery, told before it. */
export function shownBefore(state: State, delivery: Delivery): Delivery | undefined {
  const ids = state.bySubject.get(subjectKey(delivery.destination, delivery.subject)) ?? [];
  const category = categoryOf(state, delivery);
  return ids
    .flatMap((id) => state.deliveries.get(id) ?? [])
    .filter((one) => one.order < delivery.order && one.sentAt !== undefined)
    .findLast((one) => categoryOf(state, one) === category);
}

/** News of one subject in two categories are about two things, of which each begins and ends by itself. */
export function categoryOf(state: State, { events: [event] }: Pick<Delivery, "events">): string | undefined {
  return event === undefined ? undefined : state.events.get(event)?.envelope.category;
}
