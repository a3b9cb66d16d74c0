import type { ActionId, Envelope, EventId } from "../core/envelope.ts";
import type { Place } from "../ports/channel.ts";
import type { Plan } from "./plan-types.ts";

/** `<event>/<destination>/<revision>/<part>`, or `digest:<name>:<window>/…`, `remind:<action>:<n>/…`. */
export type DeliveryId = string;

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
  | { t: "rejected"; from: string; why: string }
  /** `config` is the digest of the rules that made the plan. */
  | { t: "planned"; event: EventId; config: string; plan: Plan }
  | { t: "due"; delivery: DeliveryId; destination: string; events: readonly EventId[]; reason: string }
  | {
      t: "claimed";
      delivery: DeliveryId;
      attempt: number;
      nonce: string;
      hash: string;
      act: "send" | "edit" | "remove";
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
  | { t: "dead"; delivery: DeliveryId; code: string; why: string; fallback?: string }
  | { t: "given-up"; delivery: DeliveryId; why: string; by: string }
  | { t: "superseded"; delivery: DeliveryId; by: DeliveryId }
  | { t: "breaker"; destination: string; state: "open" | "closed"; code: string; why: string }
  | { t: "answered"; answer: Answer }
  | { t: "carried-out"; action: ActionId; how: string }
  | { t: "snoozed"; action: ActionId; until: string; by: string }
  | { t: "heard"; key: string }
  | { t: "silenced"; silence: Silence }
  | { t: "silence-ended"; id: string; by: string }
  | { t: "quiet"; until: string | null; by: string }
  | { t: "mirrored"; upTo: number }
);
