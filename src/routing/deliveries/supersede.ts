import type { EventId } from "../../core/envelope.ts";
import type { Entry } from "../entry.ts";
import { subjectKey } from "./fold.ts";
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
        ? unshown(state, told.envelope.subject, one.destination).map((old): Entry => ({
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
  const ids = delivery.statusCard
    ? [...state.open]
    : (state.bySubject.get(subjectKey(delivery.destination, delivery.subject)) ?? []);
  return ids
    .flatMap((id) => state.deliveries.get(id) ?? [])
    .filter((old) => old.destination === delivery.destination && old.statusCard === delivery.statusCard)
    .filter((old) => old.order < delivery.order && isUnsent(old));
}

/** What waits for the end of its hold is found by its subject; nothing else of the subject waits like that. */
function unshown(state: State, subject: string, destination: string | undefined): Delivery[] {
  return [...state.open]
    .flatMap((id) => state.deliveries.get(id) ?? [])
    .filter((old) => old.subject === subject && old.progress.kind === "waiting")
    .filter((old) => destination === undefined || old.destination === destination);
}

function isUnsent({ progress, part, again }: Delivery): boolean {
  return progress.kind === "waiting" || (progress.kind === "ready" && part === 0 && !again);
}
