import {
  type APIAllowedMentions,
  type APIEmbed,
  ChannelType,
  MessageFlags,
  PermissionFlagsBits,
} from "discord-api-types/v10";

import { type File, isEmpty, overLimits } from "./limits.ts";
import * as no from "./reply.ts";
import type { BodyKind, CheckShape } from "./schemas.ts";
import { guildView, memberView, messageView, roomView, userView, webhookView } from "./views.ts";
import { isThread, type Message, type Room, type Webhook, type World } from "./world.ts";

export type Call = {
  method: string;
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  body: Record<string, unknown>;
  files: File[];
};

export type Reply = { status: number; body?: unknown };

export type Desk = {
  world: World;
  checkShape: CheckShape;
  gateway: string;
  /** What the person who typed a slash command is shown. */
  onInteraction: (token: string, body: unknown) => void;
};

type Handler = (desk: Desk, call: Call, ids: string[]) => Reply;
type Route = { method: string; path: RegExp; open?: true; handle: Handler };

const routes: Route[] = [
  route("GET", "/users/@me", ({ world }) => ok(userView(world, world.bot))),
  route("GET", "/gateway/bot", ({ gateway }) => {
    const starts = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 };
    return ok({ url: gateway, shards: 1, session_start_limit: starts });
  }),
  route("GET", "/guilds/:id", ({ world }, _, [id]) => ok(guildView(inGuild(world, id)))),
  route("GET", "/guilds/:id/members/:id", ({ world }, _, [id]) => ok(memberView(inGuild(world, id)))),
  route("GET", "/guilds/:id/channels", ({ world }, _, [id]) => {
    const rooms = [...inGuild(world, id).rooms.values()].filter((room) => !isThread(room));
    return ok(rooms.map((room) => roomView(world, room)));
  }),
  route("POST", "/guilds/:id/channels", createChannel),
  route("GET", "/channels/:id", ({ world }, _, [id]) => ok(roomView(world, visible(world, id)))),
  route("PATCH", "/channels/:id", editChannel),
  route("GET", "/channels/:id/messages", listMessages),
  route("POST", "/channels/:id/messages", createMessage),
  route("PATCH", "/channels/:id/messages/:id", editMessage),
  route("DELETE", "/channels/:id/messages/:id", deleteMessage),
  route("PUT", "/channels/:id/messages/pins/:id", pinMessage),
  route("POST", "/channels/:id/messages/:id/threads", createThread),
  route("GET", "/applications/@me", ({ world }) => ok({ id: world.bot, name: "Pawl", flags: 0 })),
  route("GET", "/applications/:id/guilds/:id/commands", ({ world }) => ok(world.commands)),
  route("PUT", "/applications/:id/guilds/:id/commands", putCommands),
  openRoute("GET", "/webhooks/:id/:token", ({ world }, _, ids) => ok(webhookView(hook(world, ids)))),
  openRoute("POST", "/webhooks/:id/:token", executeWebhook),
  openRoute("PATCH", "/webhooks/:id/:token/messages/:message", editWebhookMessage),
  openRoute("DELETE", "/webhooks/:id/:token/messages/:message", deleteWebhookMessage),
  openRoute("POST", "/interactions/:id/:token/callback", interactionCallback),
];

export function answer(desk: Desk, call: Call): Reply {
  for (const { method, path, open, handle } of routes) {
    const found = path.exec(call.path);
    if (method !== call.method || !found) continue;
    if (!open && call.authorization !== `Bot ${desk.world.token}`) throw no.unauthorized();
    return handle(desk, call, found.slice(1));
  }
  throw no.notFound();
}

function route(method: string, path: string, handle: Handler): Route {
  const pattern = path.replace(/:id/g, "(\\d{17,20})").replace(/:token/g, "([\\w-]+)");
  return { method, path: new RegExp(`^${pattern.replace(/:message/g, "(\\d{17,20}|@original)")}$`), handle };
}

function openRoute(method: string, path: string, handle: Handler): Route {
  return { ...route(method, path, handle), open: true };
}

function createChannel({ world, checkShape }: Desk, { body }: Call, [id]: string[]): Reply {
  inGuild(world, id);
  checked(checkShape, "createChannel", body);
  if ((world.botPermissions & PermissionFlagsBits.ManageChannels) === 0n) throw no.missingPermissions();
  const {
    name,
    topic,
    type,
    parent_id: parent,
  } = body as { [Key in "name" | "topic" | "parent_id"]?: string } & {
    type?: ChannelType;
  };
  if (!name || name.length > 100 || (topic ?? "").length > 1024)
    throw no.invalidBody(["name or topic: too long"]);
  const room = world.addRoom({
    name,
    ...(topic === undefined ? {} : { topic }),
    ...(type === undefined ? {} : { type }),
    ...(parent === undefined ? {} : { parent }),
  });
  return { status: 201, body: roomView(world, room) };
}

function editChannel({ world, checkShape }: Desk, { body }: Call, [id]: string[]): Reply {
  const room = visible(world, id);
  checked(checkShape, "editChannel", body);
  if (!isThread(room)) permitted(world, room, PermissionFlagsBits.ManageChannels);
  if (room.locked) throw no.missingPermissions();
  if (typeof body["archived"] === "boolean") room.archived = body["archived"];
  return ok(roomView(world, room));
}

function listMessages({ world }: Desk, { query }: Call, [id]: string[]): Reply {
  const room = visible(world, id);
  const limit = Number(query.get("limit") ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw no.invalidBody(["limit: 1 to 100"]);
  // Without this permission Discord answers as if nothing had been said.
  const canRead = (world.permissionsIn(room) & PermissionFlagsBits.ReadMessageHistory) !== 0n;
  const newest = canRead ? room.messages.slice(-limit).toReversed() : [];
  return ok(newest.map((message) => messageView(world, message)));
}

function createMessage({ world, checkShape }: Desk, { body, files }: Call, [id]: string[]): Reply {
  const room = visible(world, id);
  checkedMessage(checkShape, "createMessage", body, files);
  permitted(
    world,
    room,
    isThread(room) ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages,
  );
  if (files.length > 0) permitted(world, room, PermissionFlagsBits.AttachFiles);
  if (room.locked) throw no.archivedThread();
  if (isEmpty(body, files)) throw no.emptyMessage();
  const nonce = body["nonce"]?.toString();
  const before =
    nonce !== undefined && body["enforce_nonce"] === true ? world.byNonce(world.bot, nonce) : undefined;
  if (before === "removed") throw no.unknownMessage();
  if (before) return ok(messageView(world, before));
  room.archived = false;
  const replyTo = answered(room, body["message_reference"] as Reference | undefined);
  const message = world.add(room, {
    ...posted(body, files),
    author: world.bot,
    ...(nonce === undefined ? {} : { nonce }),
    ...(replyTo === undefined ? {} : { replyTo }),
  });
  return ok(messageView(world, message));
}

type Reference = { message_id?: string; fail_if_not_exists?: boolean };

function answered(room: Room, reference: Reference | undefined): string | undefined {
  if (reference?.message_id === undefined) return undefined;
  if (room.messages.some(({ id }) => id === reference.message_id)) return reference.message_id;
  if (reference.fail_if_not_exists === false) return undefined;
  throw no.invalidBody(["message_reference: Unknown message"]);
}

function posted(body: Record<string, unknown>, files: File[]) {
  const content = typeof body["content"] === "string" ? body["content"] : "";
  return {
    content,
    embeds: (body["embeds"] ?? []) as APIEmbed[],
    files,
    flags: typeof body["flags"] === "number" ? body["flags"] : 0,
    mentions: mentioned(content, body["allowed_mentions"] as APIAllowedMentions | undefined),
  };
}

/** Without a word about it, everybody in the text is mentioned. */
function mentioned(content: string, allowed: APIAllowedMentions | undefined): string[] {
  const named = [...content.matchAll(/<@!?(\d+)>/g)].map(([, id]) => id ?? "");
  const crowd = /@everyone|@here/.test(content) ? ["everyone"] : [];
  if (!allowed) return [...named, ...crowd];
  const parse = (allowed.parse ?? []) as string[];
  return [
    ...named.filter((id) => parse.includes("users") || allowed.users?.includes(id)),
    ...(parse.includes("everyone") ? crowd : []),
  ];
}

function editMessage({ world, checkShape }: Desk, { body, files }: Call, [id, message]: string[]): Reply {
  const room = visible(world, id);
  const old = messageIn(room, message);
  if (old.author !== world.bot) throw no.notYours();
  checkedMessage(checkShape, "editMessage", body, files);
  if (room.archived) throw no.archivedThread();
  return ok(messageView(world, edited(old, body, files)));
}

/** What an edit does not name stays, but files that it does not name among the attachments go. */
function edited(old: Message, body: Record<string, unknown>, files: File[]): Message {
  const fresh = posted(body, files);
  const shown: Message = { ...old };
  if ("content" in body) shown.content = fresh.content;
  if ("embeds" in body) shown.embeds = fresh.embeds;
  if ("attachments" in body || files.length > 0)
    shown.files = "attachments" in body ? files : [...old.files, ...files];
  if ("flags" in body) shown.flags = (old.flags & ~MessageFlags.SuppressEmbeds) | fresh.flags;
  if (isEmpty(shown, shown.files)) throw no.emptyMessage();
  return Object.assign(old, shown, { edits: old.edits + 1 });
}

function deleteMessage({ world }: Desk, _: Call, [id, message]: string[]): Reply {
  const room = visible(world, id);
  const old = messageIn(room, message);
  if (old.author !== world.bot) throw no.missingPermissions();
  world.remove(room, old.id);
  return { status: 204 };
}

function pinMessage({ world }: Desk, _: Call, [id, message]: string[]): Reply {
  const room = visible(world, id);
  permitted(world, room, PermissionFlagsBits.PinMessages);
  messageIn(room, message).pinned = true;
  return { status: 204 };
}

function createThread({ world, checkShape }: Desk, { body }: Call, [id, message]: string[]): Reply {
  const room = visible(world, id);
  checked(checkShape, "createThread", body);
  permitted(world, room, PermissionFlagsBits.CreatePublicThreads);
  const first = messageIn(room, message);
  const name = String(body["name"]);
  if (name.length === 0 || name.length > 100)
    throw no.invalidBody(["name: Must be between 1 and 100 in length."]);
  if (world.rooms.has(first.id)) throw no.threadExists();
  const thread = world.addRoom({ id: first.id, type: ChannelType.PublicThread, name, parent: room.id });
  return { status: 201, body: roomView(world, thread) };
}

function putCommands({ world, checkShape }: Desk, { body }: Call): Reply {
  const commands = body as unknown as Record<string, unknown>[];
  checked(checkShape, "putCommands", commands);
  world.commands = commands.map((command) => ({
    id: world.newId(),
    application_id: world.bot,
    guild_id: world.guild,
    version: world.newId(),
    type: 1,
    ...command,
  }));
  return ok(world.commands);
}

function executeWebhook({ world, checkShape }: Desk, { body, files, query }: Call, ids: string[]): Reply {
  const webhook = hook(world, ids);
  checkedMessage(checkShape, "executeWebhook", body, files);
  if (isEmpty(body, files)) throw no.emptyMessage();
  const room = world.rooms.get(webhook.channel);
  if (!room) throw no.unknownWebhook();
  const message = world.add(room, { ...posted(body, files), author: webhook.id });
  return query.get("wait") === "true" ? ok(messageView(world, message)) : { status: 204 };
}

function editWebhookMessage({ world, checkShape, onInteraction }: Desk, call: Call, ids: string[]): Reply {
  const { body, files } = call;
  // What an interaction showed belongs to the application's own webhook, with the interaction's token.
  if (ids[2] === "@original") {
    checkedMessage(checkShape, "editWebhookMessage", body, files);
    onInteraction(ids[1] ?? "", { ...body, files });
    return ok(ephemeralView(world, body));
  }
  // Of a webhook's message the same may be edited, and the generator understands this type better.
  checkedMessage(checkShape, "editMessage", body, files);
  const { room, message } = hookMessage(world, ids);
  return ok(messageView(world, edited(messageIn(room, message), body, files)));
}

function deleteWebhookMessage({ world }: Desk, _: Call, ids: string[]): Reply {
  const { room, message } = hookMessage(world, ids);
  world.remove(room, messageIn(room, message).id);
  return { status: 204 };
}

function interactionCallback(
  { checkShape, onInteraction }: Desk,
  { body }: Call,
  [, token]: string[],
): Reply {
  checked(checkShape, "interactionCallback", body);
  onInteraction(token ?? "", body);
  return { status: 204 };
}

function ephemeralView(world: World, body: Record<string, unknown>): object {
  const [room] = world.rooms.values();
  const view = {
    ...posted(body, []),
    id: world.newId(),
    channel: room?.id ?? world.guild,
    author: world.bot,
  };
  return messageView(world, { ...view, edits: 0, pinned: false, sentMs: 0 });
}

function hookMessage(world: World, ids: string[]): { room: Room; message: string } {
  const room = world.rooms.get(hook(world, ids).channel);
  if (!room) throw no.unknownMessage();
  return { room, message: ids[2] ?? "" };
}

function hook(world: World, [id = "", token]: string[]): Webhook {
  const webhook = world.webhooks.get(id);
  if (!webhook || !world.rooms.has(webhook.channel)) throw no.unknownWebhook();
  if (webhook.token !== token) throw new no.Refusal(401, 50027, "Invalid Webhook Token");
  return webhook;
}

function inGuild(world: World, id: string | undefined): World {
  if (id !== world.guild) throw no.unknownGuild();
  return world;
}

function visible(world: World, id: string | undefined): Room {
  const room = world.rooms.get(id ?? "");
  if (!room) throw no.unknownChannel();
  if ((world.permissionsIn(room) & PermissionFlagsBits.ViewChannel) === 0n) throw no.missingAccess();
  return room;
}

function permitted(world: World, room: Room, bit: bigint): void {
  if ((world.permissionsIn(room) & bit) === 0n) throw no.missingPermissions();
}

function messageIn(room: Room, id: string | undefined): Message {
  const message = room.messages.find((one) => one.id === id);
  if (!message) throw no.unknownMessage();
  return message;
}

function checked(checkShape: CheckShape, kind: BodyKind, body: unknown): void {
  const complaints = checkShape(kind, body);
  if (complaints.length > 0) throw no.invalidBody(complaints);
}

function checkedMessage(
  checkShape: CheckShape,
  kind: BodyKind,
  body: Record<string, unknown>,
  files: File[],
): void {
  const complaints = [
    ...checkShape(kind, body),
    ...overLimits(body, files),
    ...attachmentTrouble(body, files),
  ];
  if (complaints.length > 0) throw no.invalidBody(complaints);
}

function attachmentTrouble(body: Record<string, unknown>, files: File[]): string[] {
  const attachments = (body["attachments"] ?? []) as { id: string | number }[];
  const known = attachments.filter(({ id }) => files[Number(id)] !== undefined);
  return known.length < attachments.length ? ["attachments: names a file that is not there"] : [];
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}
