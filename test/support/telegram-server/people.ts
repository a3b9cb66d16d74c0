import type { Message } from "grammy/types";

import type { BotState, Toast } from "./bot-api.ts";
import { asMessage, type ChatRoom, type Shown } from "./chats.ts";
import type { Updates } from "./updates.ts";

/** A press, and what it shows for a moment once the bot has answered it. */
export type Pressed = { id: string; update: number; toast: Promise<Toast> };

/** What people do in their apps, and what they see there. */
export class People {
  readonly #state: BotState;
  readonly #updates: Updates;
  #presses = 0;

  constructor(state: BotState, updates: Updates) {
    this.#state = state;
    this.#updates = updates;
  }

  /** A chat that the bot may write to: a private one with the user of that number, or a group below zero. */
  start(chat: number, about: { type?: ChatRoom["type"]; title?: string } = {}): ChatRoom {
    return this.#state.chats.open(chat, about);
  }

  /** What stands in a chat, the oldest first. */
  sees(chat: number): Shown[] {
    return [...(this.#state.chats.find(chat)?.messages.values() ?? [])];
  }

  types(
    user: number,
    text: string,
    { chat = user, replyTo, isBot = false }: { chat?: number; replyTo?: number; isBot?: boolean } = {},
  ): { update: number; message: number } {
    const room = this.start(chat);
    const shown = this.#state.chats.put(room, {
      from: user,
      text,
      entities: [],
      buttons: [],
      isSilent: false,
      at: this.#state.now(),
      ...(replyTo !== undefined && { replyTo }),
    });
    const said = asMessage(room, shown) as Message & { from: { is_bot: boolean } };
    const message = { ...said, from: { ...said.from, is_bot: isBot } };
    const { update_id } = this.#updates.add({ message: message as never });
    return { update: update_id, message: shown.id };
  }

  /** Presses the newest button with that label, wherever it stands in the chat. */
  presses(
    user: number,
    label: string,
    { chat = user, message }: { chat?: number; message?: number } = {},
  ): Pressed {
    const candidates = this.sees(chat).filter(({ id }) => message === undefined || id === message);
    for (const shown of candidates.toReversed()) {
      const button = shown.buttons.flat().find(({ text }) => text === label);
      if (button && "callback_data" in button)
        return this.forges(user, button.callback_data, { chat, message: shown.id });
    }
    throw new Error(`No button ${label} in chat ${chat}`);
  }

  /** A press with any data at all, as a program can make one up that is not one of Telegram's apps. */
  forges(
    user: number,
    data: string,
    { chat = user, message = 1 }: { chat?: number; message?: number } = {},
  ): Pressed {
    const room = this.start(chat);
    const shown = room.messages.get(message);
    const id = `${this.#updates.lastId}${++this.#presses}`;
    const { promise: toast, resolve } = Promise.withResolvers<Toast>();
    this.#state.presses.set(id, resolve);
    const { update_id } = this.#updates.add({
      callback_query: {
        id,
        from: { id: user, is_bot: false, first_name: `User ${user}` },
        chat_instance: String(chat),
        data,
        message: shown
          ? asMessage(room, shown)
          : ({ chat: { id: chat, type: "private", first_name: "" }, message_id: message, date: 0 } as never),
      },
    });
    return { id, update: update_id, toast };
  }

  /** From now on the bot's answer to that press comes too late. */
  forgets({ id }: Pressed): void {
    this.#state.presses.delete(id);
  }

  removes(chat: number, message: number): void {
    this.#state.chats.find(chat)?.messages.delete(message);
  }

  blocks(chat: number, isClosed = true): void {
    this.start(chat).isClosed = isClosed;
  }

  /** The group gets a new id, as Telegram does when it grows. */
  upgrades(group: number, supergroup: number): void {
    this.start(group, { type: "group" }).movedTo = supergroup;
    this.start(supergroup, { type: "supergroup" });
  }
}
