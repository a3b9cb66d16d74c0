import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { entityComplaints } from "./entity-complaints.ts";
import { troubles } from "./faults.ts";
import { schemaFile, schemaText } from "./make-schema.ts";
import { startTelegram, type TelegramServer } from "./server.ts";

const text = "x".repeat(4097);

describe("the Telegram that tests talk to", () => {
  test("knows the calls as the types of grammY have them today", () => {
    expect(readFileSync(schemaFile, "utf8")).toBe(schemaText());
  }, 60_000);

  test.each<[string, string, object]>([
    ["a field that is misspelt", "sendMessage", { chat_id: 1, text: "hi", dissable_notification: true }],
    ["a field that is missing", "sendMessage", { chat_id: 1 }],
    ["a text that is too long", "sendMessage", { chat_id: 1, text }],
    ["a text without words", "sendMessage", { chat_id: 1, text: "" }],
    ["a button of 65 bytes", "sendMessage", withButton({ callback_data: "é".repeat(32) + "x" })],
    ["a button that does nothing", "sendMessage", withButton({})],
    ["a style that there is not", "sendMessage", withButton({ callback_data: "x", style: "gold" })],
    ["a toast that is too long", "answerCallbackQuery", { callback_query_id: "1", text: "x".repeat(201) }],
    ["a caption that is too long", "editMessageCaption", { chat_id: 1, message_id: 1, caption: text }],
    ["a kind of update that there is not", "getUpdates", { allowed_updates: ["massage"] }],
    [
      "marks beyond the text",
      "sendMessage",
      { chat_id: 1, text: "hi", entities: [{ type: "bold", offset: 1, length: 2 }] },
    ],
    ["a method that there is not", "sendMassage", {}],
  ])("complains about %s", async (_, method, payload) => {
    await using telegram = await aTelegram();
    expect(await call(telegram, method, payload)).toMatchObject({ ok: false });
    expect(telegram.complaints).not.toEqual([]);
    expect(telegram.people.sees(1)).toEqual([]);
  });

  test.each([
    ["in the middle of a character", "a🦊", [{ type: "bold", offset: 0, length: 2 }]],
    ["of no length", "ab", [{ type: "bold", offset: 0, length: 0 }]],
    ["across each other", "abcd", [span("bold", 0, 3), span("italic", 2, 2)]],
    ["within code", "abcd", [span("pre", 0, 4), span("bold", 1, 2)]],
    ["in two quotes", "abcd", [span("blockquote", 0, 4), span("expandable_blockquote", 1, 2)]],
  ])("complains about marks %s", (_, words, entities) => {
    expect(entityComplaints(words, entities)).not.toEqual([]);
  });

  test("takes marks side by side and within each other, and code within a quote", () => {
    const entities = [span("blockquote", 0, 6), span("bold", 0, 3), span("italic", 1, 2), span("code", 4, 2)];
    expect(entityComplaints("a🦊 code", entities)).toEqual([]);
  });

  test("meets the calls with trouble that were named, and no others", async () => {
    await using telegram = await aTelegram();
    telegram.faults.order({ fault: troubles.internal, methods: ["sendMessage"], after: 1, times: 2 });
    const oks: unknown[] = [];
    for (let n = 0; n < 4; n++) {
      await call(telegram, "getMe", {});
      oks.push(await call(telegram, "sendMessage", { chat_id: 1, text: `${n}` }));
    }
    expect(oks).toMatchObject([{ ok: true }, { ok: false }, { ok: false }, { ok: true }]);
    expect(telegram.people.sees(1).map((shown) => shown.text)).toEqual(["0", "3"]);
  });

  test("lets one ask for news at a time, and keeps news until they are confirmed", async () => {
    await using telegram = await aTelegram();
    const first = call(telegram, "getUpdates", { timeout: 20 });
    while (!telegram.updates.isAsked) await new Promise((resolve) => setTimeout(resolve, 2));
    const second = call(telegram, "getUpdates", { timeout: 20 });
    expect(await first).toMatchObject({ ok: false, error_code: 409 });
    const { update } = telegram.people.types(1, "hello");
    expect(await second).toMatchObject({ result: [{ update_id: update }] });
    expect(await call(telegram, "getUpdates", { offset: update })).toMatchObject({
      result: [{ update_id: update }],
    });
    expect(await call(telegram, "getUpdates", { offset: update + 1 })).toMatchObject({ result: [] });
  });

  test("knows nobody by a wrong token", async () => {
    await using telegram = await aTelegram();
    const answer = await fetch(`${telegram.apiRoot}/bot1:wrong/getMe`, { method: "POST" });
    expect(answer.status).toBe(401);
  });
});

async function aTelegram(): Promise<TelegramServer> {
  const telegram = await startTelegram();
  telegram.people.start(1);
  return telegram;
}

async function call({ apiRoot, token }: TelegramServer, method: string, payload: object): Promise<unknown> {
  const answer = await fetch(`${apiRoot}/bot${token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload),
  });
  return answer.json();
}

function withButton(button: object) {
  return { chat_id: 1, text: "hi", reply_markup: { inline_keyboard: [[{ text: "Go", ...button }]] } };
}

function span(type: string, offset: number, length: number) {
  return { type, offset, length };
}
