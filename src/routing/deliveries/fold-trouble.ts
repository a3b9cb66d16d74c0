import type { Envelope, EventId } from "../../core/envelope.ts";
import type { DeliveryId } from "../entry.ts";
import type { State } from "./state.ts";

/** More things than this do not go on at once; whoever tells so many never tells their end. */
const mostTroubles = 2000;

/** What goes on is one thing, however often and in whatever words it is told: its category and its subject say which. */
function troubleKey({ category, subject }: Pick<Envelope, "category" | "subject">): string {
  return `${category} ${subject}`;
}

/** What was just planned goes on until its end is told. Questions have reminders of their own. */
export function beginTrouble(state: State, { action, id, status, ...about }: Envelope): void {
  if (action !== undefined || (status !== "firing" && status !== "update")) return;
  const key = troubleKey(about);
  const old = state.troubles.get(key);
  if (old && !old.isOver) return;
  const shown = (state.events.get(id)?.deliveries ?? [])
    .flatMap((one) => state.deliveries.get(one) ?? [])
    .find(({ remindAfter }) => remindAfter.length > 0);
  if (!shown) return;
  const { reminder } = old ?? {};
  state.troubles.set(key, { event: id, shown: shown.id, reminded: 0, reminder, isOver: false });
  const [oldest] = state.troubles.keys();
  if (state.troubles.size > mostTroubles && oldest !== undefined) state.troubles.delete(oldest);
}

/** One whose reminder stands somewhere is kept until that is gone. */
export function endTrouble(state: State, envelope: Envelope): void {
  if (envelope.status !== "resolved") return;
  const key = troubleKey(envelope);
  const trouble = state.troubles.get(key);
  if (!trouble) return;
  trouble.isOver = true;
  if (trouble.reminder === undefined) state.troubles.delete(key);
}

export function remindOfTrouble(
  state: State,
  event: EventId | undefined,
  { n, reminder }: { n: number; reminder: DeliveryId },
): void {
  const envelope = event === undefined ? undefined : state.events.get(event)?.envelope;
  const trouble = envelope && state.troubles.get(troubleKey(envelope));
  if (trouble) Object.assign(trouble, { reminded: Math.max(trouble.reminded, n), reminder });
}

export function forgetTroubleReminder(state: State, removed: DeliveryId | undefined): void {
  for (const [key, trouble] of state.troubles) {
    if (trouble.reminder !== removed) continue;
    trouble.reminder = undefined;
    if (trouble.isOver) state.troubles.delete(key);
  }
}
