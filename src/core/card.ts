import type { ActionId, EventId } from "./envelope.ts";

/** How a card looks from afar. */
export type Tone = "ok" | "info" | "warning" | "bad" | "ask";

export type Button = { verb: string; label: string; style?: "success" | "danger" | "primary" };

/** An event as people see it, before a network's own form: all texts but `body` are plain, `body` is untrusted Markdown. */
export type Card = {
  /** Shown small, and looked for when nobody knows whether a post arrived. */
  marker: string;
  event: EventId | undefined;
  tone: Tone;
  title: string;
  /** Said above everything else: "sent again, the first copy may have got lost", "no rule matched". */
  note?: string;
  lines: readonly string[];
  facts: readonly { name: string; value: string }[];
  /** One line for each event of a digest or of a group. */
  items?: readonly { title: string; detail: string; event: EventId }[];
  /** How to see the items that did not fit, such as `pawl digest show memory`. */
  more?: string;
  body?: string;
  /** The body's headings begin parts that stand apart where a network can show that. */
  sections?: true;
  url?: string;
  /** When it happened; ISO 8601. */
  at: string;
  /** Only while the question is open; drawn where the network lets us sign them. */
  ask?: { action: ActionId; payloadHash: string; rows: readonly (readonly Button[])[] };
  /** How the question ended, in one line: "Approved by Aaron 07:31". */
  decided?: string;
  /** Lets the owner be mentioned, the only mention there ever is. */
  mentionsOwner?: boolean;
};
