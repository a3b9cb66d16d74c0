import type { DiscordMessage, Message, TelegramMessage } from "../../ports/channel.ts";
import { sizeOf } from "../../routing/render/discord.ts";

/** A message as text, with its number and what it takes of the room there is. */
export function measured(message: Message, n: number, of: number): string {
  const which = of === 1 ? message.kind : `${message.kind}, message ${n} of ${of}`;
  switch (message.kind) {
    case "telegram":
      return [`${which} · ${sizesOf(message)}`, "", ...telegramLines(message)].join("\n");
    case "discord":
      return [`${which} · ${discordSizes(message)}`, "", ...discordLines(message)].join("\n");
    case "page":
      return `${which} · ${message.markdown.length} units\n\n${message.markdown.trimEnd()}`;
    case "card":
      return JSON.stringify(message.card, undefined, 2);
    default:
      return message satisfies never;
  }
}

function sizesOf({ text, entities, document }: TelegramMessage): string {
  if (document) return `${document.name}, ${Buffer.byteLength(document.text)} bytes`;
  return `${text.length} of 4096 units, ${entities.length} of 100 entities`;
}

function telegramLines({ text, entities, keyboard, document }: TelegramMessage): string[] {
  const spans = entities.map(({ type, offset, length }) => `${type.padEnd(21)} ${offset}+${length}`);
  const rows = keyboard?.rows.map((row) => row.map(({ label }) => `[ ${label} ]`).join(" ")) ?? [];
  return [document?.caption ?? text, ...rows, ...(spans.length === 0 ? [] : ["", ...spans])];
}

function discordSizes({ embeds, files = [] }: DiscordMessage): string {
  const units = embeds.reduce((sum, embed) => sum + sizeOf(embed), 0);
  const attached = files.map(({ name, text }) => `, ${name} of ${Buffer.byteLength(text)} bytes`);
  return `${embeds.length} of 10 embeds, ${units} of 6000 units${attached.join("")}`;
}

function discordLines({ content, embeds }: DiscordMessage): string[] {
  const shown = embeds.flatMap(({ title, description, fields = [], footer }) => [
    title,
    description,
    ...fields.map(({ name, value }) => `${name}: ${value}`),
    footer?.text,
    "",
  ]);
  return [content, ...shown].filter((line) => line !== undefined).slice(0, -1);
}
