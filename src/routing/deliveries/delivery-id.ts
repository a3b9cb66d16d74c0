import { hash } from "node:crypto";

import type { ActionId, EventId } from "../../core/envelope.ts";
import type { DeliveryId } from "../entry.ts";

/** The delivery of one event to one destination. */
export function eventDelivery(event: EventId, destination: string, revision: number): DeliveryId {
  return `${event}/${destination}/${revision}`;
}

/** One message for several events; `name` and `window` make it the same one after a restart. */
export function listDelivery(
  because: "group" | "digest" | "morning" | "back",
  { name, window, destination }: { name: string; window: string; destination: string },
): DeliveryId {
  return `${because}:${idPart(name)}:${idPart(window)}/${destination}/1`;
}

/** What is said about a question; `n` tells it from what was said before. */
export function questionDelivery(
  what: "remind" | "unremind" | "confirm" | "question" | "decided" | "escalate",
  { action, n, destination }: { action: ActionId; n: number; destination: string },
): DeliveryId {
  return `${what}:${action}:${n}/${destination}/1`;
}

/** What is said again, or no more, about something that goes on. */
export function troubleDelivery(
  what: "still" | "unstill",
  { event, n, destination }: { event: EventId; n: number; destination: string },
): DeliveryId {
  return `${what}:${event}:${n}/${destination}/1`;
}

/** The same news for a destination that takes the place of a dead one. */
export function fallbackDelivery(dead: DeliveryId, destination: string): DeliveryId {
  const [head = dead] = dead.split("/", 1);
  return `${head}/${destination}/f-${shortHash(dead)}`;
}

export function partOf(delivery: DeliveryId, part: number): DeliveryId {
  return `${delivery}/${part}`;
}

/** The delivery of which this is one message; a delivery's own id is answered as it is. */
export function wholeOf(id: DeliveryId): DeliveryId {
  return id.split("/").slice(0, 3).join("/");
}

/** At most 25 characters; the same for each try, so that a network that remembers nonces shows it once. */
export function nonceOf(part: DeliveryId): string {
  return hash("sha256", part, "base64url").slice(0, 25);
}

/** Keeps what other people named from taking an id apart. */
function idPart(text: string): string {
  return /^[\w.:+-]{1,60}$/.test(text) ? text : shortHash(text);
}

function shortHash(text: string): string {
  return hash("sha256", text, "hex").slice(0, 12);
}
