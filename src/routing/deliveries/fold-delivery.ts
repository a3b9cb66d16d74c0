import type { ActionId } from "../../core/envelope.ts";
import type { Entry } from "../entry.ts";
import { wholeOf } from "./delivery-id.ts";
import { forgetTroubleReminder, remindOfTrouble } from "./fold-trouble.ts";
import { healthOf, untried, type Delivery, type Progress, type State } from "./state.ts";

type DeliveryEntry = Extract<
  Entry,
  {
    t:
      | "due"
      | "claimed"
      | "sent"
      | "not-sent"
      | "unknown"
      | "reconciled"
      | "dead"
      | "given-up"
      | "superseded";
  }
>;

/** What an entry about a delivery changes. */
export function foldDelivery(state: State, entry: DeliveryEntry): void {
  if (entry.t === "due") return due(state, entry);
  const delivery = state.deliveries.get(wholeOf(entry.delivery));
  if (!delivery) return;
  switch (entry.t) {
    case "claimed":
      delivery.attempts++;
      delivery.of = entry.of;
      delivery.progress = { kind: "claimed", at: entry.at, act: entry.act };
      return;
    case "sent":
      return sent(state, delivery, entry);
    case "not-sent":
      if (entry.kind === "refused") delivery.failures++;
      rest(state, delivery, entry.at, entry.retryAt);
      delivery.progress = { kind: "ready", after: entry.retryAt };
      return;
    case "unknown": {
      const looks = delivery.progress.kind === "unknown" ? delivery.progress.looks + 1 : 0;
      const { at, code, why } = entry;
      delivery.progress = { kind: "unknown", at, act: actOf(delivery.progress), looks, code, why };
      healthOf(state, delivery.destination).downSince ??= at;
      return;
    }
    case "reconciled":
      return reconciled(state, delivery, entry);
    case "dead":
      return end(state, delivery, {
        kind: "dead",
        code: entry.code,
        why: entry.why,
        ...(entry.fallback === undefined ? {} : { fallback: entry.fallback }),
      });
    case "given-up":
      return end(state, delivery, { kind: "given-up", why: entry.why, by: entry.by, unknown: false });
    case "superseded":
      return end(state, delivery, { kind: "superseded", by: entry.by });
    default:
      return entry satisfies never;
  }
}

function due(state: State, entry: Extract<Entry, { t: "due" }>): void {
  const { delivery: id, destination, events, content, reason, silent, expires, edits, note, at } = entry;
  const known = state.deliveries.get(id);
  if (known) return reopen(state, known, entry);
  const [first] = events;
  const subject = first === undefined ? undefined : state.events.get(first)?.envelope.subject;
  state.deliveries.set(id, {
    id,
    order: state.entries,
    destination,
    events,
    subject: content.kind === "list" || subject === undefined ? id : subject,
    content,
    reason,
    edits,
    silent,
    inPlace: false,
    statusCard: false,
    thread: false,
    mentionsOwner: entry.mentionsOwner === true,
    wanted: entry.wanted === true,
    remindAfter: [],
    expires,
    note,
    progress: entry.timing ? { kind: "waiting", timing: entry.timing } : { kind: "ready", after: at },
    ...untried(),
  });
  state.open.add(id);
  for (const event of events) state.events.get(event)?.deliveries.push(id);
  if (content.kind === "list") join(state, entry);
  if (content.kind === "reminder") remind(state, content.action, content.n, id);
  if (content.kind === "still") remindOfTrouble(state, first, { n: content.n, reminder: id });
  if (content.kind === "removal") forgetReminder(state, edits);
}

/** What waited, or what a person wants to be tried again. */
function reopen(state: State, known: Delivery, entry: Extract<Entry, { t: "due" }>): void {
  const { silent, expires, wanted, at } = entry;
  if (!["waiting", "dead", "given-up"].includes(known.progress.kind)) return;
  known.progress = { kind: "ready", after: at };
  known.silent = silent;
  known.wanted = wanted === true;
  known.expires = expires;
  known.failures = 0;
  state.open.add(known.id);
}

/** What waited for this list, or was kept back by an outage, goes out as lines of it. */
function join(
  state: State,
  { delivery: id, destination, events, content }: Extract<Entry, { t: "due" }>,
): void {
  const isBack = content.kind === "list" && content.because === "back";
  for (const event of events) {
    for (const one of state.events.get(event)?.deliveries ?? []) {
      const member = state.deliveries.get(one);
      if (!member || one === id || member.destination !== destination) continue;
      const isKept = isBack && member.progress.kind === "ready" && member.content.kind === "event";
      if (isKept || member.progress.kind === "waiting") end(state, member, { kind: "joined", delivery: id });
    }
  }
}

function remind(state: State, action: ActionId, n: number, id: string): void {
  const question = state.questions.get(action);
  if (!question) return;
  question.reminded = Math.max(question.reminded, n);
  question.reminder = id;
  question.snoozedUntil = undefined;
}

function forgetReminder(state: State, removed: string | undefined): void {
  for (const question of state.questions.values()) {
    if (question.reminder === removed) question.reminder = undefined;
  }
  forgetTroubleReminder(state, removed);
}

function sent(state: State, delivery: Delivery, entry: Extract<Entry, { t: "sent" }>): void {
  const health = healthOf(state, delivery.destination);
  health.downSince = undefined;
  health.pausedUntil = undefined;
  delivery.places[delivery.part] = entry.place;
  if (entry.thread) delivery.threadPlace = entry.thread;
  delivery.part++;
  delivery.again = false;
  delivery.failures = 0;
  if (delivery.part < delivery.of) {
    delivery.progress = { kind: "ready", after: entry.at };
    return;
  }
  delivery.sentAt = entry.at;
  if (delivery.statusCard) health.statusCard = delivery.id;
  end(state, delivery, { kind: "sent", at: entry.at });
}

function reconciled(state: State, delivery: Delivery, entry: Extract<Entry, { t: "reconciled" }>): void {
  if (entry.finding === "left") {
    const why = delivery.progress.kind === "unknown" ? delivery.progress.why : "nobody knows";
    return end(state, delivery, { kind: "given-up", why, by: "main", unknown: true });
  }
  delivery.failures++;
  if (entry.finding === "repeat") delivery.again = true;
  if (entry.finding === "absent" && actOf(delivery.progress) === "edit") delivery.anew = true;
  delivery.progress = { kind: "ready", after: entry.retryAt };
}

function end(state: State, delivery: Delivery, progress: Progress): void {
  delivery.progress = progress;
  state.open.delete(delivery.id);
}

/** A destination that failed once fails for everything else too: it is left alone until the next try. */
function rest(state: State, { destination }: Delivery, at: string, until: string): void {
  const health = healthOf(state, destination);
  health.downSince ??= at;
  if (health.pausedUntil === undefined || Date.parse(health.pausedUntil) < Date.parse(until))
    health.pausedUntil = until;
}

function actOf(progress: Progress): "send" | "edit" | "remove" {
  return progress.kind === "claimed" || progress.kind === "unknown" ? progress.act : "send";
}
