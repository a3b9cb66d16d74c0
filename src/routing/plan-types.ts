import type { EventId } from "../core/envelope.ts";

/** Why an event goes nowhere, or not there. Every event has at least one delivery or one of these. */
export type Suppression =
  | { why: "duplicate"; of: EventId }
  | { why: "inhibited"; by: EventId }
  | { why: "silenced"; by: string }
  | { why: "budget" }
  | { why: "expired" }
  | { why: "flood" }
  /** It tells the end of something that nobody has told the beginning of. */
  | { why: "nothing-open" }
  /** It tells the end of something that was not shown (there) before it ended. */
  | { why: "never-shown"; of: EventId }
  | { why: "recorded-only"; rule: string };

/** When a delivery may go out; all of them are instants of main's own clock, ISO 8601. */
export type Timing =
  | { kind: "now" }
  /** Nothing is sent if `resolved` comes before. */
  | { kind: "held"; until: string; because: "hold" | "quiet" | "budget" }
  /** Joins the others of the same key; the first of them sets the time. */
  | { kind: "grouped"; key: string; until: string }
  | { kind: "digest"; digest: string; window: string; until: string };

export type PlannedDelivery = {
  destination: string;
  rule: string;
  timing: Timing;
  silent: boolean;
  /** Edits the message that an earlier event of this subject has made, if there is one. */
  inPlace: boolean;
  /** The pinned card that is edited again and again, rather than a message. */
  statusCard: boolean;
  thread: boolean;
  mentionsOwner: boolean;
  /** Seconds after the first showing at which an open question is asked again. */
  remindAfter: readonly number[];
  expires: string;
};

/** One line of the answer to "why did (not) this come to me?". */
export type TraceLine =
  | { rule: string; verdict: "matched"; goesOn: boolean; to: readonly string[] }
  | { rule: string; verdict: "no"; because: string }
  | { rule: string; verdict: "not-looked-at" };

export type Plan = {
  trace: readonly TraceLine[];
  deliveries: readonly PlannedDelivery[];
  suppressed: readonly (Suppression & { destination?: string })[];
};
