import type { InlineKeyboardButton, Message, MessageEntity } from "grammy/types";

/** A message as somebody sees it who looks at the chat. */
export type Shown = {
  id: number;
  from: "bot" | number;
  text: string;
  entities: MessageEntity[];
  buttons: InlineKeyboardButton[][];
  document?: { name: string; text: string };
  replyTo?: number;
  topic?: number;
  isSilent: boolean;
  isPinned: boolean;
  /** How often it was edited. */
  edits: number;
  at: Date;
};

export type ChatRoom = {
  id: number;
  type: "private" | "group" | "supergroup";
  title: string;
  messages: Map<number, Shown>;
  lastId: number;
  topics: Set<number>;
  /** The id that a group has got since it became a supergroup. */
  movedTo?: number;
  /** Whether the bot was blocked or thrown out. */
  isClosed: boolean;
};

export const botUser = { id: 7000, is_bot: true, first_name: "Pawl", username: "pawl_test_bot" } as const;

export class Chats {
  readonly #rooms = new Map<number, ChatRoom>();

  open(id: number, { type, title = "" }: { type?: ChatRoom["type"]; title?: string } = {}): ChatRoom {
    const known = this.#rooms.get(id);
    if (known) return known;
    const room: ChatRoom = {
      id,
      type: type ?? (id > 0 ? "private" : "supergroup"),
      title: title || (id > 0 ? `User ${id}` : `Group ${id}`),
      messages: new Map(),
      lastId: 100,
      topics: new Set(),
      isClosed: false,
    };
    this.#rooms.set(id, room);
    return room;
  }

  find(id: unknown): ChatRoom | undefined {
    return this.#rooms.get(Number(id));
  }

  put(room: ChatRoom, message: Omit<Shown, "id" | "isPinned" | "edits">): Shown {
    const shown: Shown = { ...message, id: ++room.lastId, isPinned: false, edits: 0 };
    room.messages.set(shown.id, shown);
    return shown;
  }
}

/** The message in the words of the Bot API, which show one step of who answered whom, not the whole chain. */
export function asMessage(room: ChatRoom, shown: Shown, isAnswered = false): Message {
  const { id, from, at, buttons, replyTo } = shown;
  const answered = replyTo === undefined || isAnswered ? undefined : room.messages.get(replyTo);
  const message = {
    message_id: id,
    date: Math.floor(at.getTime() / 1000),
    chat: asChat(room),
    from: from === "bot" ? botUser : { id: from, is_bot: false, first_name: `User ${from}` },
    ...asWords(shown),
    ...(buttons.length > 0 && { reply_markup: { inline_keyboard: buttons } }),
    ...(answered && { reply_to_message: asMessage(room, answered, true) }),
  };
  return message as unknown as Message;
}

function asWords({ id, text, entities, document }: Shown) {
  if (!document) return { text, entities };
  const file = { file_id: `f${id}`, file_unique_id: `u${id}`, file_name: document.name };
  return { document: file, ...(text !== "" && { caption: text, caption_entities: entities }) };
}

export function asChat({ id, type, title }: ChatRoom) {
  return type === "private" ? { id, type, first_name: title } : { id, type, title };
}
