import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { MessageFlags } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { slashCommands } from "../../../src/adapters/discord/slash/commands.ts";
import { discordLine } from "../../../src/adapters/discord/slash/discord-line.ts";
import type { Heard, Reaction, Stranger } from "../../../src/ports/owner-line.ts";
import { type DiscordServer, startDiscord } from "../../support/discord-server/server.ts";
import { HandClock } from "../../support/hand-clock.ts";

/** Where nothing comes, waiting for something else that was asked for later shows it. */
describe("slash commands", () => {
  let discord: DiscordServer;
  let clock: HandClock;
  let stop: AbortController;
  let listening: Promise<void>;
  let heard: Heard[];
  let strangers: Stranger[];
  let broken: string[];
  let react: (heard: Heard) => Promise<Reaction>;

  beforeEach(async () => {
    discord = await startDiscord();
    discord.world.addRoom({ name: "chat" });
    clock = new HandClock();
    stop = new AbortController();
    [heard, strangers, broken] = [[], [], []];
    react = () => Promise.resolve({ reply: { markdown: "Nothing waits." } });
    listening = Promise.resolve();
  });

  afterEach(async () => {
    stop.abort();
    await listening;
    await discord[Symbol.asyncDispose]();
  });

  function listen(given: { token?: string; write?: (markdown: string) => string } = {}): void {
    const { world, root } = discord;
    const people = new Map([[world.owner, "aaron"]]);
    const line = discordLine({
      token: world.token,
      root,
      guests: { guild: world.guild, people },
      write: (markdown) => markdown,
      clock,
      timeoutMs: 2000,
      ...given,
    });
    listening = line.listen(
      {
        hear(said) {
          heard.push(said);
          return react(said);
        },
        turnedAway: (stranger) => void strangers.push(stranger),
        broken: (code) => void broken.push(code),
      },
      stop.signal,
    );
  }

  test("are answered to the owner alone, without a preview of what is linked", async () => {
    listen();
    await discord.gateway.untilReady();
    const shown = await discord.type({ name: "show", options: { task: "T-20261121-7k3qx" } });
    expect(shown).toEqual({
      content: "Nothing waits.",
      isEphemeral: true,
      flags: MessageFlags.SuppressEmbeds,
      files: [],
    });
    expect(heard).toMatchObject([
      {
        kind: "command",
        key: expect.stringMatching(/^discord:\d+$/),
        person: "aaron",
        user: discord.world.owner,
        name: "show",
        args: "T-20261121-7k3qx",
      },
    ]);
    expect(discord.gateway.intents).toBe(0);
  });

  test("go along as a file where the answer is long, in the form that the writer gives it", async () => {
    react = () => Promise.resolve({ reply: { markdown: "line\n".repeat(1000) } });
    listen({ write: (markdown) => markdown.replaceAll("line", "written") });
    await discord.gateway.untilReady();
    const { content, files } = await discord.type({ name: "queue" });
    expect(content.length).toBeLessThanOrEqual(2000);
    expect(content).toMatch(/written\n… \(all of it below\)$/);
    expect(files).toMatchObject([{ name: "answer.md", text: "written\n".repeat(1000).trim() }]);
  });

  test("of others are not heard, and not answered", async () => {
    listen();
    await discord.gateway.untilReady();
    const stranger = discord.world.newId();
    void discord.type({ name: "queue", user: stranger });
    await discord.type({ name: "queue" });
    expect(heard).toHaveLength(1);
    expect(strangers).toMatchObject([{ why: "not-allowed", user: stranger }]);
    expect(discord.seen.filter(({ path }) => path.endsWith("/callback"))).toHaveLength(1);
  });

  test("say so when they could not be written down", async () => {
    react = () => Promise.reject(new Error("the disk is full"));
    listen();
    await discord.gateway.untilReady();
    expect(await discord.type({ name: "queue" })).toMatchObject({
      content: expect.stringContaining("say it again"),
    });
  });

  test("are registered once, and again when they have changed", async () => {
    const puts = () =>
      discord.seen.filter(({ method, path }) => method === "PUT" && path.endsWith("/commands"));
    listen();
    await discord.gateway.untilReady();
    expect(discord.world.commands).toHaveLength(slashCommands.length);
    stop.abort();
    await listening;

    stop = new AbortController();
    discord.gateway.hangUp();
    listen();
    await discord.gateway.untilReady();
    expect(puts()).toHaveLength(1);
    stop.abort();
    await listening;

    stop = new AbortController();
    discord.world.commands.pop();
    discord.gateway.hangUp();
    listen();
    await discord.gateway.untilReady();
    expect(puts()).toHaveLength(2);
  });

  // The library waits five seconds before it signs in a second time.
  test("are heard again after Discord has hung up", { timeout: 60_000 }, async () => {
    listen();
    await discord.gateway.untilReady();
    discord.gateway.hangUp();
    await discord.gateway.untilReady();
    expect(await discord.type({ name: "queue" })).toMatchObject({ content: "Nothing waits." });
    expect(broken).toEqual([]);
  });

  test("wait for a Discord that does not answer yet", async () => {
    discord.trouble = () => ({ kind: "status", status: 503 });
    listen();
    await clock.untilSomeoneSleeps();
    discord.trouble = () => undefined;
    await clock.advance(5000);
    await discord.gateway.untilReady();
    expect(broken).toEqual([]);
  });

  test("end, and say why, when the token is no good", async () => {
    listen({ token: "wrong" });
    await listening;
    expect(broken).toEqual(["DISCORD_401"]);
  });

  test("keep no process alive that stops while Discord is away", { tags: ["slow"] }, async () => {
    const script = fileURLToPath(
      new URL("../../support/discord-server/leave-while-away.ts", import.meta.url),
    );
    const child = spawn(process.execPath, [script], { stdio: "inherit" });
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("end when Discord closes the line for good", async () => {
    listen();
    await discord.gateway.untilReady();
    discord.gateway.hangUp(4004);
    await listening;
    expect(broken).toEqual(["DISCORD_4004"]);
  });
});
