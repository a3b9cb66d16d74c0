import {
  defaultDigests,
  defaultFloodPerMinute,
  defaultInhibitions,
  defaultQuietHours,
  defaultRules,
  defaultTelegramBudget,
  matching,
  ruled,
} from "../routing/rules/defaults.ts";
import type {
  DigestTimes,
  DiscordSettings,
  Person,
  Routing,
  Rule,
  SecretSource,
  TelegramSettings,
} from "../routing/rules/settings.ts";
import type { MatchFile, RoutingFile, RuleFile } from "./routing.ts";
import type { ConfigFile } from "./schema.ts";
import { destinationsOf, secretAt, type Networks, type RoutingPlace } from "./settle-destinations.ts";

/** The routing part of a configuration whose names have been checked, with everything filled in. */
export function settleRouting(file: ConfigFile, place: RoutingPlace): Routing {
  const routing = file.routing ?? {};
  const networks = { telegram: telegramOf(file, place), discord: discordOf(file, place) };
  const { people, owner } = peopleOf(routing, networks);
  const destinations = destinationsOf(routing, { networks, people, owner, place });
  return {
    timezone: routing.timezone ?? place.around.timezone ?? "UTC",
    owner,
    people,
    destinations,
    quietHours: routing.quietHours === "off" ? undefined : (routing.quietHours ?? defaultQuietHours),
    digests: { ...defaultDigests, ...digestsOf(routing) },
    inhibit:
      routing.inhibit?.map(({ while: by, hides, label }) => ({
        by: matchOf(by),
        hides: matchOf(hides),
        label,
      })) ?? defaultInhibitions,
    budget: { telegram: routing.budget?.telegram ?? defaultTelegramBudget },
    flood: { perMinute: routing.flood?.perMinute ?? defaultFloodPerMinute },
    offerRetry: routing.offerRetry ?? true,
    rules: rulesOf(routing, destinations),
    ...networks,
  };
}

/** Every place that a secret of routing is taken from, so that none of them is ever written out. */
export function secretSources({ telegram, discord, destinations }: Routing): SecretSource[] {
  const hooks = Object.values(destinations).flatMap((one): (SecretSource | undefined)[] => {
    if (one.kind === "webhook") return ["plain" in one.url ? undefined : one.url, one.secret];
    return one.kind === "discord-webhook" ? [one.url] : [];
  });
  return [telegram?.token, discord?.token, ...hooks].filter((source) => source !== undefined);
}

function telegramOf({ telegram }: ConfigFile, { at, around }: RoutingPlace): TelegramSettings | undefined {
  const owner = telegram?.owner ?? telegram?.chat;
  if (telegram === undefined || owner === undefined) return undefined;
  return {
    token: secretAt(telegram.token ?? { env: "TELEGRAM_BOT_TOKEN" }, at),
    owner,
    chat: telegram.chat ?? owner,
    apiRoot: telegram.apiRoot ?? (around.env["TELEGRAM_API_ROOT"] || undefined),
  };
}

function discordOf({ discord }: ConfigFile, { at, around }: RoutingPlace): DiscordSettings | undefined {
  if (discord === undefined) return undefined;
  return {
    token: secretAt(discord.token ?? { env: "DISCORD_BOT_TOKEN" }, at),
    guild: discord.guild,
    owner: discord.owner,
    channels: discord.channels ?? {},
    slashCommands: discord.slashCommands ?? false,
    apiRoot: discord.apiRoot ?? (around.env["DISCORD_API_ROOT"] || undefined),
  };
}

/** The owner is who has the owner's ids; a person without ids is given them, for then it is a name that was meant. */
function peopleOf(
  { people = {} }: RoutingFile,
  { telegram, discord }: Networks,
): { people: Record<string, Person>; owner: string } {
  const ids = { telegram: telegram?.owner, discord: discord?.owner };
  const written = Object.entries(people);
  const has = (own: string | number | undefined, id: string | number | undefined) =>
    id !== undefined && own === id;
  const known =
    written.find(([, one]) => has(one.telegram, ids.telegram) || has(one.discord, ids.discord)) ??
    written.find(([, one]) => one.telegram === undefined && one.discord === undefined);
  const owner = known?.[0] ?? (telegram || discord ? "owner" : (written[0]?.[0] ?? "owner"));
  const all: NonNullable<RoutingFile["people"]> = { [owner]: {}, ...people };
  const filled = Object.entries(all).map(([name, one]): [string, Person] => [
    name,
    {
      telegram: one.telegram ?? (name === owner ? ids.telegram : undefined),
      discord: one.discord ?? (name === owner ? ids.discord : undefined),
      quietHours: one.quietHours,
    },
  ]);
  return { people: Object.fromEntries(filled), owner };
}

function digestsOf({ digests = {} }: RoutingFile): Routing["digests"] {
  const entries = Object.entries(digests).map(([name, { at = [], every }]): [string, DigestTimes] => {
    return [name, every === undefined ? { kind: "at", times: at } : { kind: "every", seconds: every }];
  });
  return Object.fromEntries(entries);
}

/** Where there is no phone to reach, the owner's page alone would be seen by nobody. */
function rulesOf({ rules }: RoutingFile, destinations: Routing["destinations"]): readonly Rule[] {
  const owner = destinations["owner"]?.kind === "file" ? ["owner", "console"] : ["owner"];
  const standard = defaultRules(owner);
  return rules?.flatMap((rule, n) => (rule.include ? standard : [ruleOf(rule, n)])) ?? standard;
}

function ruleOf(rule: RuleFile, n: number): Rule {
  const { group } = rule;
  return ruled({
    name: rule.name ?? `rule-${n + 1}`,
    when: matchOf(rule.when),
    to: rule.to ?? [],
    also: rule.also ?? false,
    holdSeconds: rule.hold ?? 0,
    group:
      typeof group === "number"
        ? { by: ["subject"], seconds: group }
        : group && { by: group.by, seconds: group.for },
    digest: rule.digest,
    quiet: rule.quiet,
    remindAfter: remindersOf(rule.remind),
    editInPlace: rule.editInPlace ?? false,
    thread: rule.thread ?? false,
    silent: rule.silent ?? false,
    statusCard: rule.statusCard ?? false,
    expiresSeconds: rule.expires,
  });
}

/** `every` goes on after the last of `after`, a week of it at most or seven times, whichever is less. */
function remindersOf({ after = [], every }: NonNullable<RuleFile["remind"]> = {}): number[] {
  const first = [...new Set(after)].toSorted((a, b) => a - b);
  if (every === undefined) return first;
  const from = first.at(-1) ?? 0;
  return [...first, ...Array.from({ length: 7 }, (_, n) => from + (n + 1) * every)];
}

function matchOf(written: MatchFile = {}): Rule["when"] {
  return matching({ ...written });
}
