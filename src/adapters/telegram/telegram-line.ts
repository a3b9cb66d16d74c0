import type { Update } from "grammy/types";

import type { Chance } from "../../ports/chance.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Listening, OwnerLine, Reaction } from "../../ports/owner-line.ts";
import { type BotAccess, type BotClient, botClient, type Call } from "./bot-client.ts";
import { none, verdictOn } from "./poll-verdict.ts";
import { type Guests, type Read, readUpdate, type Verify } from "./read-update.ts";
import { showReaction, type Write } from "./show-reaction.ts";

export type TelegramLine = BotAccess & {
  guests: Guests;
  verify: Verify;
  /** Shown by Telegram's menu, in the guests' chats only. */
  commands: readonly { command: string; description: string }[];
  write: Write;
  clock: Clock;
  chance: Chance;
  /** How long Telegram may keep a question for news that it has none to answer with; at most 50. */
  pollSeconds?: number | undefined;
};

const updatesWanted = ["message", "callback_query"] as const;

/** For an answer on its way, beyond the time that Telegram may take. */
const graceSeconds = 10;

/** What could not be written down is asked for again after this. */
const unheardPauseMs = 5000;

/**
 * Hears what guests press and type by asking Telegram again and again. Each question says what we have for good, and
 * Telegram keeps the rest for a day: so each thing heard is on disk before the next question.
 */
export function telegramLine(line: TelegramLine): OwnerLine {
  return {
    listen: (listening, stop) => new Conversation(line, listening, stop).hold(),
  };
}

class Conversation {
  readonly #line: TelegramLine;
  readonly #client: BotClient;
  readonly #listening: Listening;
  readonly #stop: AbortSignal;
  /** The first update that we do not have yet. */
  #offset = 0;

  constructor(line: TelegramLine, listening: Listening, stop: AbortSignal) {
    this.#line = line;
    this.#client = botClient(line);
    this.#listening = listening;
    this.#stop = stop;
  }

  async hold(): Promise<void> {
    const me = await this.#answer((api, signal) => api.getMe(signal));
    if (!me) return;
    await this.#offerCommands();
    while (!this.#stop.aborted) {
      const news = await this.#news();
      if (!news) return;
      await this.#takeInOrder(news, me.username);
    }
  }

  #news(): Promise<Update[] | undefined> {
    const timeout = this.#line.pollSeconds ?? 50;
    return this.#answer(async (api, signal) => {
      const wanted = { offset: this.#offset, timeout, allowed_updates: updatesWanted };
      const news = await api.getUpdates(wanted, signal);
      if (!isList(news)) throw new Error("no list of updates in the answer");
      return news;
    }, timeout + graceSeconds);
  }

  /** Asks until there is an answer; undefined if there never will be one, or nobody waits for it any more. */
  async #answer<Value>(call: Call<Value>, timeoutSeconds?: number): Promise<Value | undefined> {
    const limits = { signal: this.#stop, ...(timeoutSeconds !== undefined && { timeoutSeconds }) };
    for (let inVain = none; !this.#stop.aborted;) {
      const asked = await this.#client(call, limits);
      if (asked.ok) return asked.value;
      if (this.#stop.aborted) return undefined;
      const verdict = verdictOn(asked.trouble, inVain, this.#line.chance);
      if (verdict.kind === "broken") {
        this.#listening.broken(verdict.code, verdict.why);
        return undefined;
      }
      inVain = verdict.inVain;
      await this.#line.clock.sleep(verdict.pauseMs, this.#stop);
    }
    return undefined;
  }

  /** Stops at the first that cannot be kept: nothing behind it may be confirmed before it is. */
  async #takeInOrder(news: readonly Update[], username: string): Promise<void> {
    const { guests, verify, clock, write } = this.#line;
    for (const update of news) {
      if (this.#stop.aborted) return;
      const read = readUpdate(update, { guests, verify, username, now: clock.now() });
      const reaction = await this.#reactionTo(read);
      if (reaction === "not kept") return clock.sleep(unheardPauseMs, this.#stop);
      this.#offset = update.update_id + 1;
      await showReaction(this.#client, write, read, reaction);
    }
  }

  async #reactionTo(read: Read): Promise<Reaction | "not kept"> {
    if (read.kind === "nothing") return {};
    if (read.kind === "forgotten") return { toast: "That question is over." };
    if (read.kind === "stranger") {
      this.#listening.turnedAway(read.stranger);
      return read.press === undefined ? {} : { toast: "This button is not one of mine." };
    }
    try {
      return await this.#listening.hear(read.heard);
    } catch {
      // Whoever hears says by himself what kept him; to us it only means: not yet.
      return "not kept";
    }
  }

  /** A menu that is missing keeps nobody from typing. */
  async #offerCommands(): Promise<void> {
    const { commands, guests } = this.#line;
    for (const chat of guests.chats) {
      await this.#client(
        (api, signal) =>
          api.setMyCommands(commands, { scope: { type: "chat", chat_id: Number(chat) } }, signal),
        { signal: this.#stop },
      );
    }
  }
}

/** Somebody on the way may answer with JSON of his own. */
function isList(news: unknown): boolean {
  return Array.isArray(news) && news.every((update) => Number.isInteger(update?.update_id));
}
