import type { Entity } from "../../ports/channel.ts";
import { readMarkdown } from "../render/rich-text/read-markdown.ts";
import { split } from "../render/rich-text/split.ts";
import { entitiesOf, withoutCommands } from "../render/telegram-text.ts";

const mostParts = 4;

/** An answer in a Telegram chat, in as many messages as a person reads. */
export function chatText(markdown: string): { text: string; entities: Entity[] }[] {
  const parts = split(withoutCommands(readMarkdown(markdown)), { units: 4096, marks: 95 });
  return parts.slice(0, mostParts).map((part) => ({ text: part.text, entities: entitiesOf(part) }));
}
