import type { Action, ActionId, Envelope, EventId } from "../../core/envelope.ts";
import type { Place } from "../../ports/channel.ts";
import type { Answer, Content, DeliveryId, Silence } from "../entry.ts";
import type { Plan, Timing } from "../plan-types.ts";

/** How far a delivery has come. The last five are ends. */
export type Progress =
  | { kind: "waiting"; timing: Timing }
  /** To be sent, not before `after`. */
  | { kind: "ready"; after: string }
  | { kind: "claimed"; at: string; act: "send" | "edit" | "remove" }
  /** It may be there. `looks` counts how often that was asked without an answer. */
  | { kind: "unknown"; at: string; act: "send" | "edit" | "remove"; looks: number; code: string; why: string }
  | { kind: "sent"; at: string }
  /** Went out as a line of another one. */
  | { kind: "joined"; delivery: DeliveryId }
  | { kind: "superseded"; by: DeliveryId }
  | { kind: "dead"; code: string; why: string; fallback?: DeliveryId }
  /** `unknown`: nobody will ever know whether it is there. */
  | { kind: "given-up"; why: string; by: string; unknown: boolean };

/** One card on its way to one destination, in one message or several. */
export type Delivery = {
  readonly id: DeliveryId;
  /** Grows from one delivery to the next. */
  readonly order: number;
  readonly destination: string;
  readonly events: readonly EventId[];
  /** News of one subject keep their order at a destination. */
  readonly subject: string;
  readonly content: Content;
  readonly reason: string;
  readonly edits: DeliveryId | undefined;
  silent: boolean;
  readonly inPlace: boolean;
  readonly statusCard: boolean;
  readonly thread: boolean;
  readonly mentionsOwner: boolean;
  /** Somebody asked for it to come now: nothing holds it up. */
  wanted: boolean;
  readonly remindAfter: readonly number[];
  expires: string;
  readonly note: string | undefined;
  progress: Progress;
  /** An earlier copy of the present message may be there, and is to be spoken of. */
  again: boolean;
  /** What it was to edit has been removed by somebody, so it becomes a message of its own. */
  anew: boolean;
  attempts: number;
  /** Failed attempts of the present message; a network that asks for patience is none. */
  failures: number;
  /** The message that comes next, from 0, of so many as the last claim said. */
  part: number;
  of: number;
  places: Place[];
  threadPlace: Place | undefined;
  sentAt: string | undefined;
};

/** How a delivery begins: nothing of it has been sent. */
export function untried(): Pick<
  Delivery,
  "again" | "anew" | "attempts" | "failures" | "part" | "of" | "places" | "threadPlace" | "sentAt"
> {
  return {
    again: false,
    anew: false,
    attempts: 0,
    failures: 0,
    part: 0,
    of: 1,
    places: [],
    threadPlace: undefined,
    sentAt: undefined,
  };
}

/** An event and what was decided about it. */
export type Told = {
  readonly envelope: Envelope;
  /** When it was written down, by main's clock. */
  readonly at: string;
  plan: Plan | undefined;
  /** Digest of the rules that made the plan. */
  config: string | undefined;
  readonly deliveries: DeliveryId[];
};

/** A decision asked of a person. */
export type Question = {
  readonly action: Action;
  readonly event: EventId;
  readonly subject: string;
  reminded: number;
  /** The reminder that stands now. */
  reminder: DeliveryId | undefined;
  snoozedUntil: string | undefined;
  confirming: { verb: string; by: string; at: string } | undefined;
  answer: Answer | undefined;
  carriedOut: { how: string; at: string } | undefined;
  /** News of the same subject made an answer pointless. */
  overtaken: { by: EventId; at: string } | undefined;
};

/** Something that goes on, and that people are told of again until it is over. */
export type Trouble = {
  readonly event: EventId;
  /** The delivery after which reminders are counted. */
  readonly shown: DeliveryId;
  reminded: number;
  /** The reminder that stands now. */
  reminder: DeliveryId | undefined;
  isOver: boolean;
};

/** How it stands with a destination. */
export type Health = {
  /** The first failure since the last success. */
  downSince: string | undefined;
  /** Nothing is sent before. */
  pausedUntil: string | undefined;
  /** Set until a person has mended it and said so. */
  broken: { code: string; why: string; at: string } | undefined;
  statusCard: DeliveryId | undefined;
};

/** All that routing knows: what folding the entries gives. It belongs to whoever folds, and changes as they do. */
export type State = {
  /** Entries so far, those that said nothing new included. */
  entries: number;
  readonly events: Map<EventId, Told>;
  readonly deliveries: Map<DeliveryId, Delivery>;
  /** Deliveries that have not come to an end. */
  readonly open: Set<DeliveryId>;
  readonly questions: Map<ActionId, Question>;
  /** By category and subject. */
  readonly troubles: Map<string, Trouble>;
  /** Deliveries of events, by destination and subject, the oldest first. */
  readonly bySubject: Map<string, DeliveryId[]>;
  readonly silences: Map<string, Silence>;
  quiet: { until: string | null; by: string; at: string } | undefined;
  readonly health: Map<string, Health>;
  /** Keys of what was heard, the oldest first. */
  readonly heard: Set<string>;
  mirrored: number;
};

export function emptyState(): State {
  return {
    entries: 0,
    events: new Map(),
    deliveries: new Map(),
    open: new Set(),
    questions: new Map(),
    troubles: new Map(),
    bySubject: new Map(),
    silences: new Map(),
    quiet: undefined,
    health: new Map(),
    heard: new Set(),
    mirrored: 0,
  };
}

export function healthOf(state: State, destination: string): Health {
  const known = state.health.get(destination);
  if (known) return known;
  const health: Health = {
    downSince: undefined,
    pausedUntil: undefined,
    broken: undefined,
    statusCard: undefined,
  };
  state.health.set(destination, health);
  return health;
}
