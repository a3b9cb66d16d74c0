import * as z from "zod";

import { severities, statuses } from "../core/envelope.ts";
import { didYouMean } from "../format/nearest.ts";
import { FileName, Text, Time, Variable } from "./values.ts";

const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be lower-case letters, digits and hyphens, at most 40");

const Names = z
  .union([Text, z.array(Text).min(1)], "must be a text or a list of texts")
  .transform((said) => (typeof said === "string" ? [said] : said));

const LocalTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a local time such as 07:30")
  .meta({ examples: ["07:30"] });

const Secret = z.union(
  [z.strictObject({ env: Variable }), z.strictObject({ file: FileName })],
  "must name an environment variable or a file: { env: NAME } or { file: path }",
);

/** Ids of Discord have more digits than a number keeps. */
const Snowflake = z
  .string()
  .regex(/^\d{17,20}$/, "must be an id of 17 to 20 digits, in quotes")
  .meta({ examples: ["112233445566778899"] });

const UserNumber = z
  .int()
  .min(1)
  .meta({ examples: [4242] });

const Hours = z
  .strictObject({ from: LocalTime, to: LocalTime })
  .refine(({ from, to }) => from !== to, "would last all day: from and to are the same");

const Person = z.strictObject({
  telegram: UserNumber.optional().meta({ description: "Number of the user on Telegram" }),
  discord: Snowflake.optional().meta({ description: "Id of the user on Discord" }),
  quietHours: Hours.optional(),
});

const fallback = Name.optional().meta({ description: "Destination for what cannot be delivered here" });

const kinds = {
  telegram: z.strictObject({
    kind: z.literal("telegram"),
    person: Name.optional().meta({
      description: "Whose chat it is, a name under people; default: the owner",
    }),
    chat: z.int().optional().meta({ description: "Number of the chat, if not the person's own" }),
    fallback,
  }),
  discord: z.strictObject({
    kind: z.literal("discord"),
    channel: Text.meta({ description: "Name or id of the channel", examples: ["alerts"] }),
    mention: z.boolean().optional().meta({ description: "Whether questions may mention the owner" }),
    fallback,
  }),
  console: z.strictObject({ kind: z.literal("console"), fallback }),
  file: z.strictObject({
    kind: z.literal("file"),
    folder: FileName.optional(),
    page: z
      .string()
      .regex(/^[\w#][\w.# -]{0,80}\.md$/, "must be the name of a page such as alerts.md")
      .optional(),
    fallback,
  }),
  webhook: z.strictObject({
    kind: z.literal("webhook"),
    url: z.union(
      [z.url({ protocol: /^https?$/ }), Secret],
      "must be an address, or { env: NAME } or { file: path } if the address is a secret",
    ),
    secret: Secret.optional().meta({ description: "Key of the signature that goes along" }),
    fallback,
  }),
  "discord-webhook": z.strictObject({ kind: z.literal("discord-webhook"), url: Secret, fallback }),
  command: z.strictObject({
    kind: z.literal("command"),
    argv: z.array(z.string()).min(1, "must name a program"),
    timeout: Time.optional(),
    fallback,
  }),
  ledger: z.strictObject({ kind: z.literal("ledger") }),
};

const destinationKinds = Object.keys(kinds) as (keyof typeof kinds)[];

const Destination = z.discriminatedUnion(
  "kind",
  [
    kinds.telegram,
    kinds.discord,
    kinds.console,
    kinds.file,
    kinds.webhook,
    kinds["discord-webhook"],
    kinds.command,
    kinds.ledger,
  ],
  {
    error: ({ input }) => {
      const { kind } = (input ?? {}) as { kind?: unknown };
      const meant = typeof kind === "string" ? didYouMean(kind, destinationKinds) : "";
      return `must be one of ${destinationKinds.join(", ")}${meant}`;
    },
  },
);
export type DestinationFile = z.infer<typeof Destination>;

const Digest = z
  .strictObject({
    at: z
      .union([LocalTime, z.array(LocalTime).min(1)], "must be local times such as 07:30")
      .transform((said) => (typeof said === "string" ? [said] : said))
      .optional(),
    every: Time.optional(),
  })
  .refine(({ at, every }) => (at === undefined) !== (every === undefined), "must say either at or every");

const Match = z.strictObject({
  category: Names.optional(),
  minSeverity: z.enum(severities).optional(),
  status: z
    .union(
      [z.enum(statuses), z.array(z.enum(statuses)).min(1)],
      `must be of ${statuses.join(", ")}, one or a list of them`,
    )
    .transform((said) => (typeof said === "string" ? [said] : said))
    .optional(),
  source: Names.optional(),
  subject: Names.optional(),
  label: z.record(z.string(), Names).optional(),
  needsAction: z.boolean().optional(),
  empty: z.boolean().optional(),
});
export type MatchFile = z.infer<typeof Match>;

const Rule = z.strictObject({
  include: z.literal("defaults").optional().meta({
    description: "Puts the rules here that hold when there are none; nothing else may stand beside it",
  }),
  name: Name.optional().meta({ description: "What traces call it; default: its number" }),
  when: Match.optional().meta({ description: "What an event has to look like; `*` stands for anything" }),
  to: Names.optional().meta({ description: "One or several destinations" }),
  also: z.boolean().optional().meta({ description: "Whether later rules are looked at as well" }),
  hold: Time.optional().meta({ description: "How long to wait whether it is over by itself" }),
  group: z
    .union(
      [Time, z.strictObject({ by: Names, for: Time })],
      "must be a time such as 20s, or a block of by and for",
    )
    .optional()
    .meta({ description: "Shows together what comes within that time" }),
  digest: Name.optional().meta({ description: "Name of the digest that collects it" }),
  quiet: z
    .enum(["hold", "silent", "pass"])
    .optional()
    .meta({ description: "In quiet hours; default: hold on Telegram, pass elsewhere" }),
  remind: z
    .strictObject({ after: z.array(Time).optional(), every: Time.optional() })
    .optional()
    .meta({ description: "When to ask again while nobody has answered or it is not over" }),
  editInPlace: z.boolean().optional().meta({ description: "Whether later news changes the first message" }),
  thread: z.boolean().optional(),
  silent: z.boolean().optional().meta({ description: "Makes no sound" }),
  statusCard: z.boolean().optional().meta({ description: "Changes the pinned card, makes no message" }),
  expires: Time.optional().meta({ description: "Age after which it is not posted any more" }),
});
export type RuleFile = z.infer<typeof Rule>;

export const RoutingFile = z.strictObject({
  timezone: Text.optional().meta({
    description: "Zone of quiet hours and digests; default: the machine's",
    examples: ["Europe/Berlin"],
  }),
  people: z.record(Name, Person).optional(),
  destinations: z.record(Name, Destination).optional(),
  quietHours: z
    .union([z.literal("off"), Hours], "must be off, or from and to, two different local times such as 22:30")
    .optional(),
  digests: z.record(Name, Digest).optional(),
  inhibit: z
    .array(z.strictObject({ while: Match, hides: Match, label: Text }))
    .optional()
    .meta({ description: "What is not shown while something else goes on that one of its labels names" }),
  budget: z
    .strictObject({ telegram: z.int().min(1).max(1000).optional() })
    .optional()
    .meta({ description: "New messages a day; what is over it and not urgent comes next morning" }),
  flood: z
    .strictObject({ perMinute: z.int().min(1).max(1000).optional() })
    .optional()
    .meta({ description: "News of one source a minute that are shown one by one" }),
  offerRetry: z
    .boolean()
    .optional()
    .meta({ description: "Whether a task that failed for good asks what to do; default: yes" }),
  rules: z.array(Rule).min(1).optional(),
});
export type RoutingFile = z.infer<typeof RoutingFile>;

export const TelegramFile = z
  .strictObject({
    token: Secret.optional().meta({ description: "Default: the variable TELEGRAM_BOT_TOKEN" }),
    owner: UserNumber.optional().meta({ description: "The only user who may give orders" }),
    chat: z
      .int()
      .optional()
      .meta({ description: "Where messages go; default: the owner's own chat", examples: [4242] }),
    apiRoot: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({ description: "Address of a server of one's own; default: TELEGRAM_API_ROOT, or Telegram's" }),
  })
  .refine(
    ({ owner, chat }) => owner !== undefined || (chat ?? 0) > 0,
    "must name the owner, a user's number",
  );
export type TelegramFile = z.infer<typeof TelegramFile>;

export const DiscordFile = z.strictObject({
  token: Secret.optional().meta({ description: "Default: the variable DISCORD_BOT_TOKEN" }),
  guild: Snowflake.meta({ description: "Id of the server" }),
  owner: Snowflake.optional().meta({ description: "The only user who may give orders or be mentioned" }),
  channels: z.record(z.string(), Snowflake).optional().meta({ description: "Ids of channels by name" }),
  slashCommands: z.boolean().optional(),
  apiRoot: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: "Address of a server of one's own; default: DISCORD_API_ROOT, or Discord's" }),
});
export type DiscordFile = z.infer<typeof DiscordFile>;
