import { questionDelivery } from "../deliveries/delivery-id.ts";
import { awaySeconds, isPast, later, type Pacing } from "../deliveries/pacing.ts";
import { isOpen, isRefused } from "../deliveries/select.ts";
import type { Delivery, Question, State } from "../deliveries/state.ts";
import type { Entry } from "../entry.ts";

/** The verb of an answer that nobody gave. */
export const expiredVerb = "xp";

/** What time brings to questions: their deadlines, reminders, and the end of their buttons. */
export function tendQuestions(state: State, now: Date, pacing: Pacing): Entry[] {
  return [...state.questions.values()].flatMap((question) => {
    if (!isOpen(question)) return close(state, question, now);
    if (isOver(question, now)) return [expire(question, now)];
    return [...remind(state, question, now, pacing), ...escalate(state, question, now, pacing)];
  });
}

/** The instants at which the next of that is due. */
export function questionInstants(state: State, pacing: Pacing): string[] {
  return [...state.questions.values()].filter(isOpen).flatMap((question) => {
    const { deadline } = question.action;
    const next = nextReminder(state, question, pacing);
    const stuck = escalationInstants(state, question);
    return [
      ...(deadline === undefined ? [] : [deadline]),
      ...(next ? [next.at.toISOString()] : []),
      ...stuck,
    ];
  });
}

/** Nobody answering means no; silence never approves. */
function expire({ action, event }: Question, now: Date): Entry {
  const at = now.toISOString();
  return {
    at,
    t: "answered",
    answer: {
      action: action.id,
      event,
      verb: expiredVerb,
      payloadHash: action.payloadHash,
      by: { person: "nobody", via: "deadline" },
      at,
    },
  };
}

function isOver({ action: { deadline } }: Question, now: Date): boolean {
  return deadline !== undefined && isPast(deadline, now);
}

type Reminder = { n: number; at: Date; of: Delivery };

/** One at a time: the new one takes the place of the earlier. What was missed while nobody ran is made up for once. */
function remind(state: State, question: Question, now: Date, pacing: Pacing): Entry[] {
  const next = nextReminder(state, question, pacing, now);
  if (!next || next.at > now) return [];
  const { action, event, snoozedUntil } = question;
  const { destination } = next.of;
  const at = now.toISOString();
  return [
    ...removal(state, question, now),
    {
      at,
      t: "due",
      delivery: questionDelivery("remind", { action: action.id, n: next.n, destination }),
      destination,
      events: [event],
      reason: "reminder",
      content: { kind: "reminder", action: action.id, n: next.n },
      silent: false,
      ...(snoozedUntil === undefined ? {} : { wanted: true }),
      expires: action.deadline ?? later(now, 86_400),
      edits: next.of.id,
    },
  ];
}

/** @param now counts all times that have passed as one */
function nextReminder(state: State, question: Question, pacing: Pacing, now?: Date): Reminder | undefined {
  const { event, reminded, snoozedUntil, reminder } = question;
  const of = shownOf(state, question).find(({ remindAfter }) => remindAfter.length > 0);
  if (of?.sentAt === undefined) return undefined;
  if (reminder !== undefined && state.open.has(reminder)) return undefined;
  const isCritical = state.events.get(event)?.envelope.severity === "critical";
  const awake = (at: number) =>
    isCritical ? new Date(at) : pacing.awake(of.destination, new Date(at), state.quiet);
  if (snoozedUntil !== undefined) return { n: reminded + 1, at: new Date(snoozedUntil), of };
  const shownMs = Date.parse(of.sentAt);
  const times = of.remindAfter.map((seconds) => awake(shownMs + seconds * 1000));
  const passed = now === undefined ? 0 : times.filter((at) => at <= now).length;
  const n = Math.max(reminded + 1, passed);
  const at = times[n - 1];
  return at && { n, at, of };
}

function removal(state: State, { action, event, reminder, reminded }: Question, now: Date): Entry[] {
  const standing = reminder === undefined ? undefined : state.deliveries.get(reminder);
  if (!standing?.sentAt) return [];
  return [
    {
      at: now.toISOString(),
      t: "due",
      delivery: questionDelivery("unremind", {
        action: action.id,
        n: reminded,
        destination: standing.destination,
      }),
      destination: standing.destination,
      events: [event],
      reason: "reminder is over",
      content: { kind: "removal" },
      silent: true,
      // Telegram lets a bot remove its messages for two days.
      expires: later(now, 2 * 86_400),
      edits: standing.id,
    },
  ];
}

/** Its messages say how it ended, wherever they stand, and its reminder goes. */
function close(state: State, question: Question, now: Date): Entry[] {
  const { action, event } = question;
  // What could not be done is said in a second edit: until then the message says that it was decided.
  const n = isRefused(question) ? 2 : 1;
  const told = shownOf(state, question).filter(
    ({ destination }) =>
      !state.deliveries.has(questionDelivery("decided", { action: action.id, n, destination })),
  );
  const edits = told.map(({ id, destination }): Entry => ({
    at: now.toISOString(),
    t: "due",
    delivery: questionDelivery("decided", { action: action.id, n, destination }),
    destination,
    events: [event],
    reason: "decided",
    content: { kind: "decided", action: action.id },
    silent: true,
    expires: later(now, 7 * 86_400),
    edits: id,
  }));
  return [...edits, ...removal(state, question, now)];
}

/** The messages of a question that have arrived. */
function shownOf(state: State, { event }: Question): Delivery[] {
  const ids = state.events.get(event)?.deliveries ?? [];
  return ids
    .flatMap((id) => state.deliveries.get(id) ?? [])
    .filter(({ content, sentAt }) => content.kind === "event" && sentAt !== undefined);
}

/** A question that cannot be asked where it should be is shown elsewhere, with the only mention there ever is. */
function escalate(state: State, question: Question, now: Date, pacing: Pacing): Entry[] {
  if (!escalationInstants(state, question).some((instant) => isPast(instant, now))) return [];
  const { action, event } = question;
  return stuckOf(state, question).flatMap((stuck): Entry[] => {
    const destination = fallbackFor(state, stuck, pacing);
    if (destination === undefined) return [];
    return [
      {
        at: now.toISOString(),
        t: "due",
        delivery: questionDelivery("escalate", { action: action.id, n: 1, destination }),
        destination,
        events: [event],
        reason: `${stuck.destination} is away`,
        content: { kind: "event" },
        silent: false,
        expires: stuck.expires,
        mentionsOwner: true,
        note: `${stuck.destination} cannot be reached; answer there once it is back, or with \`pawl inbox\``,
      },
    ];
  });
}

function escalationInstants(state: State, question: Question): string[] {
  return stuckOf(state, question).flatMap(({ destination }) => {
    const since = state.health.get(destination)?.downSince;
    return since === undefined ? [] : [later(new Date(since), awaySeconds)];
  });
}

/** Where it should have been shown long ago, if it was not shown anywhere with its buttons. */
function stuckOf(state: State, { action, event }: Question): Delivery[] {
  if (action.kind === "ack") return [];
  const ids = state.events.get(event)?.deliveries ?? [];
  const all = ids.flatMap((id) => state.deliveries.get(id) ?? []);
  if (all.some(({ id }) => id.startsWith("escalate:"))) return [];
  const asking = all.filter(({ remindAfter }) => remindAfter.length > 0);
  if (asking.some(({ sentAt }) => sentAt !== undefined)) return [];
  return asking.filter(({ progress }) => progress.kind === "ready");
}

/** The first that works and does not show the event already. */
export function fallbackFor(
  state: State,
  { destination, events }: Delivery,
  pacing: Pacing,
): string | undefined {
  const taken = new Set(
    events.flatMap((event) =>
      (state.events.get(event)?.deliveries ?? []).map((id) => state.deliveries.get(id)?.destination),
    ),
  );
  return pacing
    .fallbacksOf(destination)
    .find(
      (name) => pacing.memoryOf(name) !== undefined && !state.health.get(name)?.broken && !taken.has(name),
    );
}
