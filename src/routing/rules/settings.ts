import type { Severity, Status } from "../../core/envelope.ts";

/** The part of the configuration that routing lives by, everything filled in: seconds, absolute paths, names that exist. */
export type Routing = {
  /** IANA name; quiet hours, digests and the daily budget are reckoned in it. */
  timezone: string;
  /** Whose chat `owner` is: a key of `people`. */
  owner: string;
  people: Readonly<Record<string, Person>>;
  destinations: Readonly<Record<string, Destination>>;
  quietHours: QuietHours | undefined;
  digests: Readonly<Record<string, DigestTimes>>;
  inhibit: readonly Inhibition[];
  /** `telegram`: new messages to all Telegram chats together in one local day. */
  budget: { telegram: number };
  /** `perMinute`: events of one source that are shown one by one; the others come together. */
  flood: { perMinute: number };
  /** Whether a task that failed for good asks what to do with it. */
  offerRetry: boolean;
  /** The last one matches everything. */
  rules: readonly Rule[];
  telegram: TelegramSettings | undefined;
  discord: DiscordSettings | undefined;
};

/** Where a secret is found. The secret itself never stands in a configuration. */
export type SecretSource = { env: string } | { file: string };

export type TelegramSettings = {
  token: SecretSource;
  /** The only user who may speak to us; a number as Telegram counts people. */
  owner: number;
  /** Where messages go: the owner's own chat, or a group if negative. */
  chat: number;
  /** Undefined: Telegram's own. */
  apiRoot: string | undefined;
};

export type DiscordSettings = {
  token: SecretSource;
  guild: string;
  /** The only user who may use slash commands and the only one who is ever mentioned. */
  owner: string | undefined;
  /** Ids of channels by their names; those that are not here are looked up by name. */
  channels: Readonly<Record<string, string>>;
  slashCommands: boolean;
  apiRoot: string | undefined;
};

/** `quietHours`: their own, if they sleep at other hours than `Routing.quietHours` says. */
export type Person = {
  telegram: number | undefined;
  discord: string | undefined;
  quietHours: QuietHours | undefined;
};

/** Local times such as `22:30`; `from` may be later in the day than `to`. */
export type QuietHours = { from: string; to: string };

/** At these local times, or each so many seconds counted from 1970, so that no restart moves them. */
export type DigestTimes = { kind: "at"; times: readonly string[] } | { kind: "every"; seconds: number };

/** `fallback`: where things go that cannot be delivered here; there is no circle of them. */
export type Destination = { fallback: string | undefined } & (
  | { kind: "telegram"; chat: number; person: string }
  /** `mention`: may mention the owner, which is for those who have no Telegram. */
  | { kind: "discord"; channel: { name: string; id: string | undefined }; mention: boolean }
  | { kind: "console" }
  /** A page of Markdown in a folder, such as `#alerts.md`. */
  | { kind: "file"; folder: string; page: string }
  | { kind: "webhook"; url: SecretSource | { plain: string }; secret: SecretSource | undefined }
  /** Can neither be looked through nor told a nonce: after a lost answer a post may come twice, or not at all. */
  | { kind: "discord-webhook"; url: SecretSource }
  /** A program that gets the card as JSON on its standard input. */
  | { kind: "command"; argv: readonly string[]; timeoutSeconds: number }
  /** Recorded, and shown nowhere. */
  | { kind: "ledger" }
);

/** What an event has to look like; what is undefined is not looked at. Texts are patterns: `*` stands for anything. */
export type Match = {
  category: readonly string[] | undefined;
  minSeverity: Severity | undefined;
  status: readonly Status[] | undefined;
  source: readonly string[] | undefined;
  subject: readonly string[] | undefined;
  /** Each of these labels has to be there and match. */
  label: Readonly<Record<string, readonly string[]>> | undefined;
  /** Does it ask a person for something? */
  needsAction: boolean | undefined;
  /** Has it neither a summary nor a body? */
  empty: boolean | undefined;
};

export type Rule = {
  /** Unique; shown in traces. */
  name: string;
  when: Match;
  /** Names of destinations; there is at least one. */
  to: readonly string[];
  /** Whether later rules are looked at as well. */
  also: boolean;
  /** How long news waits for its own end: what is resolved by then is not told. 0: not at all. */
  holdSeconds: number;
  group: { by: readonly string[]; seconds: number } | undefined;
  digest: string | undefined;
  /** Undefined: `hold` on Telegram, `pass` elsewhere. */
  quiet: "hold" | "silent" | "pass" | undefined;
  /** Seconds after the first showing, rising; asked again at the first of the destinations only. */
  remindAfter: readonly number[];
  editInPlace: boolean;
  thread: boolean;
  silent: boolean;
  statusCard: boolean;
  /** Undefined: what is usual for the category. */
  expiresSeconds: number | undefined;
  /** From the default table, not from the file. */
  standard: boolean;
};

/** While an event like `by` is firing, events like `hides` that name its subject in a label are not shown. */
export type Inhibition = {
  by: Match;
  hides: Match;
  /** The label of the hidden event that names the subject: whole, or without its kind (`w1` for `worker:w1`). */
  label: string;
};
