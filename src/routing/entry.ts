import type { ActionId, Envelope, EventId } from "../core/envelope.ts";
import type { Place } from "../ports/channel.ts";
import type { Plan, Timing } from "./plan-types.ts";

/**
 * `<event>/<destination>/<revision>`, or `digest:<name>:<window>/<destination>/1`, `remind:<action>:<n>/<destination>/1`.
 * Where one message of it is meant, its number follows: `…/0` is the first.
 */
export type DeliveryId = string;

/** What a delivery puts before people. */
export type Content =
  /** The card of its one event. */
  | { kind: "event" }
  /** One message for several events. `back`: what waited while the destination was away `since`. */
  | { kind: "list"; because: "group" | "digest" | "morning" | "back"; name: string; since?: string }
  /** An open question once more, for the `n`th time from 1. */
  | { kind: "reminder"; action: ActionId; n: number }
  /** Something that is not over, once more, for the `n`th time from 1. */
  | { kind: "still"; n: number }
  /** Asks once more before an answer of high risk counts: put into the question's own message. */
  | { kind: "confirm"; action: ActionId; verb: string }
  /** Takes such a second question back. */
  | { kind: "question"; action: ActionId }
  /** How the question ended, put into its own message. */
  | { kind: "decided"; action: ActionId }
  /** Nothing: the message is removed. */
  | { kind: "removal" };

export type Answer = {
  action: ActionId;
  event: EventId;
  verb: string;
  /** What a person wrote, where words were asked for. */
  text?: string;
  payloadHash: string;
  /** Of the text that was on the screen. */
  shownHash?: string;
  by: { person: string; via: "telegram" | "discord" | "cli" | "deadline"; user?: string };
  at: string;
};

export type Silence = {
  id: string;
  subject?: string;
  category?: string;
  until: string;
  why: string;
  by: string;
};

/**
 * What is written down about routing, in this order, before and after whatever is done. State is what folding these
 * gives; nothing else is kept.
 */
export type Entry = { at: string } & (
  | { t: "event"; envelope: Envelope }
  /** Of what lay in main's box unreadable the last one; `count` are all of which nobody was told yet. */
  | { t: "rejected"; from: string; why: string; count?: number }
  /** `config` is the digest of the rules that made the plan. */
  | { t: "planned"; event: EventId; config: string; plan: Plan }
  /**
   * What waited may go out, by itself or joined with others; or something is to be said that no event says. `edits` is
   * the delivery whose message it is put into, or which is removed.
   */
  | {
      t: "due";
      delivery: DeliveryId;
      destination: string;
      events: readonly EventId[];
      reason: string;
      content: Content;
      silent: boolean;
      expires: string;
      edits?: DeliveryId;
      mentionsOwner?: true;
      /** Somebody asked for it to come now, be it night. */
      wanted?: true;
      /** It waits for others first. */
      timing?: Timing;
      note?: string;
    }
  | {
      t: "claimed";
      delivery: DeliveryId;
      attempt: number;
      nonce: string;
      hash: string;
      act: "send" | "edit" | "remove";
      /** How many messages the delivery has. */
      of: number;
    }
  | { t: "sent"; delivery: DeliveryId; place: Place; thread?: Place; hash: string; again?: true }
  | {
      t: "not-sent";
      delivery: DeliveryId;
      kind: "refused" | "later";
      code: string;
      why: string;
      retryAt: string;
    }
  | { t: "unknown"; delivery: DeliveryId; code: string; why: string }
  /**
   * What became of an unknown one. `absent`: it was looked for and is not there. `repeat`: twice is better than never, so
   * it is said again and marked. `harmless`: an edit or a removal. `left`: it is not sent again.
   */
  | {
      t: "reconciled";
      delivery: DeliveryId;
      finding: "absent" | "repeat" | "harmless" | "left";
      retryAt: string;
    }
  | { t: "dead"; delivery: DeliveryId; code: string; why: string; fallback?: DeliveryId }
  | { t: "given-up"; delivery: DeliveryId; why: string; by: string }
  | { t: "superseded"; delivery: DeliveryId; by: DeliveryId }
  | { t: "breaker"; destination: string; state: "open" | "closed"; code: string; why: string }
  /** The first half of an answer of high risk. */
  | { t: "confirming"; action: ActionId; verb: string; by: string }
  | { t: "answered"; answer: Answer }
  | { t: "carried-out"; action: ActionId; how: string }
  | { t: "snoozed"; action: ActionId; until: string; by: string }
  | { t: "heard"; key: string }
  | { t: "silenced"; silence: Silence }
  | { t: "silence-ended"; id: string; by: string }
  | { t: "quiet"; until: string | null; by: string }
  | { t: "mirrored"; upTo: number }
);
