import { join } from "node:path";

import { builtInDestinations, channelNames } from "../routing/rules/defaults.ts";
import type {
  Destination,
  DiscordSettings,
  Person,
  SecretSource,
  TelegramSettings,
} from "../routing/rules/settings.ts";
import type { DestinationFile, RoutingFile } from "./routing.ts";
import type { Surroundings } from "./surroundings.ts";

/** `at` makes a path of the file absolute; `state` is the node's own folder. */
export type RoutingPlace = { at: (path: string) => string; state: string; around: Surroundings };

export type Networks = { telegram: TelegramSettings | undefined; discord: DiscordSettings | undefined };

type Around = { networks: Networks; people: Record<string, Person>; owner: string; place: RoutingPlace };

/** The file's own destinations over those that are always there. */
export function destinationsOf(routing: RoutingFile, around: Around): Record<string, Destination> {
  const own = Object.entries(routing.destinations ?? {}).map(
    ([name, written]) => [name, destinationOf(name, written, around)] as const,
  );
  const all = { ...standardDestinations(around), ...Object.fromEntries(own) };
  const written = new Set(own.map(([name]) => name));
  return withoutCircles(all, (name) => !written.has(name));
}

/** Where somebody sends what cannot go one way the other way round, the usual fallback gives in. */
function withoutCircles(
  all: Record<string, Destination>,
  isStandard: (name: string) => boolean,
): Record<string, Destination> {
  const open = { ...all };
  for (const [name, destination] of Object.entries(all)) {
    if (!isStandard(name)) continue;
    const seen = new Set<string>();
    let at = destination.fallback;
    while (at !== undefined && at !== name && !seen.has(at)) {
      seen.add(at);
      at = open[at]?.fallback;
    }
    if (at === name) open[name] = { ...destination, fallback: undefined };
  }
  return open;
}

/** Places for all the names that the default rules use, with whatever networks there are. */
function standardDestinations({ networks, owner, place }: Around): Record<string, Destination> {
  const { telegram, discord } = networks;
  const page = (name: string): Destination => ({
    kind: "file",
    folder: join(place.state, "channels"),
    page: `${name}.md`,
    fallback: undefined,
  });
  const inChannel = (short: string, mention: boolean): Destination | undefined =>
    discord && { kind: "discord", channel: channelOf(short, discord), mention, fallback: undefined };
  const channels = Object.entries(channelNames).map(([short, name]): [string, Destination] => {
    const fallback = short === "system" ? undefined : "system";
    return [short, { ...(inChannel(short, false) ?? page(`#${name}`)), fallback }];
  });
  const ownersChat: Destination | undefined = telegram && {
    kind: "telegram",
    chat: telegram.chat,
    person: owner,
    fallback: "alerts",
  };
  return {
    owner: ownersChat ?? inChannel("alerts", true) ?? page("owner"),
    ...Object.fromEntries(channels),
    ...builtInDestinations,
  };
}

/** A channel by its id, its own name, or the short name that the default rules have for it. */
function channelOf(said: string, { channels }: DiscordSettings): { name: string; id: string | undefined } {
  if (/^\d{17,20}$/.test(said)) return { name: said, id: said };
  const name = Object.hasOwn(channelNames, said) ? channelNames[said as keyof typeof channelNames] : said;
  return { name, id: channels[said] ?? channels[name] };
}

function destinationOf(name: string, written: DestinationFile, around: Around): Destination {
  const { networks, people, owner, place } = around;
  const fallback = "fallback" in written ? written.fallback : undefined;
  switch (written.kind) {
    case "telegram": {
      const person = written.person ?? owner;
      const usual = person === owner ? networks.telegram?.chat : people[person]?.telegram;
      return { kind: "telegram", chat: written.chat ?? usual ?? 0, person, fallback };
    }
    case "discord": {
      const channel = networks.discord
        ? channelOf(written.channel, networks.discord)
        : { name: written.channel, id: undefined };
      return { kind: "discord", channel, mention: written.mention ?? false, fallback };
    }
    case "file": {
      const folder = written.folder === undefined ? join(place.state, "channels") : place.at(written.folder);
      return { kind: "file", folder, page: written.page ?? `#${name}.md`, fallback };
    }
    case "webhook": {
      const url = typeof written.url === "string" ? { plain: written.url } : secretAt(written.url, place.at);
      const secret = written.secret && secretAt(written.secret, place.at);
      return { kind: "webhook", url, secret, fallback };
    }
    case "discord-webhook":
      return { kind: "discord-webhook", url: secretAt(written.url, place.at), fallback };
    case "command":
      return { kind: "command", argv: written.argv, timeoutSeconds: written.timeout ?? 30, fallback };
    case "console":
    case "ledger":
      return { kind: written.kind, fallback };
    default:
      return written satisfies never;
  }
}

export function secretAt(source: SecretSource, at: (path: string) => string): SecretSource {
  return "file" in source ? { file: at(source.file) } : source;
}
