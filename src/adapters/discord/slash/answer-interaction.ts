import {
  type APIInteractionResponse,
  InteractionResponseType,
  MessageFlags,
  type RESTPatchAPIWebhookWithTokenMessageJSONBody,
  Routes,
} from "discord-api-types/v10";

import type { DiscordApi } from "../api.ts";

/** A command that was typed; its token lets us answer for a quarter of an hour, whoever we are. */
export type Asked = { id: string; applicationId: string; token: string };

const longestContent = 2000;

/** Discord waits for this for three seconds. Whatever follows is shown to nobody but the one who asked. */
export async function showThinking(api: DiscordApi, { id, token }: Asked): Promise<boolean> {
  const body: APIInteractionResponse = {
    type: InteractionResponseType.DeferredChannelMessageWithSource,
    data: { flags: MessageFlags.Ephemeral },
  };
  return (await api.callOpenly("POST", Routes.interactionCallback(id, token), { body })).kind === "ok";
}

/** What came of it is kept by now; an answer that gets lost can be asked for again. */
export async function showAnswer(
  api: DiscordApi,
  { applicationId, token }: Asked,
  write: (units?: number) => string,
): Promise<void> {
  const text = write().trim() || "Done.";
  const isLong = text.length > longestContent;
  const body: RESTPatchAPIWebhookWithTokenMessageJSONBody = {
    content: isLong ? beginningOf(write(longestContent - remark.length)) : text,
    allowed_mentions: { parse: [] },
    flags: MessageFlags.SuppressEmbeds,
  };
  const files = isLong ? [{ name: "answer.md", text }] : [];
  await api.callOpenly("PATCH", Routes.webhookMessage(applicationId, token), { body, files });
}

const remark = "\n… (all of it below)";

function beginningOf(text: string): string {
  const room = longestContent - remark.length;
  if (text.length <= room) return text + remark;
  const cut = text.lastIndexOf("\n", room);
  return text.slice(0, cut > 0 ? cut : room).toWellFormed() + remark;
}
