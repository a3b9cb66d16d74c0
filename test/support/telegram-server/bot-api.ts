import type { Method } from "./bot-api-calls.ts";
import { asChat, asMessage, botUser, type ChatRoom, type Chats, type Shown } from "./chats.ts";
import { type Payload, wordsIn } from "./payload.ts";
import type { Body } from "./read-body.ts";

/** What Telegram answers: a result, or an error in its words. */
export type Answer =
  | { ok: true; result: unknown }
  | {
      ok: false;
      error_code: number;
      description: string;
      parameters?: { retry_after?: number; migrate_to_chat_id?: number };
    };

/** A press that waits for its answer: what the person is shown for a moment. */
export type Toast = { text: string; isAlert: boolean };

export type BotState = {
  chats: Chats;
  presses: Map<string, (toast: Toast) => void>;
  commands: Map<string, { command: string; description: string }[]>;
  webhook: string;
  now: () => Date;
};

/** The calls beside the long poll, by their effect on the chats. They cannot fail half-way. */
export function perform(method: Exclude<Method, "getUpdates">, body: Body, state: BotState): Answer {
  const { payload } = body;
  switch (method) {
    case "getMe":
      return done({ ...botUser, can_join_groups: true, can_read_all_group_messages: false });
    case "getWebhookInfo":
      return done({ url: state.webhook, has_custom_certificate: false, pending_update_count: 0 });
    case "deleteWebhook":
      state.webhook = "";
      return done(true);
    case "answerCallbackQuery":
      return answerPress(payload, state);
    case "setMyCommands":
      state.commands.set(JSON.stringify(payload.scope ?? {}), payload.commands ?? []);
      return done(true);
    default:
      return inChat(method, body, state);
  }
}

function inChat(method: Method, body: Body, state: BotState): Answer {
  const { payload } = body;
  const room = state.chats.find(payload.chat_id);
  if (!room) return refused(400, "Bad Request: chat not found");
  if (room.movedTo !== undefined) {
    return {
      ...refused(400, "Bad Request: group chat was upgraded to a supergroup chat"),
      parameters: { migrate_to_chat_id: room.movedTo },
    };
  }
  if (method === "getChat") return done({ ...asChat(room), accent_color_id: 0, max_reaction_count: 11 });
  if (room.isClosed) return refused(403, "Forbidden: bot was blocked by the user");
  const topic = payload.message_thread_id;
  if (topic !== undefined && !room.topics.has(topic))
    return refused(400, "Bad Request: message thread not found");
  if (method === "sendChatAction") return done(true);
  return method === "sendMessage" || method === "sendDocument"
    ? post(method, body, room, state)
    : change(method, payload, room);
}

function post(method: Method, { payload, files }: Body, room: ChatRoom, { chats, now }: BotState): Answer {
  const { text, entities } = wordsIn(payload);
  const { reply_parameters: reply, reply_markup } = payload;
  const question = room.messages.get(reply?.message_id ?? 0);
  if (reply && !question && !reply.allow_sending_without_reply)
    return refused(400, "Bad Request: message to be replied not found");
  if (method === "sendMessage" && text.trim() === "")
    return refused(400, "Bad Request: message text is empty");
  const document = files.get(payload.document?.replace("attach://", "") ?? "");
  if (method === "sendDocument" && !document)
    return refused(400, "Bad Request: there is no document in the request");
  const topic = payload.message_thread_id;
  const shown = chats.put(room, {
    from: "bot",
    at: now(),
    text,
    entities,
    buttons: reply_markup?.inline_keyboard ?? [],
    ...(document && { document }),
    ...(question && { replyTo: question.id }),
    ...(topic !== undefined && { topic }),
    isSilent: payload.disable_notification === true,
  });
  return done(asMessage(room, shown));
}

function change(method: Method, payload: Payload, room: ChatRoom): Answer {
  const shown = room.messages.get(Number(payload.message_id));
  switch (method) {
    case "deleteMessage":
      if (!shown) return refused(400, "Bad Request: message to delete not found");
      room.messages.delete(shown.id);
      return done(true);
    case "pinChatMessage":
    case "unpinChatMessage":
      if (!shown) return refused(400, "Bad Request: message to pin not found");
      shown.isPinned = method === "pinChatMessage";
      return done(true);
    default:
      if (!shown) return refused(400, "Bad Request: message to edit not found");
      return rewrite(method, payload, room, shown);
  }
}

function rewrite(method: Method, payload: Payload, room: ChatRoom, shown: Shown): Answer {
  if (shown.from !== "bot") return refused(400, "Bad Request: message can't be edited");
  if (method === "editMessageText" && shown.document)
    return refused(400, "Bad Request: there is no text in the message to edit");
  const words = method === "editMessageReplyMarkup" ? shown : wordsIn(payload);
  if (method === "editMessageText" && words.text.trim() === "")
    return refused(400, "Bad Request: message text is empty");
  const next = {
    text: words.text,
    entities: words.entities,
    buttons: payload.reply_markup?.inline_keyboard ?? [],
  };
  const before = { text: shown.text, entities: shown.entities, buttons: shown.buttons };
  if (JSON.stringify(before) === JSON.stringify(next)) {
    return refused(
      400,
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as " +
        "a current content and reply markup of the message",
    );
  }
  Object.assign(shown, next, { edits: shown.edits + 1 });
  return done(asMessage(room, shown));
}

function answerPress(payload: Payload, { presses }: BotState): Answer {
  const id = payload.callback_query_id ?? "";
  const show = presses.get(id);
  if (!show) {
    return refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
  }
  presses.delete(id);
  show({ text: payload.text ?? "", isAlert: payload.show_alert === true });
  return done(true);
}

function done(result: unknown): Answer {
  return { ok: true, result };
}

export function refused(error_code: number, description: string): Answer & { ok: false } {
  return { ok: false, error_code, description };
}
