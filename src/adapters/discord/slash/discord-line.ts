import { once } from "node:events";

import { type ChatInputCommandInteraction, DiscordjsError, DiscordjsErrorCodes, Events } from "discord.js";

import type { Clock } from "../../../ports/clock.ts";
import type { Heard, Listening, OwnerLine, Reaction } from "../../../ports/owner-line.ts";
import { DiscordApi } from "../api.ts";
import { showAnswer, showThinking } from "./answer-interaction.ts";
import { type Guests, type Interaction, readInteraction } from "./read-interaction.ts";
import { quietClient } from "./quiet-client.ts";
import { registerCommands } from "./register.ts";

export type DiscordLine = {
  token: string;
  /** Without `/v10`. */
  root?: string;
  guests: Guests;
  /** Puts Markdown, in which there may be an agent's words, into what Discord shows. */
  /** All of it, or the beginning that takes no more than `units` once it is written. */
  write: (markdown: string, units?: number) => string;
  clock: Clock;
  timeoutMs?: number;
};

const firstPauseMs = 5000;
const longestPauseMs = 300_000;

/** What Discord closes the line with when trying again would only be refused again. */
const lasting = new Map([
  [4004, "Discord does not take the bot's token any more"],
  [4010, "Discord does not take our way to connect"],
  [4011, "Discord wants this bot to connect in parts, which we cannot"],
  [4012, "Discord does not speak this version any more"],
  [4013, "Discord does not know what we asked to hear"],
  [4014, "Discord does not let this bot hear what we asked for"],
]);

/**
 * Hears slash commands through a connection that we open, so nothing of ours is reachable from outside. It loads the
 * whole of discord.js, which nothing else does.
 */
export function discordLine(line: DiscordLine): OwnerLine {
  return { listen: (listening, stop) => new Conversation(line, listening, stop).hold() };
}

class Conversation {
  readonly #line: DiscordLine;
  readonly #api: DiscordApi;
  readonly #listening: Listening;
  /** Aborted when nobody listens any more, or when there will be nothing to hear. */
  readonly #over = new AbortController();
  readonly #end: AbortSignal;

  constructor(line: DiscordLine, listening: Listening, stop: AbortSignal) {
    const { token, root, timeoutMs = 10_000 } = line;
    this.#line = line;
    this.#api = new DiscordApi({ token, timeoutMs, ...(root === undefined ? {} : { root }) });
    this.#listening = listening;
    this.#end = AbortSignal.any([stop, this.#over.signal]);
  }

  async hold(): Promise<void> {
    const { clock } = this.#line;
    for (let pauseMs = firstPauseMs; !this.#end.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (await this.#offerCommands()) await this.#stayConnected();
      await clock.sleep(pauseMs, this.#end);
    }
  }

  async #offerCommands(): Promise<boolean> {
    const registered = await registerCommands(this.#api, this.#line.guests.guild);
    if (registered.kind === "no") {
      const { code, status, why } = registered;
      const hint = "open the invitation again: it has to ask for `applications.commands` too";
      this.#break(`DISCORD_${code || status}`, status === 401 ? why : `${why}: ${hint}`);
    }
    return registered.kind === "ok" && !this.#end.aborted;
  }

  /** Until the end, or until signing in has failed. Once signed in, the library keeps the line up by itself. */
  async #stayConnected(): Promise<void> {
    const client = quietClient(this.#line, this.#end);
    client.on(Events.Invalidated, () =>
      this.#break("DISCORD_INVALIDATED", "Discord has ended the session for good"),
    );
    client.on(Events.ShardDisconnect, ({ code }) =>
      this.#break(`DISCORD_${code}`, lasting.get(code) ?? `Discord has closed the line with ${code}`),
    );
    client.on(Events.InteractionCreate, (interaction) => {
      if (interaction.isChatInputCommand() && !this.#end.aborted) void this.#hear(interaction);
    });
    const over = ended(this.#end);
    const failed = client.login(this.#line.token).then(
      () => over,
      (error: unknown) => {
        if (isBadToken(error)) this.#break("DISCORD_401", "Discord does not take the bot's token");
      },
    );
    await Promise.race([failed, over]);
    // Not waited for: of a client that was just connecting it never comes to an end, though the line is closed.
    void client.destroy().catch(() => undefined);
  }

  #break(code: string, why: string): void {
    if (this.#end.aborted) return;
    this.#listening.broken(code, why);
    this.#over.abort();
  }

  async #hear(interaction: ChatInputCommandInteraction): Promise<void> {
    const read = readInteraction(interactionOf(interaction), this.#line.guests);
    // Strangers get no answer at all.
    if (read.kind === "stranger") return this.#listening.turnedAway(read.stranger);
    // Who cannot be told that we think about it sees that it failed, and asks again.
    if (!(await showThinking(this.#api, interaction))) return;
    const { reply, toast } = await this.#reaction(read.heard);
    const write = (units?: number) => (reply ? this.#line.write(reply.markdown, units) : (toast ?? ""));
    await showAnswer(this.#api, interaction, write);
  }

  async #reaction(heard: Heard): Promise<Reaction> {
    try {
      return await this.#listening.hear(heard);
    } catch {
      return { reply: { markdown: "That could not be written down. Please say it again in a minute." } };
    }
  }
}

function interactionOf(interaction: ChatInputCommandInteraction): Interaction {
  const { id, user, guildId, channelId, createdAt, commandName, options } = interaction;
  return {
    id,
    user,
    guild: guildId,
    channel: channelId,
    at: createdAt,
    command: commandName,
    values: options.data.flatMap(({ value }) => (value === undefined ? [] : [String(value)])),
  };
}

function isBadToken(error: unknown): boolean {
  return error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid;
}

async function ended(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
