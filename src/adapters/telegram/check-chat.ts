import type { ChannelCheck } from "../../ports/channel.ts";
import type { BotClient } from "./bot-client.ts";
import { sendingOf, type Trouble } from "./trouble.ts";

/** Whether the bot is there, knows the chat and may write there; nothing is posted. */
export async function checkChat(
  client: BotClient,
  chat: string,
  configured: string,
): Promise<ChannelCheck[]> {
  const me = await client((api, signal) => api.getMe(signal));
  if (!me.ok) return [failed("Telegram does not know the bot", me.trouble)];
  const bot: ChannelCheck = { ok: true, what: `The token belongs to @${me.value.username}` };

  const seen = await client((api, signal) => api.getChat(chat, signal));
  if (!seen.ok) return [bot, failed(`The bot cannot see chat ${chat}`, seen.trouble)];
  const found: ChannelCheck = { ok: true, what: `Chat ${chat} is ${nameOf(seen.value)}` };

  // Shows "typing" for a moment: the one thing that needs the right to write and leaves nothing behind.
  const wrote = await client((api, signal) => api.sendChatAction(chat, "typing", {}, signal));
  const writes: ChannelCheck = wrote.ok
    ? { ok: true, what: "The bot may write there" }
    : failed("The bot may not write there", wrote.trouble);

  return [bot, found, ...movedFrom(configured, chat), writes, ...(await checkListening(client))];
}

async function checkListening(client: BotClient): Promise<ChannelCheck[]> {
  const webhook = await client((api, signal) => api.getWebhookInfo(signal));
  if (!webhook.ok) return [failed("Telegram does not say whether a webhook is set", webhook.trouble)];
  if (!webhook.value.url) return [{ ok: true, what: "Presses and messages come to us" }];
  return [
    {
      ok: false,
      what: "Presses and messages go to a webhook, not to us",
      hint: "Another program uses this bot. Give Pawl a bot of its own, or remove the webhook with deleteWebhook.",
    },
  ];
}

function movedFrom(configured: string, chat: string): ChannelCheck[] {
  if (configured === chat) return [];
  const what = `Chat ${configured} has become a supergroup, ${chat}`;
  return [{ ok: false, what, hint: `Write ${chat} into the configuration.` }];
}

function failed(what: string, trouble: Trouble): ChannelCheck {
  const sending = sendingOf(trouble);
  return { ok: false, what, hint: "why" in sending ? sending.why : "Try again." };
}

function nameOf(chat: { type: string; title?: string | undefined; first_name?: string | undefined }): string {
  const name = chat.title ?? chat.first_name ?? "";
  return chat.type === "private" ? `the private chat with ${name}` : `the ${chat.type} ${name}`;
}
