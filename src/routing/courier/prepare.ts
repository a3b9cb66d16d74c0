import { hash } from "node:crypto";

import type { Card } from "../../core/card.ts";
import type { Channel, Message, Parcel, Place } from "../../ports/channel.ts";
import { nonceOf, partOf } from "../deliveries/delivery-id.ts";
import { shownBefore } from "../deliveries/select.ts";
import type { Delivery, State } from "../deliveries/state.ts";
import { markerFor, present, type Looks } from "./present.ts";

/** One call to a channel, with what is to be written down before it. */
export type Prepared =
  | { act: "send"; parcel: Parcel; of: number; hash: string }
  | { act: "edit"; parcel: Parcel; place: Place; of: number; hash: string }
  | { act: "remove"; place: Place; of: number; hash: string }
  /** There is nothing to edit or to remove, or nothing to show. */
  | { act: "nothing"; why: string };

export type Renderers = Record<Message["kind"], (card: Card) => Message[]>;

export type Press = { takes: Channel["takes"]; now: Date; looks: Looks; renderers: Renderers };

/** What the next message of a delivery is, and whether it is sent or put into one that is there. */
export function prepare(state: State, delivery: Delivery, press: Press): Prepared {
  const { content, part } = delivery;
  const target = targetOf(state, delivery);
  const place = target?.places[part];
  if (content.kind === "removal") {
    return place ? { act: "remove", place, of: target?.places.length ?? 1, hash: "" } : nothing;
  }
  const card = present(state, delivery, press.now, press.looks);
  const messages = card ? press.renderers[press.takes](card) : [];
  const message = messages[part];
  if (!message) return { act: "nothing", why: "there is nothing to show" };
  const parcel = parcelOf(state, delivery, message);
  const digest = hash("sha256", JSON.stringify(message));
  const changes = content.kind === "question" || content.kind === "confirm" || content.kind === "decided";
  if (changes) {
    const of = Math.min(messages.length, target?.places.length ?? 0);
    return place && part < of ? { act: "edit", parcel, place, of, hash: digest } : nothing;
  }
  const isNews = content.kind === "event" && place !== undefined;
  return isNews
    ? { act: "edit", parcel, place, of: messages.length, hash: digest }
    : { act: "send", parcel, of: messages.length, hash: digest };
}

const nothing = { act: "nothing", why: "there is no message to put it into" } as const;

/** What to look for where nobody knows whether a message arrived. */
export function lookedFor(state: State, delivery: Delivery): Parcel {
  return parcelOf(state, delivery, { kind: "page", markdown: "" });
}

/** The delivery whose messages take the new words. */
function targetOf(state: State, delivery: Delivery): Delivery | undefined {
  const { content, edits, anew, inPlace, statusCard, destination } = delivery;
  if (content.kind !== "event") return edits === undefined ? undefined : state.deliveries.get(edits);
  if (anew) return undefined;
  if (statusCard) {
    const card = state.health.get(destination)?.statusCard;
    return card === undefined ? undefined : state.deliveries.get(card);
  }
  return inPlace ? shownBefore(state, delivery) : undefined;
}

function parcelOf(state: State, delivery: Delivery, message: Message): Parcel {
  const { id, part, silent, content, edits, thread, statusCard } = delivery;
  const [event] = delivery.events;
  const envelope =
    event === undefined || delivery.events.length > 1 ? undefined : state.events.get(event)?.envelope;
  const isReminder = (content.kind === "reminder" || content.kind === "still") && edits !== undefined;
  const first = isReminder ? state.deliveries.get(edits)?.places[0] : undefined;
  const place = thread ? threadOf(state, delivery) : undefined;
  return {
    message,
    nonce: nonceOf(partOf(id, part)),
    marker: markerFor(delivery, envelope),
    silent,
    ...(statusCard ? { pinned: true } : {}),
    ...(first ? { replyTo: first } : {}),
    ...(thread && envelope
      ? { thread: { key: envelope.subject, name: envelope.title, ...(place ? { place } : {}) } }
      : {}),
  };
}

/** Where the thread of this subject is, if it has begun. */
function threadOf(state: State, delivery: Delivery): Place | undefined {
  const ids = state.bySubject.get(`${delivery.destination} ${delivery.subject}`) ?? [];
  return ids.map((id) => state.deliveries.get(id)?.threadPlace).findLast((place) => place !== undefined);
}
