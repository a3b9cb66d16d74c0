import type { Entity, KeyboardButton, TelegramMessage } from "../../../ports/channel.ts";
import { escapeHtml, linkAround } from "./escape-html.ts";

/** A message as a bubble of Telegram's, with the buttons below it. `time` stands in its corner, such as 09:10. */
export function telegramBubble(message: TelegramMessage, time: string): string {
  const { document, entities, keyboard, text } = message;
  const inside = document
    ? `<div class="tg-file"><span>📄</span><div><b>${escapeHtml(document.name)}</b><br><small>${new Blob([document.text]).size} bytes</small></div></div>${escapeHtml(document.caption)}`
    : withEntities(text, entities);
  const rows = (keyboard?.rows ?? []).map((row) => `<div class="tg-row">${row.map(key).join("")}</div>`);
  return `<div class="tg"><div class="tg-bubble">${inside}<span class="tg-time">${escapeHtml(time)}</span></div>${rows.join("")}</div>`;
}

function key({ label, style }: KeyboardButton): string {
  return `<span class="tg-key ${style ?? ""}">${escapeHtml(label)}</span>`;
}

/** Entities lie one in the other or apart, as the Bot API wants it, so their tags nest. */
function withEntities(text: string, entities: readonly Entity[]): string {
  let html = "";
  let at = 0;
  const open: Entity[] = [];
  const write = (end: number) => {
    html += escapeHtml(text.slice(at, end));
    at = end;
  };
  const closeUpTo = (offset: number) => {
    for (let last = open.at(-1); last && endOf(last) <= offset; last = open.at(-1)) {
      write(endOf(last));
      html += closing(last);
      open.pop();
    }
  };
  for (const entity of entities) {
    closeUpTo(entity.offset);
    write(entity.offset);
    if (entity.type === "text_link") {
      html += linkAround(escapeHtml(text.slice(entity.offset, endOf(entity))), entity.url);
      at = endOf(entity);
      continue;
    }
    html += opening(entity);
    open.push(entity);
  }
  closeUpTo(text.length);
  write(text.length);
  // Quotes and code are blocks: the line break behind them would be drawn twice.
  return html.replace(/(<\/blockquote>|<\/pre>)\n/g, "$1");
}

function endOf({ offset, length }: Entity): number {
  return offset + length;
}

const tags = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
} as const;

function opening({ type }: Entity): string {
  if (type === "expandable_blockquote") return '<blockquote class="fold">';
  return type === "text_link" ? "" : `<${tags[type]}>`;
}

function closing({ type }: Entity): string {
  if (type === "expandable_blockquote") return "</blockquote>";
  return type === "text_link" ? "" : `</${tags[type]}>`;
}
