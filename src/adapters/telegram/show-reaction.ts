import type { Reaction } from "../../ports/owner-line.ts";
import type { BotClient } from "./bot-client.ts";
import { clipped, entitiesOf, type Text } from "./message.ts";
import type { Read } from "./read-update.ts";

/** Puts Markdown into the form that Telegram takes; in several messages where it is long. */
export type Write = (markdown: string) => readonly Text[];

/** In UTF-16 units, of what is shown for a moment after a press. */
const longestToast = 200;

/**
 * Shows what came of something heard. It is kept already, so a reaction that does not arrive is no failure: Telegram
 * refuses to answer a press that is minutes old, and the message that asked will say what was decided.
 */
export async function showReaction(
  client: BotClient,
  write: Write,
  read: Read,
  { toast, alert = false, reply }: Reaction,
): Promise<void> {
  if (read.kind !== "nothing" && read.press !== undefined) {
    const press = read.press;
    const shown = toast === undefined ? {} : toastOf(toast, alert);
    await client((api, signal) => api.answerCallbackQuery(press, shown, signal));
  }
  if (!reply || read.kind !== "heard") return;
  const { chat, message } = read.heard;
  for (const part of write(reply.markdown)) await say(client, chat, Number(message), part);
}

function toastOf(toast: string, show_alert: boolean) {
  return { text: clipped({ text: toast, entities: [] }, longestToast).text, show_alert };
}

async function say(client: BotClient, chat: string, answered: number, { text, entities }: Text) {
  const plain = {
    link_preview_options: { is_disabled: true },
    reply_parameters: { message_id: answered, allow_sending_without_reply: true },
  };
  const formatted = { ...plain, entities: entitiesOf(entities) };
  const said = await client((api, signal) => api.sendMessage(chat, text, formatted, signal));
  const wasRefused = !said.ok && said.trouble.kind === "answer" && said.trouble.status === 400;
  if (wasRefused) await client((api, signal) => api.sendMessage(chat, text, plain, signal));
}
