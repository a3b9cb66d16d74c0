import { InputFile } from "grammy";

import type { Channel, Parcel, Place, TelegramMessage } from "../../ports/channel.ts";
import { type BotAccess, botClient, type Result } from "./bot-client.ts";
import { checkChat } from "./check-chat.ts";
import { type Manner, mended } from "./manner.ts";
import { clipped, entitiesOf, keyboardOf, longestCaption, type Sign } from "./message.ts";
import { sendingOf, type Trouble } from "./trouble.ts";

export type TelegramDestination = BotAccess & {
  /** A number; those of groups begin with a minus. */
  chat: string;
  /** A topic of a forum. */
  topic?: string | undefined;
  sign: Sign;
};

/** Sending is tried anew only after a refusal that says what to do better, of which there are three. */
const mostTries = 4;

/**
 * One chat with a bot. Telegram knows no key for a message and shows bots no history, so a post that may have arrived
 * can only be repeated; its buttons then ask the same action twice, of which one answer counts.
 */
export function telegramChannel(destination: TelegramDestination): Channel {
  const { sign } = destination;
  const client = botClient(destination);
  // A group that becomes a supergroup gets another id: known until the next start, which is told it again.
  let chat = destination.chat;

  return {
    takes: "telegram",
    memory: "repeatable",

    async send(parcel) {
      const message = telegramOf(parcel);
      let manner: Manner = { chat, topic: destination.topic, isPlain: false };
      for (let tries = 1; ; tries++) {
        const posted = await post(message, parcel, manner);
        if (posted.ok) {
          chat = manner.chat;
          if (parcel.pinned) await pin(posted.value);
          return { kind: "sent", place: posted.value };
        }
        const better = tries < mostTries ? mended(manner, posted.trouble) : undefined;
        if (!better) return sendingOf(posted.trouble);
        manner = better;
      }
    },

    async edit(place, parcel) {
      const edited = await rewrite(place, telegramOf(parcel));
      if (edited.ok || says(edited.trouble, /message is not modified/i)) return { kind: "sent", place };
      if (
        says(edited.trouble, /to edit not found|message_id_invalid|can't be edited|upgraded to a supergroup/i)
      )
        return { kind: "gone", why: "The message to edit is not there any more" };
      return sendingOf(edited.trouble);
    },

    async remove(place) {
      const ids = [place["message"], place["document"]].flatMap((id) => id ?? []);
      for (const id of ids) {
        const removed = await client((api, signal) => api.deleteMessage(chatOf(place), Number(id), signal));
        if (!removed.ok && !says(removed.trouble, /to delete not found|message_id_invalid/i))
          return sendingOf(removed.trouble);
      }
      return { kind: "sent", place };
    },

    find: async () => ({ kind: "unknown", why: "Telegram shows bots no history" }),

    check: () => checkChat(client, chat, destination.chat),
  };

  /** A file goes first when it cannot carry the text: of two messages the second one has the buttons. */
  async function post(message: TelegramMessage, parcel: Parcel, manner: Manner): Promise<Result<Place>> {
    const { document } = message;
    if (!document) return postText(message, parcel, manner);
    if (message.text === "") return postDocument({ ...message, text: document.caption }, parcel, manner);
    if (message.text.length <= longestCaption) return postDocument(message, parcel, manner);
    const bare: TelegramMessage = { kind: "telegram", text: document.caption, entities: [], document };
    const file = await postDocument(bare, { ...parcel, silent: true }, manner);
    if (!file.ok) return file;
    const text = await postText(message, parcel, manner);
    return text.ok ? { ok: true, value: { ...text.value, document: file.value["message"] ?? "" } } : text;
  }

  function postText(message: TelegramMessage, parcel: Parcel, manner: Manner): Promise<Result<Place>> {
    return client(async (api, signal) => {
      const sent = await api.sendMessage(
        manner.chat,
        message.text,
        {
          ...common(message, parcel, manner),
          ...(!manner.isPlain && { entities: entitiesOf(message.entities) }),
          link_preview_options: { is_disabled: true },
        },
        signal,
      );
      return { chat: manner.chat, message: idOf(sent) };
    });
  }

  function postDocument(message: TelegramMessage, parcel: Parcel, manner: Manner): Promise<Result<Place>> {
    const { name, text: content } = message.document ?? { name: "text.md", text: "" };
    const { text, entities } = clipped(message, longestCaption);
    return client(async (api, signal) => {
      const sent = await api.sendDocument(
        manner.chat,
        new InputFile(Buffer.from(content), name),
        {
          ...common(message, parcel, manner),
          ...(text !== "" && { caption: text }),
          ...(!manner.isPlain && { caption_entities: entitiesOf(entities) }),
        },
        signal,
      );
      return { chat: manner.chat, message: idOf(sent), text: "caption" };
    });
  }

  function common(message: TelegramMessage, { silent, replyTo }: Parcel, manner: Manner) {
    const keyboard = keyboardOf(message, manner.chat, sign);
    const question = replyTo?.["chat"] === manner.chat ? replyTo["message"] : undefined;
    return {
      ...(manner.topic !== undefined && { message_thread_id: Number(manner.topic) }),
      ...(silent && { disable_notification: true }),
      ...(keyboard && { reply_markup: keyboard }),
      ...(question !== undefined && {
        reply_parameters: { message_id: Number(question), allow_sending_without_reply: true },
      }),
    };
  }

  async function rewrite(place: Place, message: TelegramMessage): Promise<Result<unknown>> {
    const asMeant = await rewriteAs(place, message);
    if (asMeant.ok || !says(asMeant.trouble, /entit/i)) return asMeant;
    return rewriteAs(place, { ...message, entities: [] });
  }

  function rewriteAs(place: Place, message: TelegramMessage): Promise<Result<unknown>> {
    const [where, id] = [chatOf(place), Number(place["message"])];
    const reply_markup = keyboardOf(message, where, sign) ?? { inline_keyboard: [] };
    return client((api, signal) => {
      if (place["text"] === "caption") {
        const { text: caption, entities } = clipped(message, longestCaption);
        const caption_entities = entitiesOf(entities);
        return api.editMessageCaption(where, id, { caption, caption_entities, reply_markup }, signal);
      }
      const entities = entitiesOf(message.entities);
      const link_preview_options = { is_disabled: true };
      return api.editMessageText(
        where,
        id,
        message.text,
        { entities, link_preview_options, reply_markup },
        signal,
      );
    });
  }

  async function pin(place: Place): Promise<void> {
    await client((api, signal) =>
      api.pinChatMessage(chatOf(place), Number(place["message"]), { disable_notification: true }, signal),
    );
  }

  function chatOf(place: Place): string {
    return place["chat"] ?? chat;
  }
}

/** An answer without it counts as none: somebody on the way has given it. */
function idOf({ message_id }: { message_id: unknown }): string {
  if (Number.isInteger(message_id)) return String(message_id);
  throw new Error("no message id in the answer");
}

function telegramOf({ message }: Parcel): TelegramMessage {
  if (message.kind === "telegram") return message;
  throw new Error(`A Telegram chat takes telegram messages, not ${message.kind}`);
}

function says(trouble: Trouble, words: RegExp): boolean {
  return trouble.kind === "answer" && trouble.status === 400 && words.test(trouble.description);
}
