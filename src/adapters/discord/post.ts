import {
  type AllowedMentionsTypes,
  type APIEmbed,
  MessageFlags,
  type RESTPatchAPIChannelMessageJSONBody,
  type RESTPostAPIChannelMessageJSONBody,
  type RESTPostAPIWebhookWithTokenJSONBody,
} from "discord-api-types/v10";

import type { DiscordMessage, Parcel } from "../../ports/channel.ts";

export type Post<Body> = { body: Body; files: readonly { name: string; text: string }[] };

/** Whose id may be mentioned, if anybody's. */
export type Mentionable = { owner: string | undefined };

const longestContent = 2000;

/** The enumeration has no name for it. */
const noFlags = 0 as MessageFlags;

export function newPost(parcel: Parcel, who: Mentionable): Post<RESTPostAPIChannelMessageJSONBody> {
  const { body, files } = webhookPost(parcel, who);
  const { message } = parcel.replyTo ?? {};
  return {
    body: {
      ...body,
      nonce: parcel.nonce.slice(0, 25),
      enforce_nonce: true,
      ...(message === undefined
        ? {}
        : { message_reference: { message_id: message, fail_if_not_exists: false } }),
    },
    files,
  };
}

/** A webhook knows neither nonces nor answers. */
export function webhookPost(parcel: Parcel, who: Mentionable): Post<RESTPostAPIWebhookWithTokenJSONBody> {
  const message = discordMessage(parcel);
  const { body, files } = shown(message, who);
  const flags =
    (message.embeds.length === 0 ? MessageFlags.SuppressEmbeds : 0) |
    (parcel.silent ? MessageFlags.SuppressNotifications : 0);
  return { body: { ...body, ...(flags === 0 ? {} : { flags }) }, files };
}

/** Everything of the old message goes: an edit that names no files would keep the old ones. */
export function editedPost(parcel: Parcel, who: Mentionable): Post<RESTPatchAPIChannelMessageJSONBody> {
  const message = discordMessage(parcel);
  const { body, files } = shown(message, who);
  return {
    body: {
      content: "",
      ...body,
      attachments: files.map(({ name }, id) => ({ id, filename: name })),
      flags: message.embeds.length === 0 ? MessageFlags.SuppressEmbeds : noFlags,
    },
    files,
  };
}

/** The same news with nothing in it that Discord could find fault with. */
export function plainParcel(parcel: Parcel): Parcel {
  const { content, embeds, mentionsOwner } = discordMessage(parcel);
  const title = embeds.map((embed) => embed.title ?? embed.description).find(Boolean) ?? content ?? "News";
  const words = title
    .replace(/[\p{Cc}\p{Cf}`*_~|<>[\]\\#]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const said = `${words.slice(0, 300).toWellFormed()}\nDiscord did not take the whole message; it is kept here.`;
  const message: DiscordMessage = {
    kind: "discord",
    content: `${said}\n${parcel.marker}`,
    embeds: [],
    ...(mentionsOwner === undefined ? {} : { mentionsOwner }),
  };
  return { ...parcel, message };
}

function shown({ content, embeds, files = [], mentionsOwner }: DiscordMessage, { owner }: Mentionable) {
  const mention = mentionsOwner === true && owner !== undefined ? owner : undefined;
  const text = mention === undefined ? content : `<@${mention}> ${content ?? ""}`.trim();
  return {
    body: {
      ...(text === undefined || text === "" ? {} : { content: text.slice(0, longestContent).toWellFormed() }),
      // Our type is theirs, but for being read-only.
      embeds: embeds as APIEmbed[],
      allowed_mentions: {
        parse: [] as AllowedMentionsTypes[],
        ...(mention === undefined ? {} : { users: [mention] }),
      },
    },
    files,
  };
}

function discordMessage({ message }: Parcel): DiscordMessage {
  if (message.kind !== "discord") throw new TypeError(`a Discord channel takes no ${message.kind} message`);
  return message;
}
