import { describe, expect, test } from "vitest";

import { telegramChannel } from "../../../src/adapters/telegram/telegram-channel.ts";
import type { Parcel, Place, Sending } from "../../../src/ports/channel.ts";
import { signCallback, verifyCallback } from "../../../src/routing/actions/callback.ts";
import { describeChannel, type Network, type Trouble } from "../../contracts/channel.ts";
import { anAction, aQuestion, aTelegramParcel } from "../../support/telegram-parcels.ts";
import { type TelegramFault, troubles } from "../../support/telegram-server/faults.ts";
import { plantedToken, startTelegram, type TelegramServer } from "../../support/telegram-server/server.ts";

const owner = 4242;
const keys = { current: Buffer.alloc(32, 7) };

describeChannel("a Telegram chat", makeNetwork, { memory: "repeatable" });

describe("a Telegram chat", () => {
  test("shows text with its marks, without a preview of links", async () => {
    await using telegram = await aTelegram();
    await send(
      telegram,
      aTelegramParcel({ text: "bold 🦊 x", entities: [{ type: "bold", offset: 0, length: 7 }] }),
    );
    expect(telegram.people.sees(owner)).toMatchObject([
      { text: "bold 🦊 x", entities: [{ type: "bold", offset: 0, length: 7 }], isSilent: false },
    ]);
    expect(telegram.calls.at(-1)?.payload).toMatchObject({ link_preview_options: { is_disabled: true } });
    expect(telegram.complaints).toEqual([]);
  });

  test("draws signed buttons that count in this chat alone", async () => {
    await using telegram = await aTelegram();
    await send(telegram, aQuestion());
    const [row, below] = telegram.people.sees(owner)[0]!.buttons;
    expect(row).toMatchObject([
      { text: "Approve", style: "success" },
      { text: "Reject", style: "danger" },
    ]);
    expect(below).toMatchObject([{ text: "In 2 h" }]);
    const data = row![0]! as { callback_data: string };
    const hash = () => anAction.payloadHash;
    expect(verifyCallback(keys, data.callback_data, String(owner), hash)).toEqual({
      kind: "ours",
      action: anAction.action,
      verb: "ok",
    });
    expect(verifyCallback(keys, data.callback_data, "4243", hash)).toEqual({ kind: "forged" });
  });

  test("takes the buttons away when the question is decided", async () => {
    await using telegram = await aTelegram();
    const place = placeOf(await send(telegram, aQuestion()));
    await channelOf(telegram).edit(place, aTelegramParcel({ text: "Approved by Aaron 07:31" }));
    expect(telegram.people.sees(owner)).toMatchObject([{ text: "Approved by Aaron 07:31", buttons: [] }]);
    expect(telegram.calls.at(-1)?.payload.reply_markup).toEqual({ inline_keyboard: [] });
  });

  test("makes no sound when it shall not, and answers the message it reminds of", async () => {
    await using telegram = await aTelegram();
    const question = placeOf(await send(telegram, aQuestion()));
    await send(telegram, aTelegramParcel({ text: "Still open" }, { silent: true, replyTo: question }));
    const [asked, reminder] = telegram.people.sees(owner);
    expect(reminder).toMatchObject({ isSilent: true, replyTo: asked!.id });
  });

  test("reminds of a message that is gone without answering it", async () => {
    await using telegram = await aTelegram();
    await send(
      telegram,
      aTelegramParcel({ text: "Still open" }, { replyTo: { chat: "4242", message: "999" } }),
    );
    expect(telegram.people.sees(owner)).toMatchObject([{ text: "Still open" }]);
  });

  test("pins what asks for it, and has sent it even when pinning fails", async () => {
    await using telegram = await aTelegram();
    await send(telegram, aTelegramParcel({ text: "Status" }, { pinned: true }));
    telegram.faults.order({ fault: troubles.noRights, methods: ["pinChatMessage"] });
    expect(await send(telegram, aTelegramParcel({ text: "Status" }, { pinned: true }))).toMatchObject({
      kind: "sent",
    });
    expect(telegram.people.sees(owner).map(({ isPinned }) => isPinned)).toEqual([true, false]);
  });

  test("sends a file along with a short text as one message, and edits its words", async () => {
    await using telegram = await aTelegram();
    const document = { name: "result.md", text: "# All of it\n", caption: "result" };
    const place = placeOf(await send(telegram, aTelegramParcel({ text: "See the file", document })));
    await channelOf(telegram).edit(place, aTelegramParcel({ text: "Seen" }));
    expect(telegram.people.sees(owner)).toMatchObject([
      { text: "Seen", document: { name: "result.md", text: "# All of it\n" } },
    ]);
    expect(telegram.complaints).toEqual([]);
  });

  test("sends a file before a text that is too long to stand under it, and removes both", async () => {
    await using telegram = await aTelegram();
    const document = { name: "result.md", text: "all", caption: "result" };
    const place = placeOf(await send(telegram, aTelegramParcel({ text: "x".repeat(1025), document })));
    expect(telegram.people.sees(owner).map(({ text }) => text.length)).toEqual([6, 1025]);
    await channelOf(telegram).remove(place);
    expect(telegram.people.sees(owner)).toEqual([]);
  });

  test("says a text once more without its marks when Telegram does not like them", async () => {
    await using telegram = await aTelegram();
    telegram.faults.order({ fault: troubles.badEntities });
    const entities = [{ type: "bold" as const, offset: 0, length: 2 }];
    expect(await send(telegram, aTelegramParcel({ text: "hello", entities }))).toMatchObject({
      kind: "sent",
    });
    expect(telegram.people.sees(owner)).toMatchObject([{ text: "hello", entities: [] }]);
  });

  test("follows a group to its new id, and says so in its check", async () => {
    await using telegram = await aTelegram();
    telegram.people.upgrades(-500, -1_000_500);
    const channel = channelOf(telegram, "-500");
    expect(await channel.send(aQuestion())).toMatchObject({ kind: "sent", place: { chat: "-1000500" } });
    expect(telegram.people.sees(-1_000_500)).toHaveLength(1);
    expect(await channel.check()).toContainEqual({
      ok: false,
      what: "Chat -500 has become a supergroup, -1000500",
      hint: "Write -1000500 into the configuration.",
    });
  });

  test("posts to the root of the chat when its topic is gone", async () => {
    await using telegram = await aTelegram();
    const channel = telegramChannel({ ...access(telegram), chat: String(owner), topic: "9", sign });
    expect(await channel.send(aTelegramParcel({ text: "hello" }))).toMatchObject({ kind: "sent" });
    expect(telegram.people.sees(owner)[0]).not.toHaveProperty("topic");
  });

  test("gives up a message that is refused for good, and keeps the destination", async () => {
    await using telegram = await aTelegram();
    expect(await send(telegram, aTelegramParcel({ text: "x".repeat(4097) }))).toMatchObject({
      kind: "dead",
      scope: "message",
      code: "TELEGRAM_MESSAGE_REFUSED",
    });
  });

  test.each<[string, (telegram: TelegramServer) => void, string]>([
    ["a revoked token", (telegram) => fail(telegram, troubles.unauthorized), "TELEGRAM_TOKEN_REFUSED"],
    ["a token of no bot", (telegram) => fail(telegram, troubles.notFound), "TELEGRAM_TOKEN_REFUSED"],
    ["an owner who blocked the bot", (telegram) => telegram.people.blocks(owner), "TELEGRAM_BLOCKED"],
    [
      "a chat without the right to write",
      (telegram) => fail(telegram, troubles.noRights),
      "TELEGRAM_NO_RIGHTS",
    ],
  ])("names %s, and what to do", async (_, happen, code) => {
    await using telegram = await aTelegram();
    happen(telegram);
    const ended = await send(telegram, aTelegramParcel({ text: "hello" }));
    expect(ended).toMatchObject({ kind: "dead", scope: "destination", code });
    expect(ended).toHaveProperty("why", expect.stringMatching(/^Telegram answered \d+: .+\. \S.+\.$/));
  });

  test("waits for an answer that comes slowly", async () => {
    await using telegram = await aTelegram();
    telegram.faults.order({ fault: troubles.slow });
    expect(await send(telegram, aTelegramParcel({ text: "hello" }))).toMatchObject({ kind: "sent" });
  });

  test("does not repeat the token that a server puts into its words", async () => {
    await using telegram = await aTelegram();
    const description = `Bad Request: no /bot${plantedToken}/sendMessage, nor ${plantedToken.slice(5)}`;
    fail(telegram, { kind: "refusal", status: 400, description });
    const ended = JSON.stringify(await send(telegram, aTelegramParcel({ text: "hello" })));
    expect(ended).toContain("no /bot<token>/sendMessage, nor <token>");
    expect(ended).not.toContain("must_never-appear");
  });

  test("is told by its check who writes where", async () => {
    await using telegram = await aTelegram();
    expect(await channelOf(telegram).check()).toEqual([
      { ok: true, what: "The token belongs to @pawl_test_bot" },
      { ok: true, what: "Chat 4242 is the private chat with User 4242" },
      { ok: true, what: "The bot may write there" },
      { ok: true, what: "Presses and messages come to us" },
    ]);
    telegram.state.webhook = "https://example.org/hook";
    telegram.people.blocks(owner);
    const failed = (await channelOf(telegram).check()).filter(({ ok }) => !ok);
    expect(failed.map(({ what }) => what)).toEqual([
      "The bot may not write there",
      "Presses and messages go to a webhook, not to us",
    ]);
  });
});

const faultsFor: Record<Trouble, TelegramFault> = {
  "cut before it is applied": troubles.cutBefore,
  "cut after it is applied": troubles.cutAfter,
  "no answer, applied": troubles.hangAfter,
  "502, applied": troubles.badGatewayAfter,
  "500": troubles.internal,
  "401": troubles.unauthorized,
  "403": troubles.blocked,
  "no such channel": troubles.chatNotFound,
  "429": troubles.tooMany(2),
};

async function makeNetwork(): Promise<Network> {
  const telegram = await aTelegram();
  return {
    channel: channelOf(telegram),
    impatient: telegramChannel({ ...access(telegram), timeoutSeconds: 3, chat: String(owner), sign }),
    unreachable: telegramChannel({
      token: plantedToken,
      apiRoot: "http://127.0.0.1:9",
      chat: String(owner),
      sign,
    }),
    secrets: [plantedToken, plantedToken.slice(5)],
    parcel: (text, more) => aTelegramParcel({ text }, more),
    texts: () => telegram.people.sees(owner).map(({ text }) => text),
    lose: (place) => telegram.people.removes(owner, Number(place["message"])),
    trouble: (kind) => telegram.faults.order({ fault: faultsFor[kind] }),
    complaints: () => telegram.complaints,
    [Symbol.asyncDispose]: () => telegram[Symbol.asyncDispose](),
  };
}

async function aTelegram(): Promise<TelegramServer> {
  const telegram = await startTelegram();
  telegram.people.start(owner);
  return telegram;
}

function channelOf(telegram: TelegramServer, chat = String(owner)) {
  return telegramChannel({ ...access(telegram), chat, sign });
}

function access({ apiRoot, token }: TelegramServer) {
  return { apiRoot, token };
}

function sign(drawn: Parameters<typeof signCallback>[1]): string {
  return signCallback(keys, drawn);
}

function send(telegram: TelegramServer, parcel: Parcel): Promise<Sending> {
  return channelOf(telegram).send(parcel);
}

function fail(telegram: TelegramServer, fault: TelegramFault): void {
  telegram.faults.order({ fault });
}

function placeOf(sending: Sending): Place {
  if (sending.kind !== "sent") throw new Error(`not sent: ${JSON.stringify(sending)}`);
  return sending.place;
}
