import { ChannelType } from "discord-api-types/v10";

import { isThread, type Message, type Room, type Webhook, type World } from "./world.ts";

/** Things of the world as Discord's answers show them. */
export function messageView(world: World, message: Message): object {
  const thread = world.rooms.get(message.id);
  return {
    id: message.id,
    channel_id: message.channel,
    author: userView(world, message.author),
    content: message.content,
    timestamp: new Date(message.sentMs).toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: message.files.map(({ name, bytes }, at) => ({
      id: String(at),
      filename: name,
      size: bytes,
      url: "http://127.0.0.1/attachment",
      proxy_url: "http://127.0.0.1/attachment",
    })),
    embeds: message.embeds,
    pinned: message.pinned,
    type: 0,
    flags: message.flags,
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...(thread ? { thread: roomView(world, thread) } : {}),
  };
}

export function roomView(world: World, room: Room): object {
  return {
    id: room.id,
    type: room.type,
    name: room.name,
    guild_id: world.guild,
    parent_id: room.parent ?? null,
    position: [...world.rooms.keys()].indexOf(room.id),
    ...(room.type === ChannelType.GuildText ? { topic: room.topic ?? null } : {}),
    ...(isThread(room)
      ? {
          owner_id: world.bot,
          thread_metadata: { archived: room.archived ?? false, locked: room.locked ?? false },
          message_count: room.messages.length,
        }
      : { permission_overwrites: room.overwrites }),
  };
}

export function guildView(world: World): object {
  return {
    id: world.guild,
    name: world.guildName,
    owner_id: world.owner,
    roles: [
      { id: world.guild, name: "@everyone", permissions: "0", position: 0 },
      { id: world.botRole, name: "Pawl", permissions: world.botPermissions.toString(), position: 1 },
    ],
    emojis: [],
    stickers: [],
    features: [],
  };
}

export function userView(world: World, id: string): object {
  const isBot = id === world.bot || world.webhooks.has(id);
  const username = id === world.bot ? "Pawl" : id === world.owner ? "aaron" : `user-${id}`;
  return { id, username, discriminator: "0000", global_name: null, avatar: null, bot: isBot };
}

export function memberView(world: World): object {
  return {
    user: userView(world, world.bot),
    roles: [world.botRole],
    joined_at: "2026-11-01T00:00:00.000Z",
    deaf: false,
    mute: false,
    flags: 0,
  };
}

export function webhookView({ id, channel, name, token }: Webhook): object {
  return { id, type: 1, channel_id: channel, name, avatar: null, application_id: null, token };
}
