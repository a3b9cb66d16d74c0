import type { Config } from "../config/settle.ts";
import type { Surroundings } from "../config/surroundings.ts";
import type { Chance } from "../ports/chance.ts";
import type { Clock } from "../ports/clock.ts";
import type { OwnerLine } from "../ports/owner-line.ts";
import { verifyCallback } from "../routing/actions/callback.ts";
import { chatText } from "../routing/courier/chat-text.ts";
import type { Courier } from "../routing/courier/courier.ts";
import { discordText, fittingDiscordText } from "../routing/render/discord-text.ts";
import { readMarkdown } from "../routing/render/rich-text/read-markdown.ts";
import { openKeys, secretOf } from "./channels.ts";
import { holdLine } from "./hold-line.ts";
import { runTogether } from "./run-together.ts";

export type LineTools = {
  config: () => Config;
  around: Surroundings;
  clock: Clock;
  chance: Chance;
  commands: readonly { command: string; description: string }[];
};

/** Hears what the owner says on the networks that are configured at the time, until `stop`. */
export async function hearOwner(courier: Courier, tools: LineTools, stop: AbortSignal): Promise<void> {
  const { config, clock } = tools;
  const held = { settings: () => config().routing, courier, clock };
  await runTogether(
    [
      (end) => holdLine({ ...held, network: "telegram", open: () => openTelegram(courier, tools) }, end),
      (end) => holdLine({ ...held, network: "discord", open: () => openDiscord(tools) }, end),
    ],
    stop,
  );
}

async function openTelegram(courier: Courier, tools: LineTools): Promise<OwnerLine | undefined> {
  const { config, around, clock, chance, commands } = tools;
  const { telegram, people, owner, destinations } = config().routing;
  if (!telegram) return undefined;
  const { telegramLine } = await import("../adapters/telegram/telegram-line.ts");
  const keys = await openKeys(config());
  const payloadHashOf = (action: string) =>
    [...courier.state.questions.values()].find((one) => one.action.id === action)?.action.payloadHash;
  const chats = Object.values(destinations).flatMap((one) =>
    one.kind === "telegram" ? String(one.chat) : [],
  );
  const guests = Object.entries(people).flatMap(([name, { telegram: id }]): [string, string][] =>
    id === undefined ? [] : [[String(id), name]],
  );
  return telegramLine({
    token: secretOf(telegram.token, around.env),
    apiRoot: telegram.apiRoot,
    guests: {
      people: new Map([[String(telegram.owner), owner], ...guests]),
      chats: new Set([String(telegram.chat), ...chats]),
    },
    verify: (data, chat) => verifyCallback(keys, data, chat, payloadHashOf),
    commands,
    write: chatText,
    clock,
    chance,
  });
}

async function openDiscord({ config, around, clock }: LineTools): Promise<OwnerLine | undefined> {
  const { discord, people, owner } = config().routing;
  if (!discord?.slashCommands) return undefined;
  const { discordLine } = await import("../adapters/discord/slash/discord-line.ts");
  const guests = Object.entries(people).flatMap(([name, { discord: id }]): [string, string][] =>
    id === undefined ? [] : [[id, name]],
  );
  return discordLine({
    token: secretOf(discord.token, around.env),
    ...(discord.apiRoot === undefined ? {} : { root: discord.apiRoot }),
    guests: {
      guild: discord.guild,
      people: new Map([...(discord.owner === undefined ? [] : [[discord.owner, owner] as const]), ...guests]),
    },
    write(markdown, units) {
      const rich = readMarkdown(markdown);
      return units === undefined ? discordText(rich) : fittingDiscordText(rich, units).text;
    },
    clock,
  });
}
