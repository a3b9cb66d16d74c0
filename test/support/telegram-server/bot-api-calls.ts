import type { ApiMethods } from "@grammyjs/types";

/** A file is sent beside the call; within it stands the name of its part of the form. */
type Methods = ApiMethods<string>;

type Given<Name extends keyof Methods> =
  Parameters<Methods[Name]> extends [] ? object : NonNullable<Parameters<Methods[Name]>[0]>;

/** The calls that the server takes, with what Telegram's own documentation says of them. */
export type BotApiCalls = {
  [
    Name in
      | "answerCallbackQuery"
      | "deleteMessage"
      | "deleteWebhook"
      | "editMessageCaption"
      | "editMessageReplyMarkup"
      | "editMessageText"
      | "getChat"
      | "getMe"
      | "getUpdates"
      | "getWebhookInfo"
      | "pinChatMessage"
      | "sendChatAction"
      | "sendDocument"
      | "sendMessage"
      | "setMyCommands"
      | "unpinChatMessage"
  ]: Given<Name>;
};

export type Method = keyof BotApiCalls;
