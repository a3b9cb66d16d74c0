import type { EventId } from "../../core/envelope.ts";
import type { Entry } from "../entry.ts";
import { wholeOf } from "./delivery-id.ts";
import { fold } from "./fold.ts";
import { isOpen } from "./select.ts";
import type { State } from "./state.ts";

/** For so long the same news counts as told, so for so long it has to be known. */
const keptMs = 8 * 86_400_000;

/** The entries that still matter: what is young, and all that belongs to what is not over. Their order stays. */
export function essential(entries: readonly Entry[], now: Date): Entry[] {
  const state = fold(entries);
  const living = livingEvents(state, now);
  const deliveries = new Set([...living].flatMap((event) => state.events.get(event)?.deliveries ?? []));
  let mirrored = 0;
  const kept = entries.filter((entry, n) => {
    const isUncopied = n >= state.mirrored && entry.t !== "mirrored" && isYoung(entry.at, now);
    const stays = isUncopied || matters(entry, { state, living, deliveries, now });
    if (stays && n < state.mirrored) mirrored++;
    return stays;
  });
  return state.mirrored === 0 ? kept : [...kept, { at: now.toISOString(), t: "mirrored", upTo: mirrored }];
}

function livingEvents(state: State, now: Date): Set<EventId> {
  const young = [...state.events].flatMap(([id, { at }]) => (isYoung(at, now) ? id : []));
  const open = [...state.open].flatMap((id) => state.deliveries.get(id)?.events ?? []);
  const asked = [...state.questions.values()].filter(isOpen).map(({ event }) => event);
  const goOn = [...state.troubles.values()].filter(({ isOver }) => !isOver).map(({ event }) => event);
  const cards = [...state.health.values()].flatMap(
    ({ statusCard }) => state.deliveries.get(statusCard ?? "")?.events ?? [],
  );
  return new Set([...young, ...open, ...asked, ...goOn, ...cards]);
}

function isYoung(at: string, now: Date): boolean {
  return Date.parse(at) > now.getTime() - keptMs;
}

type About = { state: State; living: Set<EventId>; deliveries: Set<string>; now: Date };

function matters(entry: Entry, { state, living, deliveries, now }: About): boolean {
  switch (entry.t) {
    case "event":
      return living.has(entry.envelope.id);
    case "planned":
      return living.has(entry.event);
    case "due":
      return entry.events.some((event) => living.has(event));
    case "claimed":
    case "sent":
    case "not-sent":
    case "unknown":
    case "reconciled":
    case "dead":
    case "given-up":
    case "superseded":
      return deliveries.has(wholeOf(entry.delivery));
    case "answered":
      return living.has(entry.answer.event);
    case "confirming":
    case "carried-out":
    case "snoozed": {
      const question = state.questions.get(entry.action);
      return question !== undefined && living.has(question.event);
    }
    case "silenced":
      return state.silences.has(entry.silence.id) && Date.parse(entry.silence.until) > now.getTime();
    case "heard":
      return state.heard.has(entry.key);
    case "breaker":
    case "quiet":
      return true;
    case "silence-ended":
    case "rejected":
    case "mirrored":
      return false;
    default:
      return entry satisfies never;
  }
}
