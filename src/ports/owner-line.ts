/** Somebody who was allowed to speak to us said something. Everybody else has been turned away before. */
export type Heard = {
  /** Names what was heard, once: the same press read twice has the same. */
  key: string;
  /** Who, as the configuration calls that person, and by what number the network knows them. */
  person: string;
  user: string;
  at: string;
} & (
  | { kind: "press"; action: string; verb: string; payloadHashPrefix?: string; chat: string; message: string }
  | { kind: "command"; name: string; args: string; chat: string; message: string }
  | { kind: "reply"; text: string; to: string; chat: string; message: string }
  | { kind: "text"; text: string; chat: string; message: string }
);

/** Someone who is not on the list, or a button that we did not draw. */
export type Stranger = { why: "not-allowed" | "forged" | "other-chat" | "bot"; user: string; at: string };

export type Listening = {
  /** Resolves once what was heard is safe on disk; until then the network is not told that we have it. */
  hear(heard: Heard): Promise<Reaction>;
  turnedAway(stranger: Stranger): void;
  /** The line is dead until a person mends something: a revoked token, a second listener. */
  broken(code: string, why: string): void;
};

/** What is shown to the person at once: a toast for a press, a message for the rest. */
export type Reaction = { toast?: string; alert?: boolean; reply?: { markdown: string } };

/** The way back from people to us. */
export interface OwnerLine {
  /** Listens until `stop`. Heard twice is possible, lost is not. */
  listen(listening: Listening, stop: AbortSignal): Promise<void>;
}
