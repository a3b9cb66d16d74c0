import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { DiscordApi } from "../adapters/discord/api.ts";
import type { GuildSetUp } from "../adapters/discord/set-up-guild.ts";
import { realClock } from "../adapters/time/real-clock.ts";
import { secretValues } from "../config/secret-values.ts";
import type { Config } from "../config/settle.ts";
import type { Surroundings } from "../config/surroundings.ts";
import type { Channel, Sending } from "../ports/channel.ts";
import { signCallback, type CallbackKeys } from "../routing/actions/callback.ts";
import type { Destination, SecretSource } from "../routing/rules/settings.ts";
import { nodeFolder } from "./node-folder.ts";
import type { Screen } from "./world.ts";

export type ChannelTools = { around: Surroundings; screen: Screen };

/**
 * A channel for each destination that is not recorded only. Only the networks that are used are loaded. A destination
 * that cannot be opened, as without its token, is one that says so whenever it is asked.
 */
export async function openChannels(config: Config, tools: ChannelTools): Promise<Map<string, Channel>> {
  const { destinations } = config.routing;
  const discord = memoised(() => openDiscord(config, tools.around));
  const keys = memoised(() => openKeys(config));
  const channels = new Map<string, Channel>();
  for (const [name, destination] of Object.entries(destinations)) {
    if (destination.kind === "ledger") continue;
    const parts = { name, config, discord, keys, ...tools };
    channels.set(
      name,
      await open(destination, parts).catch((error: Error) => closedChannel(destination, error)),
    );
  }
  return channels;
}

/** Signs the buttons that main draws; made when first asked for. */
export async function openKeys(config: Config): Promise<CallbackKeys> {
  const { openCallbackKeys } = await import("../adapters/telegram/callback-keys.ts");
  return openCallbackKeys(join(nodeFolder(config, "main"), "callback-keys.json"));
}

async function openDiscord({ routing }: Config, { env }: Surroundings): Promise<DiscordApi> {
  if (!routing.discord) throw new Error("discord is not configured");
  const { token, apiRoot } = routing.discord;
  const { DiscordApi } = await import("../adapters/discord/api.ts");
  return new DiscordApi({
    token: secretOf(token, env),
    ...(apiRoot === undefined ? {} : { root: apiRoot }),
  });
}

export async function setUpGuild(config: Config, around: Surroundings): Promise<GuildSetUp> {
  const api = await openDiscord(config, around);
  const guild = config.routing.discord?.guild ?? "";
  return (await import("../adapters/discord/set-up-guild.ts")).setUpGuild(api, { guild, clock: realClock });
}

/** The value of a secret. What is thrown names the place, never the value. */
export function secretOf(source: SecretSource, env: Surroundings["env"]): string {
  if ("env" in source) {
    const value = env[source.env]?.trim();
    if (value) return value;
    throw new Error(`the environment variable ${source.env} is not set`);
  }
  const text = readFileSync(source.file, "utf8").trim();
  if (text !== "") return text;
  throw new Error(`${source.file} is empty`);
}

type Parts = ChannelTools & {
  name: string;
  config: Config;
  discord: () => Promise<DiscordApi>;
  keys: () => Promise<CallbackKeys>;
};

async function open(destination: Exclude<Destination, { kind: "ledger" }>, parts: Parts): Promise<Channel> {
  const { name, config, around, screen } = parts;
  const { routing, source, state } = config;
  const { env } = around;
  switch (destination.kind) {
    case "telegram": {
      if (!routing.telegram) throw new Error("telegram is not configured");
      const { telegramChannel } = await import("../adapters/telegram/telegram-channel.ts");
      const { token, apiRoot } = routing.telegram;
      const keys = await parts.keys();
      return telegramChannel({
        token: secretOf(token, env),
        apiRoot,
        chat: String(destination.chat),
        sign: (drawn) => signCallback(keys, drawn),
      });
    }
    case "discord": {
      const { id, name: wanted } = destination.channel;
      if (id === undefined)
        throw new Error(`the id of #${wanted} is not known yet; run \`pawl route setup\``);
      const api = await parts.discord();
      const { discordChannel } = await import("../adapters/discord/discord-channel.ts");
      const { guild = "", owner } = routing.discord ?? {};
      return discordChannel({ api, guild, channel: id, ...(owner === undefined ? {} : { owner }) });
    }
    case "discord-webhook": {
      const { discordWebhook } = await import("../adapters/discord/discord-webhook.ts");
      const owner = routing.discord?.owner;
      const url = secretOf(destination.url, env);
      return discordWebhook({ url, ...(owner === undefined ? {} : { owner }) });
    }
    case "webhook": {
      const { webhookChannel } = await import("../adapters/channels/webhook.ts");
      const { url, secret } = destination;
      return webhookChannel({
        url: "plain" in url ? url.plain : secretOf(url, env),
        ...(secret === undefined ? {} : { secret: secretOf(secret, env) }),
        clock: realClock,
      });
    }
    case "command": {
      const { commandChannel } = await import("../adapters/channels/command.ts");
      const [program = "", ...args] = destination.argv;
      return commandChannel({
        argv: [program, ...args],
        env,
        cwd: source === undefined ? state : dirname(source),
        timeoutMs: destination.timeoutSeconds * 1000,
        secrets: secretValues(config, env),
      });
    }
    case "file": {
      const { fileChannel } = await import("../adapters/channels/file.ts");
      return fileChannel({ folder: destination.folder, name: destination.page.replace(/\.md$/, "") });
    }
    case "console": {
      const { consoleChannel } = await import("../adapters/channels/console.ts");
      return consoleChannel({ name, screen });
    }
  }
}

/** A destination that nothing can be sent to until a person mends the configuration. */
function closedChannel({ kind }: Destination, { message: why }: Error): Channel {
  const dead: Sending = { kind: "dead", code: "NOT_SET_UP", why, scope: "destination" };
  const takes = kind === "telegram" ? "telegram" : kind.startsWith("discord") ? "discord" : "card";
  return {
    takes,
    memory: "none",
    send: async () => dead,
    edit: async () => dead,
    remove: async () => dead,
    find: async () => ({ kind: "unknown", why }),
    check: async () => [{ ok: false, what: why }],
  };
}

function memoised<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
