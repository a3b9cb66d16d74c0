import type { Server } from "node:http";

import { GatewayDispatchEvents, GatewayOpcodes, InteractionType } from "discord-api-types/v10";
import { type WebSocket, WebSocketServer } from "ws";

import { guildView, memberView, userView } from "./views.ts";
import type { World } from "./world.ts";

export type Typed = { name: string; options?: Record<string, string>; user?: string };

type Frame = { op: number; d: { token?: string; intents?: number } | null };

/** The line over which bots hear what people do. */
export class Gateway {
  readonly #world: World;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #ready = new Set<WebSocket>();
  #sequence = 0;
  #someoneIsReady = Promise.withResolvers<void>();
  /** What the bot asked to hear when it signed in. */
  intents: number | undefined;

  constructor(server: Server, world: World) {
    this.#world = world;
    server.on("upgrade", (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#greet(client));
    });
  }

  async untilReady(): Promise<void> {
    await this.#someoneIsReady.promise;
  }

  /** A person types a slash command. */
  type(
    interaction: { id: string; token: string },
    { name, options = {}, user = this.#world.owner }: Typed,
  ): void {
    const [room] = this.#world.rooms.values();
    this.#dispatch(GatewayDispatchEvents.InteractionCreate, {
      ...interaction,
      application_id: this.#world.bot,
      type: InteractionType.ApplicationCommand,
      version: 1,
      guild_id: this.#world.guild,
      channel_id: room?.id ?? this.#world.guild,
      channel: { id: room?.id ?? this.#world.guild, type: 0 },
      locale: "en-US",
      guild_locale: "en-US",
      app_permissions: "0",
      entitlements: [],
      authorizing_integration_owners: {},
      context: 0,
      member: { ...memberView(this.#world), user: userView(this.#world, user), permissions: "0" },
      data: {
        id: this.#world.newId(),
        name,
        type: 1,
        guild_id: this.#world.guild,
        options: Object.entries(options).map(([option, value]) => ({ name: option, type: 3, value })),
      },
    });
  }

  /** As when Discord restarts a machine; 4004 says that the token is no good. */
  hangUp(code = 1001): void {
    for (const client of this.#sockets.clients) client.close(code);
    this.#ready.clear();
    this.#someoneIsReady = Promise.withResolvers();
  }

  close(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
  }

  #greet(client: WebSocket): void {
    client.on("error", () => undefined);
    client.on("close", () => this.#ready.delete(client));
    client.on("message", (data: Buffer) => this.#hear(client, JSON.parse(data.toString()) as Frame));
    send(client, { op: GatewayOpcodes.Hello, d: { heartbeat_interval: 41_250 } });
  }

  #hear(client: WebSocket, { op, d }: Frame): void {
    if (op === GatewayOpcodes.Heartbeat) return send(client, { op: GatewayOpcodes.HeartbeatAck, d: null });
    if (op === GatewayOpcodes.Resume) return send(client, { op: GatewayOpcodes.InvalidSession, d: false });
    if (op !== GatewayOpcodes.Identify) return;
    if (d?.token !== this.#world.token) return client.close(4004, "Authentication failed.");
    this.intents = d.intents;
    this.#ready.add(client);
    this.#dispatch(GatewayDispatchEvents.Ready, {
      v: 10,
      user: userView(this.#world, this.#world.bot),
      guilds: [{ id: this.#world.guild, unavailable: true }],
      session_id: "session",
      resume_gateway_url: client.url,
      application: { id: this.#world.bot, flags: 0 },
    });
    this.#dispatch(GatewayDispatchEvents.GuildCreate, {
      ...guildView(this.#world),
      unavailable: false,
      member_count: 2,
      members: [memberView(this.#world)],
      channels: [],
      threads: [],
      presences: [],
      voice_states: [],
      stage_instances: [],
      guild_scheduled_events: [],
    });
    this.#someoneIsReady.resolve();
  }

  #dispatch(event: string, d: object): void {
    this.#sequence++;
    for (const client of this.#ready)
      send(client, { op: GatewayOpcodes.Dispatch, t: event, s: this.#sequence, d });
  }
}

function send(client: WebSocket, frame: object): void {
  client.send(JSON.stringify(frame));
}
