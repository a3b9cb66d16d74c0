import { describe, expect, test } from "vitest";

import { readUpdate, type Room } from "../../../src/adapters/telegram/read-update.ts";
import { Random } from "../../support/random.ts";

const room: Room = {
  guests: { people: new Map([["4242", "aaron"]]), chats: new Set(["4242"]) },
  username: "pawl_bot",
  verify: () => ({ kind: "ours", action: "ac_01KA9Z8Q5Y0V2T6W3R4X7B", verb: "ok" }),
  now: new Date("2026-11-21T10:00:00Z"),
};
const aaron = { id: 4242, is_bot: false };
const chat = { id: 4242, type: "private" };
const message = { message_id: 5, date: 1_763_719_200, chat, from: aaron, text: "hello" };

describe("an update from Telegram", () => {
  test.each([
    [
      "a press without a message",
      { callback_query: { id: "1", from: aaron, data: "x", inline_message_id: "9" } },
    ],
    ["words of nobody", { message: { ...message, from: undefined } }],
    [
      "words of a number that only begins like ours",
      { message: { ...message, from: { ...aaron, id: 42_420 } } },
    ],
  ])("is turned away when it is %s", (_, update) => {
    expect(readUpdate({ update_id: 1, ...update }, room)).toMatchObject({ kind: "stranger" });
  });

  test.each([
    ["a picture without words", { message: { ...message, text: undefined } }],
    ["of a kind that was not asked for", { edited_message: message }],
    ["without a number", { update_id: undefined, message }],
    ["with a date that no calendar has", { message: { ...message, date: 1e15 } }],
  ])("says nothing when it is %s", (_, update) => {
    expect(readUpdate({ update_id: 1, ...update }, room)).toEqual({ kind: "nothing" });
  });

  test("is heard by the words under a picture", () => {
    const update = { update_id: 1, message: { ...message, text: undefined, caption: "look" } };
    expect(readUpdate(update, room)).toMatchObject({ heard: { kind: "text", text: "look" } });
  });

  test("is heard from a press of a message that Telegram shows no more", () => {
    const old = { chat, message_id: 5, date: 0 };
    const update = { update_id: 1, callback_query: { id: "1", from: aaron, data: "x", message: old } };
    expect(readUpdate(update, room)).toMatchObject({ kind: "heard", heard: { message: "5" }, press: "1" });
  });

  test("never throws and never admits a stranger, whatever it is made of: 20,000 tries", () => {
    const random = new Random(20_261_121);
    const admitted = new Set<string>();
    for (let n = 0; n < 20_000; n++) {
      const update = mixedUp(
        { update_id: 1, message, callback_query: { id: "1", from: aaron, data: "x", message } },
        random,
      );
      const read = readUpdate(update, room);
      if (read.kind === "heard") admitted.add(`${read.heard.person} ${read.heard.user} ${read.heard.chat}`);
    }
    expect([...admitted]).toEqual(["aaron 4242 4242"]);
  });
});

const odd = [
  undefined,
  null,
  0,
  -1,
  4242,
  666,
  1e300,
  Number.NaN,
  "",
  "4242",
  "/x",
  true,
  [],
  {},
  [[]],
  { id: 666 },
];

/** The same thing with some of its parts lost, or exchanged for something odd. */
function mixedUp(thing: unknown, random: Random): unknown {
  if (random.next() < 0.06) return random.pick(odd);
  if (typeof thing !== "object" || thing === null) return thing;
  const kept = Object.entries(thing).filter(() => random.next() > 0.05);
  return Object.fromEntries(kept.map(([name, value]) => [name, mixedUp(value, random)]));
}
