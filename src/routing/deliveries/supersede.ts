import type { Envelope, EventId } from "../../core/envelope.ts";
import type { Entry } from "../entry.ts";
import { subjectKey } from "./fold.ts";
import { categoryOf } from "./select.ts";
import type { Delivery, State } from "./state.ts";

/** What need not be shown any more now that a newer event has been planned: what it tells better, or ends. */
export function supersede(state: State, event: EventId, now: Date): Entry[] {
  const told = state.events.get(event);
  if (!told?.plan) return [];
  const at = now.toISOString();
  const mine = told.deliveries.flatMap((id) => state.deliveries.get(id) ?? []);
  return [
    ...mine.flatMap((delivery) =>
      outdated(state, delivery, told.envelope.status === "resolved").map((old): Entry => ({
        at,
        t: "superseded",
        delivery: old.id,
        by: delivery.id,
      })),
    ),
    ...told.plan.suppressed.flatMap((one) =>
      one.why === "never-shown"
        ? unshown(state, told.envelope, one.destination).map((old): Entry => ({
            at,
            t: "given-up",
            delivery: old.id,
            why: "it was over before it was to be shown",
            by: "main",
          }))
        : [],
    ),
  ];
}

function outdated(state: State, delivery: Delivery, isEnd: boolean): Delivery[] {
  if (!delivery.inPlace && !delivery.statusCard && !isEnd) return [];
  const { destination, subject, order, statusCard } = delivery;
  const ids = statusCard ? [...state.open] : (state.bySubject.get(subjectKey(destination, subject)) ?? []);
  const category = categoryOf(state, delivery);
  return ids
    .flatMap((id) => state.deliveries.get(id) ?? [])
    .filter((old) => old.destination === destination && old.statusCard === statusCard)
    .filter((old) => statusCard || categoryOf(state, old) === category)
    .filter((old) => old.order < order && isUnsent(old));
}

/** What waits for the end of its hold, and is over before it. */
function unshown(state: State, { subject, category }: Envelope, destination: string | undefined): Delivery[] {
  return [...state.open]
    .flatMap((id) => state.deliveries.get(id) ?? [])
    .filter((old) => old.subject === subject && categoryOf(state, old) === category)
    .filter((old) => old.progress.kind === "waiting")
    .filter((old) => destination === undefined || old.destination === destination);
}

function isUnsent({ progress, part, again }: Delivery): boolean {
  return progress.kind === "waiting" || (progress.kind === "ready" && part === 0 && !again);
}
