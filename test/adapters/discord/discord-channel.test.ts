import { MessageFlags, OverwriteType, PermissionFlagsBits } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { DiscordApi } from "../../../src/adapters/discord/api.ts";
import { discordChannel } from "../../../src/adapters/discord/discord-channel.ts";
import type { Channel } from "../../../src/ports/channel.ts";
import { aClosedPort } from "../../support/closed-port.ts";
import { type DiscordServer, startDiscord, type Trouble } from "../../support/discord-server/server.ts";
import { aDiscordParcel } from "../../support/parcels.ts";

describe("a channel of Discord", () => {
  let discord: DiscordServer;
  let channel: Channel;

  beforeEach(async () => {
    discord = await startDiscord();
    discord.world.addRoom({ name: "alerts" });
    channel = channelTo(discord);
  });

  afterEach(async () => {
    await discord[Symbol.asyncDispose]();
  });

  test("shows a card, its file and nothing that rings", async () => {
    const files = [{ name: "result.md", text: "# All of it\n" }];
    const sending = await channel.send(aDiscordParcel({ silent: true, message: { files } }));
    const [message] = discord.messages("alerts");
    expect(sending).toEqual({
      kind: "sent",
      place: { channel: discord.room("alerts").id, message: message?.id },
    });
    expect(message).toMatchObject({
      embeds: [{ title: "Research: hosting prices" }],
      files: [{ name: "result.md", text: "# All of it\n" }],
      flags: MessageFlags.SuppressNotifications,
      mentions: [],
    });
  });

  test("lets nobody be mentioned by a text, and no address draw a preview", async () => {
    const content = "@everyone look at https://example.com <@123456789012345678>";
    await channel.send(aDiscordParcel({ message: { content, embeds: [] } }));
    expect(discord.messages("alerts")).toMatchObject([
      { content, mentions: [], flags: MessageFlags.SuppressEmbeds },
    ]);
  });

  test("mentions the owner and no one else where that is asked for", async () => {
    const content = "<@123456789012345678> wants you";
    await channel.send(aDiscordParcel({ message: { content, mentionsOwner: true } }));
    expect(discord.messages("alerts")[0]?.mentions).toEqual([discord.world.owner]);
  });

  test("shows the same nonce once", async () => {
    const first = await channel.send(aDiscordParcel());
    expect(await channel.send(aDiscordParcel())).toEqual(first);
    expect(discord.messages("alerts")).toHaveLength(1);
  });

  test("takes a nonce whose message was removed for one that was sent", async () => {
    const sent = await channel.send(aDiscordParcel());
    if (sent.kind !== "sent") throw new Error(sent.kind);
    await channel.remove(sent.place);
    expect(await channel.send(aDiscordParcel())).toMatchObject({ kind: "gone" });
    expect(discord.messages("alerts")).toEqual([]);
  });

  test("answers to a message, and shows the words also when that one is gone", async () => {
    const sent = await channel.send(aDiscordParcel());
    if (sent.kind !== "sent") throw new Error(sent.kind);
    const reminder = aDiscordParcel({ marker: "remind-1", replyTo: sent.place });
    expect(await channel.send(reminder)).toMatchObject({ kind: "sent" });
    expect(discord.messages("alerts")[1]?.replyTo).toBe(sent.place["message"]);
    discord.room("alerts").messages = [];
    expect(await channel.send({ ...reminder, nonce: "another" })).toMatchObject({ kind: "sent" });
    expect(discord.messages("alerts")[0]?.replyTo).toBeUndefined();
  });

  test("begins a thread with the first card and puts later news into it", async () => {
    const thread = { key: "task:T-1", name: "Hosting prices" };
    const first = await channel.send(aDiscordParcel({ thread }));
    if (first.kind !== "sent" || !first.thread) throw new Error("no thread");
    const later = aDiscordParcel({ marker: "later", thread: { ...thread, place: first.thread } });
    expect(await channel.send(later)).toMatchObject({ kind: "sent", thread: first.thread });
    expect(discord.messages("alerts")).toHaveLength(1);
    expect(discord.messages("Hosting prices")).toHaveLength(1);
  });

  test.each(["removed", "locked"])("begins anew in the channel when the thread was %s", async (how) => {
    const thread = { key: "task:T-1", name: "Hosting prices" };
    const first = await channel.send(aDiscordParcel({ thread }));
    if (first.kind !== "sent" || !first.thread) throw new Error("no thread");
    const room = discord.room("Hosting prices");
    if (how === "removed") discord.world.removeRoom(room.id);
    else room.locked = true;
    const later = aDiscordParcel({ marker: "later", thread: { ...thread, place: first.thread } });
    const sent = await channel.send(later);
    expect(sent).toMatchObject({ kind: "sent", thread: { channel: expect.any(String) } });
    expect(sent).not.toMatchObject({ thread: first.thread });
    expect(discord.messages("alerts")).toHaveLength(2);
  });

  test("shows the card also where it may not begin threads", async () => {
    discord.world.botPermissions &= ~PermissionFlagsBits.CreatePublicThreads;
    const sent = await channel.send(aDiscordParcel({ thread: { key: "k", name: "n" } }));
    expect(sent).toMatchObject({ kind: "sent" });
    expect(sent).not.toHaveProperty("thread");
  });

  test("pins what asks for it, and has sent it also when it may not pin", async () => {
    await channel.send(aDiscordParcel({ pinned: true }));
    expect(discord.messages("alerts")).toMatchObject([{ pinned: true }]);
    discord.world.botPermissions &= ~PermissionFlagsBits.PinMessages;
    expect(await channel.send(aDiscordParcel({ marker: "x", pinned: true }))).toMatchObject({ kind: "sent" });
  });

  test("puts other words into a message, with no file of the old one left", async () => {
    const sent = await channel.send(aDiscordParcel({ message: { files: [{ name: "a.md", text: "a" }] } }));
    if (sent.kind !== "sent") throw new Error(sent.kind);
    const parcel = aDiscordParcel({ message: { content: "Done", embeds: [] } });
    expect(await channel.edit(sent.place, parcel)).toEqual({ kind: "sent", place: sent.place });
    expect(await channel.edit(sent.place, parcel)).toEqual({ kind: "sent", place: sent.place });
    expect(discord.messages("alerts")).toMatchObject([{ content: "Done", embeds: [], files: [], edits: 2 }]);
  });

  test("edits a message of a thread that has gone to sleep", async () => {
    const thread = { key: "task:T-1", name: "Hosting prices" };
    const first = await channel.send(aDiscordParcel({ thread }));
    if (first.kind !== "sent" || !first.thread) throw new Error("no thread");
    const later = aDiscordParcel({ marker: "later", thread: { ...thread, place: first.thread } });
    const sent = await channel.send(later);
    if (sent.kind !== "sent") throw new Error(sent.kind);
    discord.room("Hosting prices").archived = true;
    expect(await channel.edit(sent.place, later)).toMatchObject({ kind: "sent" });
  });

  test("says of a message that somebody removed that it is gone, and removes it without complaint", async () => {
    const sent = await channel.send(aDiscordParcel());
    if (sent.kind !== "sent") throw new Error(sent.kind);
    discord.room("alerts").messages = [];
    expect(await channel.edit(sent.place, aDiscordParcel())).toMatchObject({ kind: "gone" });
    expect(await channel.remove(sent.place)).toEqual({ kind: "sent", place: sent.place });
  });

  describe("looking for a message", () => {
    test("finds it by its footer or its last line, with its thread", async () => {
      const thread = { key: "k", name: "n" };
      const carded = await channel.send(aDiscordParcel({ marker: "one", thread }));
      const content = "Words\ntwo";
      const plain = await channel.send(aDiscordParcel({ marker: "two", message: { content, embeds: [] } }));
      const { kind: _, ...places } = carded;
      expect(await channel.find(aDiscordParcel({ marker: "one" }))).toEqual({ kind: "found", ...places });
      const found = await channel.find(aDiscordParcel({ marker: "two" }));
      expect(found).toMatchObject({ kind: "found", place: (plain as { place?: unknown }).place });
    });

    test("takes no marker for another, and nobody else's message for its own", async () => {
      await channel.send(aDiscordParcel({ marker: "part-10" }));
      const { owner } = discord.world;
      const quoted = { content: "part-1", embeds: [], files: [], flags: 0, mentions: [], author: owner };
      discord.world.add(discord.room("alerts"), quoted);
      expect(await channel.find(aDiscordParcel({ marker: "part-1" }))).toEqual({ kind: "absent" });
    });

    test("looks into the thread too", async () => {
      const thread = { key: "k", name: "n" };
      const first = await channel.send(aDiscordParcel({ thread }));
      if (first.kind !== "sent" || !first.thread) throw new Error("no thread");
      const later = aDiscordParcel({ marker: "later", thread: { ...thread, place: first.thread } });
      await channel.send(later);
      expect(await channel.find(later)).toMatchObject({ kind: "found", place: first.thread });
    });

    test("does not know when Discord does not answer", async () => {
      discord.trouble = () => ({ kind: "status", status: 502 });
      expect(await channel.find(aDiscordParcel())).toMatchObject({ kind: "unknown" });
    });
  });

  describe("when something goes wrong", () => {
    const page = "<html>Access denied</html>";

    test.each<[Trouble, object]>([
      [{ kind: "cut" }, { kind: "unknown", code: "CUT" }],
      [{ kind: "cut-after" }, { kind: "unknown", code: "CUT" }],
      [{ kind: "hang" }, { kind: "unknown", code: "TIMEOUT" }],
      [{ kind: "hang-after" }, { kind: "unknown", code: "TIMEOUT" }],
      [{ kind: "slow-body" }, { kind: "unknown", code: "TIMEOUT" }],
      [
        { kind: "status", status: 500 },
        { kind: "unknown", code: "HTTP_500" },
      ],
      [
        { kind: "status-after", status: 502, body: page },
        { kind: "unknown", code: "HTTP_502" },
      ],
      [
        { kind: "rate-limit", seconds: 7 },
        { kind: "later", afterSeconds: 7 },
      ],
      [
        { kind: "rate-limit", seconds: 600, scope: "global" },
        { kind: "later", afterSeconds: 600 },
      ],
      [
        { kind: "status", status: 429, body: page },
        { kind: "later", afterSeconds: 60 },
      ],
      [
        { kind: "status", status: 403, body: page },
        { kind: "dead", code: "DISCORD_403", scope: "destination" },
      ],
      [
        { kind: "status", status: 302, headers: { location: "http://127.0.0.1:1/" } },
        { kind: "dead", code: "DISCORD_302", scope: "destination" },
      ],
      [
        { kind: "status", status: 403, body: { code: 50013, message: "Missing Permissions" } },
        { kind: "dead", code: "DISCORD_50013", scope: "destination" },
      ],
      [
        { kind: "status", status: 404, body: { code: 10003, message: "Unknown Channel" } },
        { kind: "dead", code: "DISCORD_10003", scope: "destination" },
      ],
      [
        { kind: "status", status: 400, body: { code: 50035, message: "Invalid Form Body" } },
        { kind: "dead", code: "DISCORD_50035", scope: "message" },
      ],
    ])("answers %j with %j", async (trouble, expected) => {
      discord.trouble = () => trouble;
      const impatient = channelTo(discord, { timeoutMs: patienceFor(trouble) });
      expect(await impatient.send(aDiscordParcel())).toMatchObject(expected);
    });

    test.each<Trouble["kind"]>(["cut-after", "hang-after", "slow-body"])(
      "finds what was posted before the line was %s, and posts it no second time",
      async (kind) => {
        const trouble = { kind } as Trouble;
        discord.trouble = () => trouble;
        await channelTo(discord, { timeoutMs: patienceFor(trouble) }).send(aDiscordParcel());
        discord.trouble = () => undefined;
        await vi.waitFor(() => expect(discord.messages("alerts")).toHaveLength(1));
        expect(await channel.find(aDiscordParcel())).toMatchObject({ kind: "found" });
        expect(await channel.send(aDiscordParcel())).toMatchObject({ kind: "sent" });
        expect(discord.messages("alerts")).toHaveLength(1);
      },
    );

    test("waits out a short limit by itself", async () => {
      let limits = 1;
      discord.trouble = () => (limits-- > 0 ? { kind: "rate-limit", seconds: 0.01 } : undefined);
      expect(await channel.send(aDiscordParcel())).toMatchObject({ kind: "sent" });
    });

    test("knows that nothing arrived where nobody listens", async () => {
      const root = `http://127.0.0.1:${await aClosedPort()}/api`;
      const sending = await channelTo(discord, { root }).send(aDiscordParcel());
      expect(sending).toMatchObject({ kind: "refused", code: "ECONNREFUSED" });
    });

    test("is dead when the token is turned away, and alive again once Discord takes it", async () => {
      discord.trouble = () => ({
        kind: "status",
        status: 401,
        body: { code: 0, message: "401: Unauthorized" },
      });
      const refused = { kind: "dead", code: "DISCORD_401", scope: "destination" };
      expect(await channel.send(aDiscordParcel())).toMatchObject(refused);
      expect(await channel.send(aDiscordParcel())).toMatchObject(refused);
      discord.trouble = () => undefined;
      expect(await channel.send(aDiscordParcel())).toMatchObject({ kind: "sent" });
    });

    test("never says the token", async () => {
      const { token } = discord.world;
      const troubles: Trouble[] = [
        { kind: "cut" },
        { kind: "status", status: 500, body: token },
        { kind: "status", status: 400, body: { code: 1, message: `no ${token}` } },
        { kind: "status", status: 302, headers: { location: `http://127.0.0.1/${token}` } },
        { kind: "status", status: 401, body: { code: 0, message: `Bot ${token} is unknown` } },
      ];
      for (const trouble of troubles) {
        discord.trouble = () => trouble;
        expect(JSON.stringify(await channelTo(discord).send(aDiscordParcel()))).not.toContain(token);
      }
    });
  });

  describe("a message that Discord finds fault with", () => {
    afterEach(() => {
      discord.complaints = [];
    });

    test("is shown as plain words with its marker", async () => {
      const description = "x".repeat(4097);
      const sent = await channel.send(
        aDiscordParcel({ message: { embeds: [{ title: "**Big**", description }] } }),
      );
      expect(sent).toMatchObject({ kind: "sent" });
      const [message] = discord.messages("alerts");
      expect(message).toMatchObject({ embeds: [], flags: MessageFlags.SuppressEmbeds });
      expect(message?.content).toMatch(/^Big\n.*\nev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C$/);
      expect(await channel.find(aDiscordParcel())).toMatchObject({ kind: "found" });
    });

    test("is edited into plain words", async () => {
      const sent = await channel.send(aDiscordParcel());
      if (sent.kind !== "sent") throw new Error(sent.kind);
      const fields = Array.from({ length: 26 }, () => ({ name: "a", value: "b" }));
      const broken = aDiscordParcel({ message: { embeds: [{ title: "Many", fields }] } });
      expect(await channel.edit(sent.place, broken)).toMatchObject({ kind: "sent" });
      expect(discord.messages("alerts")).toMatchObject([
        { embeds: [], content: expect.stringMatching(/^Many\n/) },
      ]);
    });
  });

  describe("a check", () => {
    test("says that all is well", async () => {
      const checks = await channel.check();
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(checks.map(({ what }) => what).join("\n")).toContain("has all permissions in #alerts");
    });

    test("names each missing permission and where to give it", async () => {
      discord.world.botPermissions &= ~PermissionFlagsBits.AttachFiles;
      discord.room("alerts").overwrites = [
        {
          id: discord.world.guild,
          type: OverwriteType.Role,
          allow: "0",
          deny: String(PermissionFlagsBits.EmbedLinks),
        },
      ];
      expect((await channel.check()).filter(({ ok }) => !ok)).toEqual([
        {
          ok: false,
          what: 'lacks "Embed Links" in #alerts',
          hint: 'In Discord: right-click #alerts > Edit Channel > Permissions > Pawl > allow "Embed Links".',
        },
        {
          ok: false,
          what: 'lacks "Attach Files" in #alerts',
          hint: 'In Discord: Server Settings > Roles > Pawl > Permissions > switch "Attach Files" on.',
        },
      ]);
    });

    test.each<[string, Partial<Where>, RegExp]>([
      ["a token that is no good", { token: "wrong" }, /does not take the bot's token/],
      ["a server it is not in", { guild: "123456789012345678" }, /is not in the server/],
      ["a channel that was deleted", { channel: "123456789012345678" }, /there is no channel/],
    ])("finds %s", async (_, given, expected) => {
      const checks = await channelTo(discord, given).check();
      expect(checks.filter(({ ok }) => !ok)).toMatchObject([{ what: expect.stringMatching(expected) }]);
    });

    test("finds a token that was good and is not any more", async () => {
      await channel.check();
      const body = { code: 0, message: "401: Unauthorized" };
      discord.trouble = () => ({ kind: "status", status: 401, body });
      expect(await channel.check()).toMatchObject([{ what: expect.stringContaining("token") }]);
    });

    test("finds nobody at the other end", async () => {
      const root = `http://127.0.0.1:${await aClosedPort()}/api`;
      const checks = await channelTo(discord, { root }).check();
      expect(checks).toEqual([{ ok: false, what: "no answer: no connection (ECONNREFUSED)" }]);
    });

    test("finds a channel that it does not see", async () => {
      discord.room("alerts").overwrites = [
        {
          id: discord.world.guild,
          type: OverwriteType.Role,
          allow: "0",
          deny: String(PermissionFlagsBits.ViewChannel),
        },
      ];
      expect((await channel.check()).at(-1)).toMatchObject({
        ok: false,
        what: expect.stringContaining("not see"),
      });
    });
  });
});

type Where = { root: string; token: string; guild: string; channel: string; timeoutMs: number };

function channelTo(discord: DiscordServer, given: Partial<Where> = {}): Channel {
  const where = {
    root: discord.root,
    token: discord.world.token,
    guild: discord.world.guild,
    channel: discord.room("alerts").id,
    timeoutMs: 10_000,
    ...given,
  };
  const api = new DiscordApi(where);
  return discordChannel({ api, ...where, owner: discord.world.owner });
}

/** Short only where no answer will ever come: a busy machine takes its time. */
function patienceFor({ kind }: Trouble): number {
  return kind.startsWith("hang") || kind === "slow-body" ? 300 : 10_000;
}
