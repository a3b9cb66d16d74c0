import { heldUntil } from "./night.ts";
import { isPast, type Pacing } from "./pacing.ts";
import { heads, lookAt } from "./ripen.ts";
import { openDeliveries, questionOf } from "./select.ts";
import type { Delivery, State } from "./state.ts";

/** `send` is sending, editing or removing, as the delivery has it; `look` asks whether it is there already. */
export type Step = { do: "send" | "look"; delivery: Delivery };

/**
 * The next thing to do at each destination that has nothing under way. What is urgent comes first, but no news overtakes
 * older news of its own subject, unless the night holds that.
 */
export function pick(
  state: State,
  { now, busy, pacing }: { now: Date; busy: ReadonlySet<string>; pacing: Pacing },
): Step[] {
  const awake = openDeliveries(state).filter((one) => heldUntil(state, one, now, pacing) === undefined);
  const byDestination = Map.groupBy(awake, ({ destination }) => destination);
  return [...byDestination].flatMap(([destination, queue]) => {
    const health = state.health.get(destination);
    if (busy.has(destination) || health?.broken) return [];
    const isPaused = health?.pausedUntil !== undefined && !isPast(health.pausedUntil, now);
    const steps = heads(queue).flatMap((delivery) => stepOf(delivery, now, isPaused));
    const best = steps.find(({ delivery }) => isUrgent(state, delivery)) ?? steps[0];
    return best ? [best] : [];
  });
}

function stepOf(delivery: Delivery, now: Date, isPaused: boolean): Step[] {
  const { progress } = delivery;
  if (progress.kind === "unknown") return isPast(lookAt(progress), now) ? [{ do: "look", delivery }] : [];
  if (progress.kind !== "ready" || isPaused || !isPast(progress.after, now)) return [];
  return [{ do: "send", delivery }];
}

/** Worth saying twice rather than never, and before everything else. */
export function isUrgent(state: State, delivery: Delivery): boolean {
  const question = questionOf(state, delivery);
  const severity = delivery.events.length === 1 ? severityOf(state, delivery) : undefined;
  return severity === "critical" || (question !== undefined && delivery.content.kind !== "list");
}

function severityOf(state: State, { events: [event] }: Delivery): string | undefined {
  return event === undefined ? undefined : state.events.get(event)?.envelope.severity;
}
