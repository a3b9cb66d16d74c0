import type { ActionId, Envelope, EventId } from "../core/envelope.ts";
import type { DeliveryId, Silence } from "./entry.ts";

/** What a command lays into main's drop box. Main does it in its next round, or when it is started again. */
export type RoutingRequest =
  | { kind: "event"; envelope: Envelope }
  | { kind: "answer"; action: ActionId; verb: string; text?: string; person: string }
  | { kind: "retry"; delivery: DeliveryId; by: string }
  | { kind: "give-up"; delivery: DeliveryId; by: string }
  | { kind: "silence"; silence: Silence }
  | { kind: "end-silence"; id: string; by: string }
  | { kind: "quiet"; until: string | null; by: string }
  | { kind: "flush"; digest: string; by: string }
  | { kind: "checked"; destination: string; event?: EventId };
