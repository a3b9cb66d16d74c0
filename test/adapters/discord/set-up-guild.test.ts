import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { DiscordApi } from "../../../src/adapters/discord/api.ts";
import { pawlChannels, planGuild } from "../../../src/adapters/discord/guild-plan.ts";
import { invitedPermissions } from "../../../src/adapters/discord/permissions.ts";
import { setUpGuild } from "../../../src/adapters/discord/set-up-guild.ts";
import { type DiscordServer, startDiscord } from "../../support/discord-server/server.ts";
import { HandClock } from "../../support/hand-clock.ts";

const names = pawlChannels.map(({ name }) => name);

describe("setting up a server", () => {
  let discord: DiscordServer;
  let clock: HandClock;

  beforeEach(async () => {
    clock = new HandClock();
    discord = await startDiscord();
  });

  afterEach(() => discord[Symbol.asyncDispose]());

  async function setUp(guild = discord.world.guild) {
    await clock.advance(1000);
    const { root, world } = discord;
    return setUpGuild(new DiscordApi({ root, token: world.token }), { guild, clock });
  }

  test("makes the six channels in a category and leaves no test card behind", async () => {
    const done = await setUp();
    expect(done.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(done).toMatchObject({ ok: true, guild: "Test server", created: names });
    const category = discord.room("Pawl");
    expect(category.type).toBe(ChannelType.GuildCategory);
    for (const { name, topic } of pawlChannels) {
      expect(discord.room(name)).toMatchObject({ parent: category.id, topic, messages: [] });
      expect(done.channels[name]).toBe(discord.room(name).id);
    }
    const posts = discord.seen.filter(({ method, path }) => method === "POST" && path.endsWith("/messages"));
    expect(posts).toHaveLength(1);
  });

  test("changes nothing the second time", async () => {
    const first = await setUp();
    const rooms = [...discord.world.rooms.keys()];
    expect(await setUp()).toEqual({ ...first, created: [] });
    expect([...discord.world.rooms.keys()]).toEqual(rooms);
  });

  test("takes a channel that is there, wherever it is, and makes the rest", async () => {
    const alerts = discord.world.addRoom({ name: "alerts" });
    const done = await setUp();
    expect(done.channels.alerts).toBe(alerts.id);
    expect(done.created).toEqual(names.filter((name) => name !== "alerts"));
  });

  test("goes on where a lost answer has stopped it", async () => {
    let requests = 0;
    discord.trouble = ({ method, path }) =>
      method === "POST" && path.endsWith("/channels") && ++requests === 4 ? { kind: "cut-after" } : undefined;
    const stopped = await setUp();
    expect(stopped).toMatchObject({ ok: false, created: ["briefings", "alerts"] });
    const done = await setUp();
    expect(done).toMatchObject({ ok: true, created: ["system", "memory-updates", "chat"] });
    expect(discord.world.rooms.size).toBe(7);
  });

  test("says what to click when it may not make channels", async () => {
    discord.world.botPermissions &= ~PermissionFlagsBits.ManageChannels;
    const { ok, created, checks } = await setUp();
    expect({ ok, created }).toEqual({ ok: false, created: [] });
    const hint = checks.find(({ what }) => what === "may not make channels")?.hint;
    expect(hint).toContain('Server Settings > Roles > Pawl > Permissions > switch "Manage Channels" on.');
    expect(hint).toContain("#sub-agent-results");
  });

  test("posts nothing where a permission is missing, and names it for each channel", async () => {
    discord.world.botPermissions &= ~PermissionFlagsBits.PinMessages;
    const { ok, checks } = await setUp();
    expect(ok).toBe(false);
    expect(checks.filter((check) => !check.ok).map(({ what }) => what)).toEqual(
      names.map((name) => `lacks "Pin Messages" in #${name}`),
    );
    expect(discord.seen.some(({ path }) => path.endsWith("/messages"))).toBe(false);
  });

  test("says that the bot is not in the server", async () => {
    const { ok, checks } = await setUp("123456789012345678");
    expect({ ok, last: checks.at(-1)?.what }).toEqual({
      ok: false,
      last: "is not in the server 123456789012345678: Unknown Guild",
    });
  });

  test("works with what the invitation asks for, and asks for no more", async () => {
    expect(invitedPermissions).toBe(discord.world.botPermissions);
    expect(invitedPermissions).toBe(2252109051448336n);
  });
});

describe("the plan for a server", () => {
  test("prefers the channel in our category, then the upper one", () => {
    const text = (id: string, given: object = {}) => ({
      id,
      type: ChannelType.GuildText,
      name: "alerts",
      ...given,
    });
    const category = { id: "c", type: ChannelType.GuildCategory, name: "pawl" };
    const lower = text("lower", { position: 5 });
    const upper = text("upper", { position: 2 });
    expect(planGuild([lower, upper]).found.alerts).toBe("upper");
    const ours = text("ours", { position: 9, parent_id: "c" });
    expect(planGuild([upper, ours, category]).found.alerts).toBe("ours");
  });

  test("takes no voice channel for a text channel", () => {
    const voice = { id: "v", type: ChannelType.GuildVoice, name: "alerts" };
    expect(planGuild([voice]).missing.map(({ name }) => name)).toEqual(names);
  });
});
