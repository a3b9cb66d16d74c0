import type { InlineKeyboardMarkup, MessageEntity } from "grammy/types";

import type { Entity, TelegramMessage } from "../../ports/channel.ts";

/** Draws the data of a button: what it does, bound to the chat in which it stands. */
export type Sign = (drawn: { action: string; verb: string; chat: string; payloadHash: string }) => string;

/** In UTF-16 units, as Telegram counts. */
export const longestCaption = 1024;

export type Text = { text: string; entities: readonly Entity[] };

/** No buttons at all where nothing is asked: an edit that leaves them out takes them away. */
export function keyboardOf(
  { keyboard }: TelegramMessage,
  chat: string,
  sign: Sign,
): InlineKeyboardMarkup | undefined {
  if (!keyboard || keyboard.rows.length === 0) return undefined;
  const { action, payloadHash, rows } = keyboard;
  return {
    inline_keyboard: rows.map((row) =>
      row.map(({ label, verb, style }) => ({
        text: label,
        callback_data: sign({ action, verb, chat, payloadHash }),
        ...(style && { style }),
      })),
    ),
  };
}

export function entitiesOf(entities: readonly Entity[]): MessageEntity[] {
  return entities.map(entityOf);
}

function entityOf({ type, offset, length, url = "", language }: Entity): MessageEntity {
  if (type === "text_link") return { type, offset, length, url };
  if (type === "pre") return { type, offset, length, ...(language !== undefined && { language }) };
  return { type, offset, length };
}

/** What fits: ends with an ellipsis where something was cut off, never within a character or a span. */
export function clipped({ text, entities }: Text, most: number): Text {
  if (text.length <= most) return { text, entities };
  const end = isHighSurrogate(text, most - 2) ? most - 2 : most - 1;
  return {
    text: `${text.slice(0, end)}…`,
    entities: entities
      .filter(({ offset }) => offset < end)
      .map((entity) => ({ ...entity, length: Math.min(entity.length, end - entity.offset) })),
  };
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}
