import { describe, expect, test } from "vitest";

import { type TelegramLine, telegramLine } from "../../../src/adapters/telegram/telegram-line.ts";
import type { Heard, Reaction, Stranger } from "../../../src/ports/owner-line.ts";
import { signCallback, verifyCallback } from "../../../src/routing/actions/callback.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { anAction } from "../../support/telegram-parcels.ts";
import { troubles } from "../../support/telegram-server/faults.ts";
import { plantedToken, startTelegram, type TelegramServer } from "../../support/telegram-server/server.ts";

const owner = 4242;
const stranger = 666;
const group = -100;
const keys = { current: Buffer.alloc(32, 7) };

describe("the owner's line on Telegram", () => {
  test("hears a press of a button that we drew, and shows what came of it", async () => {
    await using line = await aLine({ reaction: { toast: "Recorded", alert: true } });
    const pressed = line.telegram.people.forges(owner, aButton());
    expect(await pressed.toast).toEqual({ text: "Recorded", isAlert: true });
    expect(line.heard).toEqual([
      {
        kind: "press",
        key: `telegram:${pressed.update}:${pressed.id}`,
        person: "aaron",
        user: "4242",
        at: "2026-11-21T10:00:00.000Z",
        chat: "4242",
        message: "1",
        action: anAction.action,
        verb: "ok",
      },
    ]);
  });

  test.each<[string, string, Partial<Heard>]>([
    ["a command", "/show T-1 now", { kind: "command", name: "show", args: "T-1 now" }],
    ["a command to us by name", "/Queue@Pawl_Test_Bot", { kind: "command", name: "queue", args: "" }],
    ["a command with lines", "/submit do this\nand that", { kind: "command", args: "do this\nand that" }],
    ["words", "good morning", { kind: "text", text: "good morning" }],
    ["words that hold a command", "try /help", { kind: "text", text: "try /help" }],
  ])("hears %s", async (_, text, expected) => {
    await using line = await aLine();
    line.telegram.people.types(owner, text);
    expect(await line.nextHeard()).toMatchObject({ person: "aaron", chat: "4242", ...expected });
  });

  test("hears which message an answer in words belongs to", async () => {
    await using line = await aLine();
    const first = line.telegram.people.types(owner, "one");
    line.telegram.people.types(owner, "14, please", { replyTo: first.message });
    await line.nextHeard();
    expect(await line.nextHeard()).toMatchObject({
      kind: "reply",
      text: "14, please",
      to: String(first.message),
    });
  });

  test("leaves commands to other bots alone", async () => {
    await using line = await aLine();
    line.telegram.people.types(owner, "/queue@other_bot", { chat: group });
    line.telegram.people.types(owner, "/queue");
    expect(await line.nextHeard()).toMatchObject({ kind: "command", chat: "4242" });
  });

  test("answers with marks, to the message that asked", async () => {
    await using line = await aLine({ reaction: { reply: { markdown: "**two** tasks" } } });
    const { message } = line.telegram.people.types(owner, "/queue");
    await line.until(() => line.telegram.count("sendMessage") === 1);
    expect(line.telegram.people.sees(owner).at(-1)).toMatchObject({
      from: "bot",
      text: "two tasks",
      replyTo: message,
      entities: [{ type: "bold", offset: 0, length: 3 }],
    });
  });

  test("answers without marks when Telegram does not like them", async () => {
    await using line = await aLine({ reaction: { reply: { markdown: "**two** tasks" } } });
    line.telegram.faults.order({ fault: troubles.badEntities, methods: ["sendMessage"] });
    line.telegram.people.types(owner, "/queue");
    await line.until(() => line.telegram.people.sees(owner).length === 2);
    expect(line.telegram.people.sees(owner).at(-1)).toMatchObject({ text: "two tasks", entities: [] });
  });

  test("offers its commands where guests are, and nowhere else", async () => {
    await using line = await aLine();
    await line.until(() => line.telegram.state.commands.size === 2);
    expect([...line.telegram.state.commands.keys()]).toEqual([
      '{"type":"chat","chat_id":4242}',
      '{"type":"chat","chat_id":-100}',
    ]);
  });

  test.each<[string, Stranger["why"], (telegram: TelegramServer) => unknown]>([
    ["a stranger's words", "not-allowed", ({ people }) => people.types(stranger, "/submit rm -rf")],
    ["a stranger in our group", "not-allowed", ({ people }) => people.types(stranger, "hi", { chat: group })],
    ["a stranger's press of our button", "not-allowed", ({ people }) => people.forges(stranger, aButton())],
    ["a guest elsewhere", "other-chat", ({ people }) => people.types(owner, "/queue", { chat: -999 })],
    [
      "a guest's press elsewhere",
      "other-chat",
      ({ people }) => people.forges(owner, aButton(), { chat: -999 }),
    ],
    ["another bot", "bot", ({ people }) => people.types(owner, "/queue", { isBot: true })],
    ["a button that nobody drew", "forged", ({ people }) => people.forges(owner, "a1:x")],
    [
      "a button drawn for another chat",
      "forged",
      ({ people }) => people.forges(owner, aButton({ chat: "-100" })),
    ],
    [
      "a button that asked something else",
      "forged",
      ({ people }) => people.forges(owner, aButton({ payloadHash: `sha256:${"b".repeat(64)}` })),
    ],
  ])("turns away %s, once", async (_, why, happen) => {
    await using line = await aLine();
    happen(line.telegram);
    line.telegram.people.types(owner, "after");
    expect(await line.nextHeard()).toMatchObject({ text: "after" });
    expect(line.turnedAway.map((turned) => turned.why)).toEqual([why]);
    expect(line.telegram.people.sees(stranger).filter(({ from }) => from === "bot")).toEqual([]);
  });

  test("alarms nobody about a button of a question that is long over", async () => {
    await using line = await aLine();
    const pressed = line.telegram.people.forges(owner, aButton({ action: "ac_01KA9Z8Q5Y0V2T6W3R4X7Z" }));
    expect(await pressed.toast).toMatchObject({ text: "That question is over." });
    expect([line.heard, line.turnedAway]).toEqual([[], []]);
  });

  test("keeps nobody's press spinning who is a guest", async () => {
    await using line = await aLine();
    const pressed = line.telegram.people.forges(owner, "a1:x");
    expect(await pressed.toast).toMatchObject({ text: "This button is not one of mine." });
  });

  test("tells Telegram that it has something only when it is kept", async () => {
    await using line = await aLine();
    line.refuse("disk full", 2);
    line.telegram.people.types(owner, "one");
    line.telegram.people.types(owner, "two");
    for (let times = 0; times < 2; times++) {
      await line.clock.untilSomeoneSleeps();
      expect(line.heard).toEqual([]);
      expect(line.telegram.updates.pending).toHaveLength(2);
      await line.clock.advance(5000);
    }
    await line.until(() => line.heard.length === 2 && line.telegram.updates.pending.length === 0);
    expect(line.heard).toMatchObject([{ text: "one" }, { text: "two" }]);
  });

  test("hears again what it was stopped before, under the same key", async () => {
    await using telegram = await aTelegram();
    const { update } = telegram.people.types(owner, "hello");
    const keysHeard: string[] = [];
    for (let times = 0; times < 2; times++) {
      await using line = await aLine({ telegram, onHear: () => line.stop() });
      await line.ended;
      keysHeard.push(...line.heard.map(({ key }) => key));
    }
    expect(keysHeard).toEqual([keysHeard[0], keysHeard[0]]);
    expect(keysHeard[0]).toContain(`telegram:${update}:`);
  });

  test("goes on when its answer to a press comes too late", async () => {
    await using line = await aLine({ reaction: { toast: "Recorded" } });
    line.telegram.people.forgets(line.telegram.people.forges(owner, aButton()));
    line.telegram.people.types(owner, "after");
    await line.until(() => line.heard.length === 2);
    expect(line.broken).toEqual([]);
  });

  test.each([
    ["a cut", troubles.cutBefore],
    ["a lost answer", troubles.cutAfter],
    ["a bad gateway", troubles.badGateway],
    ["an inner error", troubles.internal],
    ["one other listener", troubles.conflict],
  ])("goes on after %s", async (_, fault) => {
    await using telegram = await aTelegram();
    telegram.faults.order({ fault, methods: ["getUpdates"] });
    telegram.people.types(owner, "hello");
    await using line = await aLine({ telegram });
    await line.clock.untilSomeoneSleeps();
    await line.clock.advance(1000);
    expect(await line.nextHeard()).toMatchObject({ text: "hello" });
    expect(line.broken).toEqual([]);
  });

  test("waits as long as it is told to", async () => {
    await using telegram = await aTelegram();
    telegram.faults.order({ fault: troubles.tooMany(7), methods: ["getUpdates"] });
    await using line = await aLine({ telegram });
    await line.clock.untilSomeoneSleeps();
    await line.clock.advance(6999);
    expect(line.clock.sleepers).toBe(1);
    await line.clock.advance(1);
    expect(line.clock.sleepers).toBe(0);
  });

  test.each([
    ["a revoked token", troubles.unauthorized, 1, "TELEGRAM_TOKEN_REFUSED"],
    ["a second listener that stays", troubles.conflict, 3, "TELEGRAM_SECOND_LISTENER"],
  ])("is broken by %s, and stops asking", async (_, fault, times, code) => {
    await using telegram = await aTelegram();
    telegram.faults.order({ fault, times, methods: ["getUpdates"] });
    await using line = await aLine({ telegram });
    for (let pause = 1; pause < times; pause++) {
      await line.clock.untilSomeoneSleeps();
      await line.clock.advance(60_000);
    }
    await line.ended;
    expect(line.broken).toMatchObject([{ code }]);
    expect(telegram.count("getUpdates")).toBe(times);
  });

  test("is broken at once by a webhook", async () => {
    await using telegram = await aTelegram();
    telegram.state.webhook = "https://example.org/hook";
    await using line = await aLine({ telegram });
    await line.ended;
    expect(line.broken).toMatchObject([{ code: "TELEGRAM_WEBHOOK_SET" }]);
  });

  test("stops in the middle of a long question", async () => {
    await using line = await aLine();
    await line.until(() => line.telegram.updates.isAsked);
    line.stop();
    await line.ended;
    expect(line.broken).toEqual([]);
  });

  test("makes no call that the documentation does not know, and says its token to nobody", async () => {
    await using line = await aLine({ reaction: { toast: "x".repeat(300), reply: { markdown: "**hi**" } } });
    line.telegram.people.forges(owner, aButton());
    line.telegram.people.types(owner, "/help");
    await line.until(() => line.telegram.count("sendMessage") === 2);
    expect(line.telegram.complaints).toEqual([]);
    expect(JSON.stringify([line.heard, line.turnedAway, line.broken])).not.toContain(plantedToken);
  });
});

type Given = {
  telegram?: TelegramServer;
  reaction?: Reaction;
  onHear?: () => void;
};

/** A line that listens, and what it told. */
async function aLine({ telegram: given, reaction = {}, onHear = () => undefined }: Given = {}) {
  const telegram = given ?? (await aTelegram());
  const clock = new HandClock();
  const stopping = new AbortController();
  const heard: Heard[] = [];
  const turnedAway: Stranger[] = [];
  const broken: { code: string; why: string }[] = [];
  let refusals: string[] = [];
  let read = 0;
  const hearing = {
    hear: async (said: Heard) => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw new Error(refusal);
      heard.push(said);
      onHear();
      return reaction;
    },
    turnedAway: (turned: Stranger) => turnedAway.push(turned),
    broken: (code: string, why: string) => broken.push({ code, why }),
  };
  const ended = telegramLine(settings(telegram, clock)).listen(hearing, stopping.signal);
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return {
    telegram,
    clock,
    heard,
    turnedAway,
    broken,
    ended,
    until,
    stop: () => stopping.abort(),
    refuse: (why: string, times: number) => {
      refusals = Array.from({ length: times }, () => why);
    },
    nextHeard: async () => {
      await until(() => heard.length > read);
      return heard[read++]!;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await ended;
      if (!given) await telegram[Symbol.asyncDispose]();
    },
  };
}

function settings({ apiRoot, token }: TelegramServer, clock: HandClock): TelegramLine {
  const payloadHashOf = (action: string) => (action === anAction.action ? anAction.payloadHash : undefined);
  return {
    apiRoot,
    token,
    clock,
    chance: () => 0.5,
    guests: {
      people: new Map([[String(owner), "aaron"]]),
      chats: new Set([String(owner), String(group)]),
    },
    verify: (data, chat) => verifyCallback(keys, data, chat, payloadHashOf),
    commands: [{ command: "queue", description: "What is to be done" }],
    write: (markdown) => {
      const text = markdown.replaceAll("*", "");
      return [{ text, entities: [{ type: "bold", offset: 0, length: text.split(" ")[0]!.length }] }];
    },
  };
}

async function aTelegram(): Promise<TelegramServer> {
  const telegram = await startTelegram();
  for (const chat of [owner, group]) telegram.people.start(chat);
  return telegram;
}

function aButton(other: Partial<Parameters<typeof signCallback>[1]> = {}): string {
  return signCallback(keys, { ...anAction, verb: "ok", chat: String(owner), ...other });
}
