import * as z from "zod";

import type { Heard, Stranger } from "../../ports/owner-line.ts";

const User = z.object({ id: z.int(), is_bot: z.boolean() });

/** Of a message too old to be shown Telegram tells these two things only. */
const Place = z.object({ chat: z.object({ id: z.int() }), message_id: z.int() });

const Message = Place.extend({
  from: User.optional(),
  /** In seconds. */
  date: z.int().min(0).max(9_999_999_999),
  text: z.string().optional(),
  caption: z.string().optional(),
  reply_to_message: z.object({ message_id: z.int() }).optional(),
});

const Press = z.object({
  id: z.string(),
  from: User,
  data: z.string().optional(),
  message: Place.optional(),
});

/** What we read of an update; whatever else Telegram tells is not looked at. */
const Update = z.object({
  update_id: z.int(),
  message: Message.optional(),
  callback_query: Press.optional(),
});

/** Who may speak to the bot, and where. Everybody and everywhere else is turned away. */
export type Guests = {
  /** Names of the configuration by the numbers that Telegram knows people by. */
  people: ReadonlyMap<string, string>;
  chats: ReadonlySet<string>;
};

/** What a button says, if it is one that we drew in that chat for something that we still know of. */
export type Verify = (
  data: string,
  chat: string,
) => { kind: "ours"; action: string; verb: string } | { kind: "forgotten" } | { kind: "forged" };

type User = z.infer<typeof User>;
type Place = z.infer<typeof Place>;
type Message = z.infer<typeof Message>;
type Press = z.infer<typeof Press>;

/** `press` is the number by which a press is answered, so that the button stops spinning. */
export type Read =
  | { kind: "heard"; heard: Heard; press?: string }
  | { kind: "stranger"; stranger: Stranger; press?: string }
  /** A guest pressed a button of a question that is over since long. */
  | { kind: "forgotten"; press: string }
  /** Not for us, or nothing in words. */
  | { kind: "nothing" };

export type Room = { guests: Guests; username: string; verify: Verify; now: Date };

/** Who speaks is looked at before what is said. */
export function readUpdate(told: unknown, room: Room): Read {
  const { data: update } = Update.safeParse(told);
  if (update?.message) return readMessage(update.update_id, update.message, room);
  if (update?.callback_query) return readPress(update.update_id, update.callback_query, room);
  return { kind: "nothing" };
}

function readPress(update: number, { id, from, data, message }: Press, room: Room): Read {
  const at = room.now.toISOString();
  const chat = message && String(message.chat.id);
  const person = admit(from, chat, room.guests);
  if ("why" in person) return { kind: "stranger", stranger: { ...person, user: String(from.id), at } };
  const verdict = message && data !== undefined ? room.verify(data, String(message.chat.id)) : undefined;
  if (verdict?.kind === "forgotten") return { kind: "forgotten", press: id };
  if (verdict?.kind !== "ours" || !message) {
    return { kind: "stranger", stranger: { why: "forged", user: String(from.id), at }, press: id };
  }
  const { action, verb } = verdict;
  return {
    kind: "heard",
    heard: {
      kind: "press",
      ...saidBy(from, person.name, at, `${update}:${id}`),
      ...whereIs(message),
      action,
      verb,
    },
    press: id,
  };
}

function readMessage(update: number, message: Message, { guests, username }: Room): Read {
  const { from, chat, date, reply_to_message: answered } = message;
  const at = new Date(date * 1000).toISOString();
  const person = admit(from, String(chat.id), guests);
  if (!from || "why" in person) {
    const why = "why" in person ? person.why : "not-allowed";
    return { kind: "stranger", stranger: { why, user: String(from?.id ?? chat.id), at } };
  }
  const text = message.text ?? message.caption;
  if (text === undefined) return { kind: "nothing" };
  const said = { ...saidBy(from, person.name, at, `${update}:${date}`), ...whereIs(message) };
  const command = commandIn(text);
  if (command) {
    const { bot: meant, ...called } = command;
    const isForUs = meant === undefined || meant.toLowerCase() === username.toLowerCase();
    return isForUs ? { kind: "heard", heard: { kind: "command", ...said, ...called } } : { kind: "nothing" };
  }
  if (answered) {
    return { kind: "heard", heard: { kind: "reply", ...said, text, to: String(answered.message_id) } };
  }
  return { kind: "heard", heard: { kind: "text", ...said, text } };
}

function admit(
  from: User | undefined,
  chat: string | undefined,
  { people, chats }: Guests,
): { name: string } | Pick<Stranger, "why"> {
  if (from?.is_bot) return { why: "bot" };
  const name = people.get(String(from?.id));
  if (name === undefined) return { why: "not-allowed" };
  return chat !== undefined && chats.has(chat) ? { name } : { why: "other-chat" };
}

/** `/show@pawl_bot T-1` is the command show, meant for pawl_bot, with T-1 as the rest of the line. */
function commandIn(text: string): { name: string; args: string; bot?: string } | undefined {
  const [, name, bot, args] = /^\/([a-zA-Z0-9_]{1,32})(?:@(\w{1,64}))?(?:\s+([^]*))?$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { name: name.toLowerCase(), args: (args ?? "").trim(), ...(bot !== undefined && { bot }) };
}

/** `once`: numbers of updates alone begin anew with another bot, and by chance after a week of silence. */
function saidBy({ id }: User, person: string, at: string, once: string) {
  return { key: `telegram:${once}`, person, user: String(id), at };
}

function whereIs({ chat, message_id }: Place) {
  return { chat: String(chat.id), message: String(message_id) };
}
