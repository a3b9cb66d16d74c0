import type { Entity } from "../../ports/channel.ts";
import { readMarkdown } from "../render/rich-text/read-markdown.ts";
import { split } from "../render/rich-text/split.ts";
import { entitiesOf, withoutCommands } from "../render/telegram-text.ts";

const mostParts = 4;

/** An answer in a Telegram chat, in as many messages as a person reads; the last one says what it leaves out. */
export function chatText(markdown: string): { text: string; entities: Entity[] }[] {
  const parts = split(withoutCommands(readMarkdown(markdown)), { units: 4096, marks: 95 });
  const shown = parts.slice(0, mostParts).map((part) => ({ text: part.text, entities: entitiesOf(part) }));
  const left = parts.slice(mostParts).reduce((sum, { text }) => sum + text.length, 0);
  return left === 0 ? shown : [...shown, { text: remark(left), entities: [] }];
}

function remark(left: number): string {
  return (
    `… and ${left} characters more. On a computer, pawl show with the task's id prints all of a task or a result, ` +
    "and pawl route why with the event's id and --json all of an event."
  );
}
