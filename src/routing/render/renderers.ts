import type { Card } from "../../core/card.ts";
import type { Message } from "../../ports/channel.ts";
import { discordMessages } from "./discord.ts";
import { pageMessage } from "./page.ts";
import { telegramMessages } from "./telegram.ts";

/** A card in each network's own form, in as many messages as it takes; all but Telegram need one. */
export const renderers: Record<Message["kind"], (card: Card) => Message[]> = {
  telegram: telegramMessages,
  discord: discordMessages,
  page: (card) => [pageMessage(card)],
  card: (card) => [{ kind: "card", card }],
};
