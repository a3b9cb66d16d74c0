import { DiscordApi } from "../../../src/adapters/discord/api.ts";
import { discordChannel } from "../../../src/adapters/discord/discord-channel.ts";
import { discordWebhook } from "../../../src/adapters/discord/discord-webhook.ts";
import type { Channel } from "../../../src/ports/channel.ts";
import { describeChannel, type Network, type Trouble } from "../../contracts/channel.ts";
import { aClosedPort } from "../../support/closed-port.ts";
import {
  type DiscordServer,
  startDiscord,
  type Trouble as NetworkTrouble,
} from "../../support/discord-server/server.ts";
import { aDiscordParcel } from "../../support/parcels.ts";

/** Of the requests that nobody answers; the others take as long as a busy machine needs, after the first. */
const timeoutMs = 1000;

describeChannel(
  "a bot of Discord",
  () =>
    network((discord, room, elsewhere) => {
      const { token, guild } = discord.world;
      const through = (root: string) =>
        discordChannel({ api: new DiscordApi({ token, root, timeoutMs }), guild, channel: room });
      return {
        channel: through(discord.root),
        unreachable: through(`${elsewhere}/api`),
        secrets: [token],
        missing: 10003,
      };
    }),
  { memory: "findable" },
);

describeChannel(
  "a webhook of Discord",
  () =>
    network((discord, room, elsewhere) => {
      const webhook = discord.world.addWebhook(room);
      const url = discord.webhookUrl(webhook);
      const nowhere = elsewhere + new URL(url).pathname;
      return {
        channel: discordWebhook({ url, timeoutMs }),
        unreachable: discordWebhook({ url: nowhere, timeoutMs }),
        secrets: [webhook.token],
        missing: 10015,
      };
    }),
  { memory: "none" },
);

type Made = { channel: Channel; unreachable: Channel; secrets: string[]; missing: number };

async function network(
  make: (discord: DiscordServer, room: string, elsewhere: string) => Made,
): Promise<Network> {
  const discord = await startDiscord();
  const room = discord.world.addRoom({ name: "system" });
  const { missing, ...made } = make(discord, room.id, `http://127.0.0.1:${await aClosedPort()}`);
  await made.channel.check();
  let parcels = 0;
  return {
    ...made,
    parcel: (text, more = {}) =>
      aDiscordParcel({
        marker: `ev_${text}`,
        nonce: `nonce-${parcels++}`,
        ...more,
        message: { embeds: [{ title: text, footer: { text: more.marker ?? `ev_${text}` } }] },
      }),
    texts: () => room.messages.map(({ embeds }) => embeds[0]?.title ?? ""),
    lose: (place) => discord.world.remove(room, place["message"] ?? ""),
    trouble(kind) {
      let isDue = true;
      discord.trouble = () => {
        if (!isDue) return undefined;
        isDue = false;
        return met(kind, missing, made.secrets[0] ?? "");
      };
    },
    complaints: () => discord.complaints,
    [Symbol.asyncDispose]: () => discord[Symbol.asyncDispose](),
  };
}

/** What a careless server says, it says with the secret in it. */
function met(kind: Trouble, missing: number, secret: string): NetworkTrouble {
  const refused = (status: number, code: number): NetworkTrouble => ({
    kind: "status",
    status,
    body: { code, message: `no, ${secret}` },
  });
  switch (kind) {
    case "cut before it is applied":
      return { kind: "cut" };
    case "cut after it is applied":
      return { kind: "cut-after" };
    case "no answer, applied":
      return { kind: "hang-after" };
    case "502, applied":
      return { kind: "status-after", status: 502, body: `<html>${secret}</html>` };
    case "500":
      return { kind: "status", status: 500 };
    case "401":
      return refused(401, 0);
    case "403":
      return refused(403, 50001);
    case "no such channel":
      return refused(404, missing);
    case "429":
      return { kind: "rate-limit", seconds: 2 };
  }
}
