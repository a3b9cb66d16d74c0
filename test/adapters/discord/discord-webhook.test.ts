import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { discordWebhook } from "../../../src/adapters/discord/discord-webhook.ts";
import { Fault } from "../../../src/fault.ts";
import type { Channel } from "../../../src/ports/channel.ts";
import { type DiscordServer, startDiscord, type Trouble } from "../../support/discord-server/server.ts";
import { aDiscordParcel } from "../../support/parcels.ts";

describe("a webhook of Discord", () => {
  let discord: DiscordServer;
  let channel: Channel;
  let secret: string;

  beforeEach(async () => {
    discord = await startDiscord();
    const webhook = discord.world.addWebhook(discord.world.addRoom({ name: "alerts" }).id);
    secret = webhook.token;
    channel = discordWebhook({
      url: discord.webhookUrl(webhook),
      owner: discord.world.owner,
    });
  });

  afterEach(() => discord[Symbol.asyncDispose]());

  test("posts, edits and removes without a bot", async () => {
    const sent = await channel.send(aDiscordParcel({ message: { files: [{ name: "a.md", text: "a" }] } }));
    if (sent.kind !== "sent") throw new Error(sent.kind);
    expect(discord.messages("alerts")).toMatchObject([
      { id: sent.place["message"], files: [{ name: "a.md" }] },
    ]);
    const parcel = aDiscordParcel({ message: { content: "Done @everyone", embeds: [] } });
    expect(await channel.edit(sent.place, parcel)).toMatchObject({ kind: "sent" });
    expect(discord.messages("alerts")).toMatchObject([
      { content: "Done @everyone", mentions: [], files: [] },
    ]);
    expect(await channel.remove(sent.place)).toMatchObject({ kind: "sent" });
    expect(await channel.remove(sent.place)).toMatchObject({ kind: "sent" });
    expect(await channel.edit(sent.place, parcel)).toMatchObject({ kind: "gone" });
  });

  test("promises no memory, since a repeated post is shown twice", async () => {
    await channel.send(aDiscordParcel());
    await channel.send(aDiscordParcel());
    expect(discord.messages("alerts")).toHaveLength(2);
    expect(channel.memory).toBe("none");
    expect(await channel.find(aDiscordParcel())).toMatchObject({ kind: "unknown" });
  });

  test("is dead once it was deleted", async () => {
    discord.world.webhooks.clear();
    const sending = await channel.send(aDiscordParcel());
    expect(sending).toMatchObject({ kind: "dead", code: "DISCORD_10015", scope: "destination" });
    expect(await channel.check()).toMatchObject([{ ok: false }]);
  });

  test("never says its address", async () => {
    const troubles: Trouble[] = [
      { kind: "cut" },
      { kind: "status", status: 500, body: secret },
      { kind: "status", status: 401, body: { code: 50027, message: `Invalid Webhook Token ${secret}` } },
      { kind: "status", status: 302, headers: { location: `http://127.0.0.1/${secret}` } },
    ];
    for (const trouble of troubles) {
      discord.trouble = () => trouble;
      expect(JSON.stringify(await channel.send(aDiscordParcel()))).not.toContain(secret);
      expect(JSON.stringify(await channel.check())).not.toContain(secret);
    }
  });

  test.each(["", "https://discord.com/webhooks/1/secret", "https://discord.com/api/webhooks/abc/secret"])(
    "refuses %j for an address, and does not repeat it",
    (url) => {
      const make = () => discordWebhook({ url });
      expect(make).toThrow(Fault);
      expect(make).toThrow(/does not look like one$/);
    },
  );
});
