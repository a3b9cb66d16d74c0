import type { BotCommand, InlineKeyboardMarkup, MessageEntity, ReplyParameters } from "grammy/types";

/** What a call gives, of all methods together. The schema of its method has been held against it. */
export type Payload = Partial<{
  allowed_updates: string[];
  callback_query_id: string;
  caption: string;
  caption_entities: MessageEntity[];
  chat_id: number | string;
  commands: BotCommand[];
  disable_notification: boolean;
  document: string;
  entities: MessageEntity[];
  message_id: number;
  message_thread_id: number;
  offset: number;
  reply_markup: InlineKeyboardMarkup;
  reply_parameters: ReplyParameters;
  scope: object;
  show_alert: boolean;
  text: string;
  timeout: number;
}>;

/** The words of a message, be they its text or what stands under its file. */
export function wordsIn({ text, caption, entities, caption_entities }: Payload) {
  return { text: text ?? caption ?? "", entities: entities ?? caption_entities ?? [] };
}
