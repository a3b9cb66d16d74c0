import type { Card } from "../../core/card.ts";
import type { Parcel, Place } from "../../ports/channel.ts";

/** What programs and other people's servers are handed: docs/destinations.md describes it, so it only ever grows. */
export type CardPost = {
  v: 1;
  act: "send" | "edit" | "remove";
  /** The same for one message for ever, also when it comes a second time. */
  delivery: string;
  card?: Card;
  silent?: boolean;
  thread?: { key: string; name: string };
};

export function cardToSend(parcel: Parcel): CardPost {
  return { v: 1, act: "send", delivery: parcel.nonce, ...contents(parcel) };
}

export function cardToEdit(place: Place, parcel: Parcel): CardPost {
  return { v: 1, act: "edit", delivery: deliveryAt(place), ...contents(parcel) };
}

export function cardToRemove(place: Place): CardPost {
  return { v: 1, act: "remove", delivery: deliveryAt(place) };
}

export function placeOf({ delivery }: CardPost): Place {
  return { delivery };
}

function deliveryAt(place: Place): string {
  return place["delivery"] ?? "";
}

function contents({ message, silent, thread }: Parcel): Pick<CardPost, "card" | "silent" | "thread"> {
  if (message.kind !== "card") throw new TypeError(`this channel takes cards, not a ${message.kind} message`);
  const { card } = message;
  return { card, silent, ...(thread ? { thread: { key: thread.key, name: thread.name } } : {}) };
}
