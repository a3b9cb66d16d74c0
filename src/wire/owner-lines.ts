import type { Config } from "../config/settle.ts";
import type { Surroundings } from "../config/surroundings.ts";
import { Fault } from "../fault.ts";
import type { Chance } from "../ports/chance.ts";
import type { Clock } from "../ports/clock.ts";
import type { OwnerLine } from "../ports/owner-line.ts";
import { verifyCallback } from "../routing/actions/callback.ts";
import { chatText } from "../routing/courier/chat-text.ts";
import type { Courier } from "../routing/courier/courier.ts";
import { deadLine, knock } from "../routing/courier/strangers.ts";
import { discordText, fittingDiscordText } from "../routing/render/discord-text.ts";
import { readMarkdown } from "../routing/render/rich-text/read-markdown.ts";
import { openKeys, secretOf } from "./channels.ts";

export type LineTools = {
  config: () => Config;
  around: Surroundings;
  clock: Clock;
  chance: Chance;
  commands: readonly { command: string; description: string }[];
};

/** A line that is dead is tried again: whoever mended it need not start main anew. */
const deadPauseMs = 300_000;

/** Hears what the owner says on the networks that are configured, until `stop`. */
export async function hearOwner(courier: Courier, tools: LineTools, stop: AbortSignal): Promise<void> {
  const { telegram, discord } = tools.config().routing;
  const holding = { courier, tools, stop };
  await Promise.all([
    telegram && hold("telegram", () => openTelegram(courier, tools), holding),
    discord?.slashCommands && hold("discord", () => openDiscord(tools), holding),
  ]);
}

async function hold(
  network: "telegram" | "discord",
  open: () => Promise<OwnerLine>,
  { courier, tools, stop }: { courier: Courier; tools: LineTools; stop: AbortSignal },
): Promise<void> {
  const { clock } = tools;
  const broken = (code: string, why: string) =>
    courier.tell(deadLine(network, { code, why, at: clock.now().toISOString() }));
  while (!stop.aborted) {
    try {
      const line = await open();
      await line.listen(
        {
          hear: (heard) => courier.hear(heard, network),
          turnedAway: (stranger) => courier.tell(knock(stranger, network)),
          broken,
        },
        stop,
      );
    } catch (error) {
      // Such as a token that is not there. What a library throws may hold one, and is not told.
      broken("NOT_SET_UP", error instanceof Fault || isPlain(error) ? error.message : "the line broke");
    }
    await clock.sleep(deadPauseMs, stop);
  }
}

function isPlain(error: unknown): error is Error {
  return error instanceof Error && error.constructor === Error;
}

async function openTelegram(courier: Courier, tools: LineTools): Promise<OwnerLine> {
  const { config, around, clock, chance, commands } = tools;
  const { telegram, people, owner, destinations } = config().routing;
  if (!telegram) throw new Error("telegram is not configured");
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

async function openDiscord({ config, around, clock }: LineTools): Promise<OwnerLine> {
  const { discord, people, owner } = config().routing;
  if (!discord) throw new Error("discord is not configured");
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
