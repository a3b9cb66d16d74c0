import type { Envelope } from "../../core/envelope.ts";
import { troubleDelivery } from "../deliveries/delivery-id.ts";
import { later, type Pacing } from "../deliveries/pacing.ts";
import type { Delivery, State, Trouble } from "../deliveries/state.ts";
import type { Entry } from "../entry.ts";
import { silences } from "../rules/suppress.ts";
import { verbs } from "../verbs.ts";

/** What time brings to what goes on: it is told once more, and no more once it is over. */
export function tendTroubles(state: State, now: Date, pacing: Pacing): Entry[] {
  return [...state.troubles.values()].flatMap((trouble) =>
    trouble.isOver ? removal(state, trouble, now) : remind(state, trouble, now, pacing),
  );
}

/** The instants at which the next of that is due. */
export function troubleInstants(state: State, pacing: Pacing): string[] {
  return [...state.troubles.values()].flatMap((trouble) => {
    const next = trouble.isOver ? undefined : nextReminder(state, trouble, pacing);
    return next ? [next.at.toISOString()] : [];
  });
}

/** One at a time, as a message of its own: an edit of the first one nobody would notice. */
function remind(state: State, trouble: Trouble, now: Date, pacing: Pacing): Entry[] {
  const next = nextReminder(state, trouble, pacing, now);
  if (!next || next.at > now) return [];
  const { event } = trouble;
  const { n, of } = next;
  const { destination } = of;
  return [
    ...removal(state, trouble, now),
    {
      at: now.toISOString(),
      t: "due",
      delivery: troubleDelivery("still", { event, n, destination }),
      destination,
      events: [event],
      reason: "it is not over",
      content: { kind: "still", n },
      silent: false,
      expires: later(now, 86_400),
      edits: of.id,
    },
  ];
}

/** @param now counts all times that have passed as one: what was missed is made up for once */
function nextReminder(
  state: State,
  trouble: Trouble,
  pacing: Pacing,
  now?: Date,
): { n: number; at: Date; of: Delivery } | undefined {
  const { event, reminded, reminder, shown } = trouble;
  const envelope = state.events.get(event)?.envelope;
  const of = shownAs(state, shown);
  const after = state.deliveries.get(shown)?.remindAfter ?? [];
  if (!envelope || of?.sentAt === undefined || isAcknowledged(state, envelope)) return undefined;
  if (reminder !== undefined && state.open.has(reminder)) return undefined;
  const awake = (at: Date) =>
    envelope.severity === "critical" ? at : pacing.awake(of.destination, at, state.quiet);
  const silentMs = silentUntilMs(state, envelope);
  const shownMs = Date.parse(of.sentAt);
  const times = after.map((seconds) => awake(new Date(Math.max(shownMs + seconds * 1000, silentMs))));
  const passed = now === undefined ? 0 : times.filter((at) => at <= now).length;
  const n = Math.max(reminded + 1, passed);
  const at = times[n - 1];
  return at && { n, at, of };
}

/** The delivery that people saw: it may have gone out as a line of another, or to another place. */
function shownAs(state: State, id: string): Delivery | undefined {
  const delivery = state.deliveries.get(id);
  switch (delivery?.progress.kind) {
    case "joined":
      return shownAs(state, delivery.progress.delivery);
    case "superseded":
      return shownAs(state, delivery.progress.by);
    case "dead":
      return delivery.progress.fallback === undefined
        ? undefined
        : shownAs(state, delivery.progress.fallback);
    default:
      return delivery;
  }
}

/** Somebody has said of this subject that it was seen. */
function isAcknowledged(state: State, { category, subject }: Envelope): boolean {
  return [...state.questions.values()].some(
    (question) =>
      question.subject === subject &&
      question.answer?.verb === verbs.acknowledge &&
      state.events.get(question.event)?.envelope.category === category,
  );
}

function silentUntilMs(state: State, envelope: Envelope): number {
  const ends = [...state.silences.values()].filter((one) => silences(one, envelope));
  return Math.max(-Infinity, ...ends.map(({ until }) => Date.parse(until)));
}

function removal(state: State, { event, reminded, reminder }: Trouble, now: Date): Entry[] {
  const standing = reminder === undefined ? undefined : state.deliveries.get(reminder);
  if (standing?.sentAt === undefined) return [];
  const { destination, id } = standing;
  return [
    {
      at: now.toISOString(),
      t: "due",
      delivery: troubleDelivery("unstill", { event, n: reminded, destination }),
      destination,
      events: [event],
      reason: "reminder is over",
      content: { kind: "removal" },
      silent: true,
      // Telegram lets a bot remove its messages for two days.
      expires: later(now, 2 * 86_400),
      edits: id,
    },
  ];
}
