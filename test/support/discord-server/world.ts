import { type APIEmbed, type APIOverwrite, ChannelType, PermissionFlagsBits } from "discord-api-types/v10";

import type { File } from "./limits.ts";

export type Message = {
  id: string;
  channel: string;
  author: string;
  content: string;
  embeds: APIEmbed[];
  files: File[];
  flags: number;
  /** Whose bell rang. */
  mentions: string[];
  nonce?: string;
  replyTo?: string;
  pinned: boolean;
  edits: number;
  sentMs: number;
};

export type Room = {
  id: string;
  type: ChannelType;
  name: string;
  topic?: string;
  parent?: string;
  overwrites: APIOverwrite[];
  archived?: boolean;
  locked?: boolean;
  messages: Message[];
};

export type Webhook = { id: string; token: string; channel: string; name: string };

/** "The past few minutes" of Discord's documentation, as a number. */
const nonceWindowMs = 5 * 60_000;

const epochMs = Date.UTC(2015, 0, 1);

/** One server of Discord with a bot in it: what is there, and who may do what. */
export class World {
  readonly token: string;
  readonly guild: string;
  readonly guildName = "Test server";
  readonly bot: string;
  readonly botRole: string;
  readonly owner: string;
  readonly rooms = new Map<string, Room>();
  readonly webhooks = new Map<string, Webhook>();
  /** Slash commands, as they were last put. */
  commands: unknown[] = [];
  botPermissions: bigint;
  readonly #now: () => number;
  /** Also of messages that are not there any more. */
  readonly #nonces = new Map<string, { message: string; room: string; atMs: number }>();
  #lastId = 0n;

  constructor({ token, now }: { token: string; now: () => number }) {
    this.token = token;
    this.#now = now;
    this.guild = this.newId();
    this.bot = this.newId();
    this.botRole = this.newId();
    this.owner = this.newId();
    this.botPermissions = [
      PermissionFlagsBits.ViewChannel,
      PermissionFlagsBits.ManageChannels,
      PermissionFlagsBits.SendMessages,
      PermissionFlagsBits.EmbedLinks,
      PermissionFlagsBits.AttachFiles,
      PermissionFlagsBits.ReadMessageHistory,
      PermissionFlagsBits.CreatePublicThreads,
      PermissionFlagsBits.SendMessagesInThreads,
      PermissionFlagsBits.PinMessages,
    ].reduce((all, bit) => all | bit, 0n);
  }

  newId(): string {
    const next = BigInt(this.#now() - epochMs) << 22n;
    this.#lastId = next > this.#lastId ? next : this.#lastId + 1n;
    return this.#lastId.toString();
  }

  addRoom(room: Pick<Room, "name"> & Partial<Room>): Room {
    const made: Room = {
      id: this.newId(),
      type: ChannelType.GuildText,
      overwrites: [],
      messages: [],
      ...room,
    };
    this.rooms.set(made.id, made);
    return made;
  }

  addWebhook(channel: string): Webhook {
    const id = this.newId();
    const made = { id, token: `wh-secret-${id}`, channel, name: "Pawl" };
    this.webhooks.set(id, made);
    return made;
  }

  add(room: Room, message: Omit<Message, "id" | "channel" | "edits" | "pinned" | "sentMs">): Message {
    const made = {
      ...message,
      id: this.newId(),
      channel: room.id,
      edits: 0,
      pinned: false,
      sentMs: this.#now(),
    };
    room.messages.push(made);
    if (message.nonce !== undefined) {
      const key = `${message.author} ${message.nonce}`;
      this.#nonces.set(key, { message: made.id, room: room.id, atMs: this.#now() });
    }
    return made;
  }

  /** The message that this author has sent with this nonce of late, or that it is gone. */
  byNonce(author: string, nonce: string): Message | "removed" | undefined {
    const known = this.#nonces.get(`${author} ${nonce}`);
    if (!known || this.#now() - known.atMs > nonceWindowMs) return undefined;
    return this.rooms.get(known.room)?.messages.find(({ id }) => id === known.message) ?? "removed";
  }

  remove(room: Room, id: string): void {
    room.messages = room.messages.filter((message) => message.id !== id);
  }

  /** Threads go with the channel in which they are. */
  removeRoom(id: string): void {
    for (const room of this.rooms.values())
      if (room.id === id || room.parent === id) this.rooms.delete(room.id);
  }

  /** A thread has the permissions of its channel. */
  permissionsIn(room: Room): bigint {
    const place = isThread(room) ? (this.rooms.get(room.parent ?? "") ?? room) : room;
    return place.overwrites
      .filter(({ id }) => [this.guild, this.botRole, this.bot].includes(id))
      .reduce((left, { allow, deny }) => (left & ~BigInt(deny)) | BigInt(allow), this.botPermissions);
  }
}

export function isThread({ type }: Room): boolean {
  return type === ChannelType.PublicThread;
}
