import type { Envelope, EventId } from "../../core/envelope.ts";
import type { Entry } from "../entry.ts";
import type { PlannedDelivery } from "../plan-types.ts";
import { eventDelivery, wholeOf } from "./delivery-id.ts";
import { foldDelivery } from "./fold-delivery.ts";
import { beginTrouble, endTrouble } from "./fold-trouble.ts";
import { emptyState, healthOf, untried, type State } from "./state.ts";

/** What is known after these entries, in their order. */
export function fold(entries: Iterable<Entry>, state = emptyState()): State {
  for (const entry of entries) apply(state, entry);
  return state;
}

/** Adds one entry to what is known. Entries about what is not known, as after a compaction, change nothing. */
export function apply(state: State, entry: Entry): void {
  state.entries++;
  switch (entry.t) {
    case "event":
      return tell(state, entry.envelope, entry.at);
    case "planned":
      return plan(state, entry);
    case "due":
    case "claimed":
    case "sent":
    case "not-sent":
    case "unknown":
    case "reconciled":
    case "dead":
    case "given-up":
    case "superseded":
      return foldDelivery(state, entry);
    case "breaker": {
      const health = healthOf(state, entry.destination);
      const { code, why, at } = entry;
      health.broken = entry.state === "open" ? { code, why, at } : undefined;
      if (entry.state === "closed") health.pausedUntil = undefined;
      return;
    }
    case "answered":
    case "carried-out":
    case "confirming":
    case "snoozed":
      return answer(state, entry);
    case "heard":
      return remember(state.heard, entry.key);
    case "silenced":
      return void state.silences.set(entry.silence.id, entry.silence);
    case "silence-ended":
      return void state.silences.delete(entry.id);
    case "quiet":
      return quiet(state, entry);
    case "mirrored":
      state.mirrored = entry.upTo;
      return;
    case "rejected":
      return;
    default:
      return entry satisfies never;
  }
}

function tell(state: State, envelope: Envelope, at: string): void {
  if (state.events.has(envelope.id)) return;
  state.events.set(envelope.id, { envelope, at, plan: undefined, config: undefined, deliveries: [] });
  overtake(state, envelope, at);
  endTrouble(state, envelope);
  const { action, id, subject } = envelope;
  if (!action || state.questions.has(action.id)) return;
  state.questions.set(action.id, {
    action,
    event: id,
    subject,
    reminded: 0,
    reminder: undefined,
    snoozedUntil: undefined,
    confirming: undefined,
    answer: undefined,
    carriedOut: undefined,
    overtaken: undefined,
  });
}

/** A subject has one open question of a kind at a time, and none once it is resolved. */
function overtake(state: State, { id, subject, category, status, action }: Envelope, at: string): void {
  for (const question of state.questions.values()) {
    if (question.subject !== subject || question.answer || question.overtaken) continue;
    if (question.action.id === action?.id) continue;
    const asked = state.events.get(question.event)?.envelope;
    if (asked?.category !== category) continue;
    if (status === "resolved" || action) question.overtaken = { by: id, at };
  }
}

function plan(state: State, entry: Extract<Entry, { t: "planned" }>): void {
  const told = state.events.get(entry.event);
  if (!told || told.plan) return;
  told.plan = entry.plan;
  told.config = entry.config;
  for (const planned of entry.plan.deliveries) {
    const id = eventDelivery(entry.event, planned.destination, told.envelope.revision);
    told.deliveries.push(id);
    begin(state, { id, event: entry.event, subject: told.envelope.subject, planned, at: entry.at });
  }
  beginTrouble(state, told.envelope);
}

function begin(
  state: State,
  {
    id,
    event,
    subject,
    planned,
    at,
  }: { id: string; event: EventId; subject: string; planned: PlannedDelivery; at: string },
): void {
  const { destination, timing } = planned;
  state.deliveries.set(id, {
    ...planned,
    id,
    order: state.entries,
    events: [event],
    subject,
    content: { kind: "event" },
    reason: planned.rule,
    edits: undefined,
    wanted: false,
    note: undefined,
    progress: timing.kind === "now" ? { kind: "ready", after: at } : { kind: "waiting", timing },
    ...untried(),
  });
  state.open.add(id);
  const key = subjectKey(destination, subject);
  const before = state.bySubject.get(key);
  if (before) before.push(id);
  else state.bySubject.set(key, [id]);
}

/** Where `state.bySubject` has what one destination was told of one subject. */
export function subjectKey(destination: string, subject: string): string {
  return `${destination} ${subject}`;
}

function answer(
  state: State,
  entry: Extract<Entry, { t: "answered" | "carried-out" | "confirming" | "snoozed" }>,
): void {
  const question = state.questions.get(entry.t === "answered" ? entry.answer.action : entry.action);
  if (!question) return;
  switch (entry.t) {
    case "answered":
      // The first one counts, in whatever order two machines wrote theirs down.
      question.answer ??= entry.answer;
      question.confirming = undefined;
      return;
    case "carried-out":
      question.carriedOut ??= { how: entry.how, at: entry.at };
      return;
    case "confirming":
      question.confirming = { verb: entry.verb, by: entry.by, at: entry.at };
      return;
    case "snoozed":
      question.snoozedUntil = entry.until;
      question.confirming = undefined;
      return;
    default:
      return entry satisfies never;
  }
}

/** Quiet that a person ends early ends for what it holds back already. */
function quiet(state: State, { until, by, at }: Extract<Entry, { t: "quiet" }>): void {
  state.quiet = { until, by, at };
  if (until !== null) return;
  for (const id of state.open) {
    const delivery = state.deliveries.get(wholeOf(id));
    if (delivery?.progress.kind !== "waiting") continue;
    const { timing } = delivery.progress;
    if (timing.kind !== "held" || timing.because !== "quiet") continue;
    if (Date.parse(timing.until) <= Date.parse(at)) continue;
    delivery.progress = { kind: "waiting", timing: { ...timing, until: at } };
  }
}

/** Old enough keys cannot come again: no network keeps what was not fetched for more than a day. */
const keysKept = 5000;

function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  if (keys.size <= keysKept) return;
  const [oldest] = keys;
  if (oldest !== undefined) keys.delete(oldest);
}
