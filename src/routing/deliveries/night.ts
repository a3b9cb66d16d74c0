import { saidExpiry } from "../rules/expiry.ts";
import type { Pacing } from "./pacing.ts";
import { envelopesOf, shownBefore } from "./select.ts";
import type { Delivery, State } from "./state.ts";

/** How long what the night kept is good for at least, once it is over. */
const graceMs = 6 * 3_600_000;

/**
 * The end of the quiet time that a delivery has to wait for; undefined if it may go out now. Rules have looked at the
 * night when they planned it: here is what a retry, a rest or a wish for quiet brought into one.
 */
export function heldUntil(state: State, delivery: Delivery, now: Date, pacing: Pacing): Date | undefined {
  if (!mayWait(state, delivery, pacing)) return undefined;
  const awake = pacing.awake(delivery.destination, now, state.quiet);
  return awake <= now || isOverBy(state, delivery, awake) ? undefined : awake;
}

/** Until when a delivery is worth making; what no one has set an end to does not end in the night that holds it. */
export function goodUntil(state: State, delivery: Delivery, pacing: Pacing): string {
  const end = new Date(delivery.expires);
  if (!mayWait(state, delivery, pacing) || isOverBy(state, delivery, end)) return delivery.expires;
  const awake = pacing.awake(delivery.destination, end, state.quiet);
  return awake <= end ? delivery.expires : expiresAfter(state, delivery, awake);
}

/** The end of what waits until then, by which it is not over. */
export function expiresAfter(state: State, delivery: Delivery, until: Date): string {
  const least = new Date(until.getTime() + graceMs);
  const isLong = new Date(delivery.expires) >= least || isOverBy(state, delivery, least);
  return isLong ? delivery.expires : least.toISOString();
}

/** Only what makes a sound by itself, harms nobody by waiting, and was asked for by nobody. */
function mayWait(state: State, delivery: Delivery, pacing: Pacing): boolean {
  const { destination, reason, progress, silent, wanted, part } = delivery;
  if (progress.kind !== "ready" || silent || wanted || part > 0 || !isPost(state, delivery)) return false;
  if (!pacing.holds(destination, reason)) return false;
  return !envelopesOf(state, delivery.events).some(({ severity }) => severity === "critical");
}

/** A message of its own, rather than a change of one that stands. */
function isPost(state: State, delivery: Delivery): boolean {
  const { content, destination, statusCard, inPlace, anew } = delivery;
  switch (content.kind) {
    case "list":
    case "reminder":
    case "still":
      return true;
    case "event":
      if (anew) return true;
      if (statusCard) return state.health.get(destination)?.statusCard === undefined;
      return !inPlace || shownBefore(state, delivery) === undefined;
    case "confirm":
    case "question":
    case "decided":
    case "removal":
      return false;
    default:
      return content satisfies never;
  }
}

/** What itself has said that it is over by then; a list is of use after one of its lines is. */
export function isOverBy(state: State, delivery: Delivery, instant: Date): boolean {
  if (delivery.content.kind === "list") return false;
  const ends = envelopesOf(state, delivery.events).flatMap((envelope) => saidExpiry(envelope) ?? []);
  return ends.some((end) => end <= instant);
}
