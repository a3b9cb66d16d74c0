import type { Card } from "../core/card.ts";

/** A span of a text in UTF-16 units, of the few kinds that we draw. */
export type Entity = {
  type:
    | "bold"
    | "italic"
    | "underline"
    | "strikethrough"
    | "code"
    | "pre"
    | "text_link"
    | "blockquote"
    | "expandable_blockquote";
  offset: number;
  length: number;
  url?: string;
  language?: string;
};

/** Shown with a signature that the adapter adds: it alone knows the chat. */
export type KeyboardButton = { label: string; verb: string; style?: "success" | "danger" | "primary" };

export type TelegramMessage = {
  kind: "telegram";
  text: string;
  entities: readonly Entity[];
  /** Rows of buttons. A row of `undefined` verbs is not possible: what is decided has no keyboard. */
  keyboard?: { action: string; payloadHash: string; rows: readonly (readonly KeyboardButton[])[] };
  /** Sent in the place of the text, which is empty then: what is to be read with it is the caption. */
  document?: { name: string; text: string; caption: string };
};

export type DiscordEmbed = {
  title?: string;
  description?: string;
  color?: number;
  url?: string;
  fields?: readonly { name: string; value: string; inline?: boolean }[];
  footer?: { text: string };
  timestamp?: string;
};

export type DiscordMessage = {
  kind: "discord";
  content?: string;
  embeds: readonly DiscordEmbed[];
  files?: readonly { name: string; text: string }[];
  mentionsOwner?: boolean;
};

/** For the terminal and for a page of Markdown. */
export type PageMessage = { kind: "page"; markdown: string };

/** The card itself, for programs and for other people's servers. */
export type CardMessage = { kind: "card"; card: Card };

/** One part of a card in the form that a network takes. Made by `src/routing/render/`; adapters only send it. */
export type Message = TelegramMessage | DiscordMessage | PageMessage | CardMessage;

/** Where a sent message lies, as the network names it: chat and message id, channel and message id, file and marker. */
export type Place = Readonly<Record<string, string>>;

export type Parcel = {
  message: Message;
  /** Derived from the delivery, 25 characters: a network that knows nonces shows the same one once. */
  nonce: string;
  /** Stands in the message; `find` looks for it. */
  marker: string;
  /** Does not make a sound. */
  silent: boolean;
  /** Is kept at the top of the channel, where the network has pins; a pin that fails is no failed send. */
  pinned?: boolean;
  /** News of one task or subject stay together where the network has threads: a stable key and a name for people. */
  thread?: { key: string; name: string; place?: Place };
  /** The message that this one answers, such as a reminder's question. */
  replyTo?: Place;
};

/**
 * How a send ended. `refused`: it did not arrive (no connection, 5xx that says so), try again. `later`: the network asked
 * for patience, which is no failed attempt. `unknown`: it may have arrived. `dead`: it never will, until a person
 * mends something (`scope` says whether the destination or this message alone is at fault).
 * `gone`: what was to be edited has been removed by somebody.
 */
export type Sending =
  | { kind: "sent"; place: Place; thread?: Place }
  | { kind: "refused"; code: string; why: string }
  | { kind: "later"; afterSeconds: number; why: string }
  | { kind: "unknown"; code: string; why: string }
  | { kind: "dead"; code: string; why: string; scope: "destination" | "message" }
  | { kind: "gone"; why: string };

/** What a look at a destination found, one line for each thing looked at. */
export type ChannelCheck = { ok: boolean; what: string; hint?: string };

/**
 * The newest posts of ours, some hundred at most. `reaches` says of a place whether a post there would be among them.
 * `at` is the network's time of it, or ours where it has none.
 */
export type Recent =
  | {
      kind: "seen";
      posts: readonly { place: Place; at: string | undefined; words: string }[];
      reaches(place: Place): boolean;
    }
  | { kind: "unknown"; why: string };

/** Somewhere to post. No method rejects for what the network does; a rejection is a defect of ours. */
export interface Channel {
  readonly takes: Message["kind"];
  /** Whether a post that may have arrived can be found again (`find`), or is harmless to repeat, or neither. */
  readonly memory: "findable" | "repeatable" | "none";
  send(parcel: Parcel): Promise<Sending>;
  /** Puts other words into a message that was sent. Repeating it is harmless. */
  edit(place: Place, parcel: Parcel): Promise<Sending>;
  /** Removes a message; one that is not there any more counts as removed. */
  remove(place: Place): Promise<Sending>;
  /** Looks for the parcel's marker among the newest messages. Only asked when `memory` is "findable". */
  find(
    parcel: Parcel,
  ): Promise<
    { kind: "found"; place: Place; thread?: Place } | { kind: "absent" } | { kind: "unknown"; why: string }
  >;
  /** What stands there now. Left out where nobody can look. */
  recent?(): Promise<Recent>;
  check(): Promise<ChannelCheck[]>;
}
