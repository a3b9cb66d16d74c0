import { type APIMessage, type APIThreadChannel, MessageType, Routes } from "discord-api-types/v10";

import type { Channel, Parcel, Place, Recent, Sending } from "../../ports/channel.ts";
import type { Answer, Trouble } from "./answer.ts";
import type { DiscordApi } from "./api.ts";
import { checkChannel } from "./check-channel.ts";
import { carriesMarker } from "./marker.ts";
import { editedPost, newPost, plainParcel, type Post } from "./post.ts";
import { discordCode, isMalformed, sendingOf } from "./sending.ts";

export type DiscordChannelOptions = {
  api: DiscordApi;
  guild: string;
  /** Its id. */
  channel: string;
  /** The user who is mentioned where a message asks for it. */
  owner?: string;
};

/** Discord's own word for three days; whoever posts into a thread that sleeps wakes it. */
const threadSleepsAfterMinutes = 4320;

/** The newest messages in which a lost one is looked for: as many as one request gives. */
const lookedThrough = 100;

/** A text channel that a bot posts into. */
export function discordChannel({ api, guild, channel, owner }: DiscordChannelOptions): Channel {
  const who = { owner };

  async function send(parcel: Parcel): Promise<Sending> {
    const thread = parcel.thread?.place?.["channel"];
    if (thread !== undefined) {
      const inThread = await postInto(thread, parcel);
      // A thread that a person deleted or locked begins anew in its channel.
      if (!isClosed(inThread)) return settled(inThread, { channel: thread });
    }
    const posted = await postInto(channel, parcel);
    if (posted.kind !== "ok") return sendingOf(posted);
    if (parcel.pinned) await api.call("PUT", Routes.channelMessagesPin(channel, posted.body.id));
    return settled(posted, parcel.thread && (await openThread(posted.body.id, parcel.thread.name)));
  }

  async function postInto(target: string, parcel: Parcel): Promise<Answer<APIMessage>> {
    const post = (tried: Parcel) =>
      api.call<APIMessage>("POST", Routes.channelMessages(target), newPost(tried, who));
    const answer = await post(parcel);
    return answer.kind !== "ok" && isMalformed(answer) ? post(plainParcel(parcel)) : answer;
  }

  /** Its id is that of the message it begins with, so one that exists already is found without looking. */
  async function openThread(message: string, name: string): Promise<Place | undefined> {
    const answer = await api.call<APIThreadChannel>("POST", Routes.threads(channel, message), {
      body: { name: threadName(name), auto_archive_duration: threadSleepsAfterMinutes },
    });
    if (answer.kind === "ok") return { channel: answer.body.id };
    const exists = answer.kind === "no" && answer.code === discordCode.threadExists;
    return exists ? { channel: message } : undefined;
  }

  async function edit(place: Place, parcel: Parcel): Promise<Sending> {
    const { channel: target = channel, message = "" } = place;
    const patch = (tried: Post<unknown>) =>
      api.call<APIMessage>("PATCH", Routes.channelMessage(target, message), tried);
    let answer = await patch(editedPost(parcel, who));
    if (answer.kind === "no" && answer.code === discordCode.archivedThread) {
      await api.call("PATCH", Routes.channel(target), { body: { archived: false } });
      answer = await patch(editedPost(parcel, who));
    }
    if (answer.kind !== "ok" && isMalformed(answer))
      answer = await patch(editedPost(plainParcel(parcel), who));
    if (answer.kind === "ok") return { kind: "sent", place };
    if (target !== channel && isClosed(answer))
      return { kind: "gone", why: "its thread was removed in Discord" };
    return sendingOf(answer);
  }

  async function remove(place: Place): Promise<Sending> {
    const { channel: target = channel, message = "" } = place;
    const answer = await api.call("DELETE", Routes.channelMessage(target, message));
    if (answer.kind === "ok" || isAbsent(answer)) return { kind: "sent", place };
    return sendingOf(answer);
  }

  async function find(parcel: Parcel): ReturnType<Channel["find"]> {
    const me = await api.me();
    if (me.kind !== "ok") return { kind: "unknown", why: me.why };
    const thread = parcel.thread?.place?.["channel"];
    for (const target of thread === undefined ? [channel] : [thread, channel]) {
      const answer = await newest(target);
      if (answer.kind !== "ok") {
        if (target === thread && isClosed(answer)) continue;
        return { kind: "unknown", why: answer.why };
      }
      // Anybody may have quoted the marker.
      const ours = answer.body.filter(({ author }) => author.id === me.body.id);
      const found = ours.find((message) => carriesMarker(message, parcel.marker));
      if (found) return { kind: "found", ...placesOf(found) };
    }
    return { kind: "absent" };
  }

  async function recent(): Promise<Recent> {
    const [me, answer] = [await api.me(), await newest(channel)];
    if (me.kind !== "ok") return { kind: "unknown", why: me.why };
    if (answer.kind !== "ok") return { kind: "unknown", why: answer.why };
    const oldest = answer.body.length < lookedThrough ? 0n : BigInt(answer.body.at(-1)?.id ?? 0);
    return {
      kind: "seen",
      // Discord itself notes each pin in our name.
      posts: answer.body
        .filter(({ author, type }) => author.id === me.body.id && posted.has(type))
        .map((message) => ({
          place: placesOf(message).place,
          at: message.timestamp,
          words: wordsOf(message),
        })),
      reaches: (place) => place["channel"] === channel && BigInt(place["message"] ?? 0) >= oldest,
    };
  }

  function newest(target: string): Promise<Answer<APIMessage[]>> {
    return api.call("GET", Routes.channelMessages(target), { query: { limit: String(lookedThrough) } });
  }

  return {
    takes: "discord",
    memory: "findable",
    send,
    edit,
    remove,
    find,
    recent,
    check: () => checkChannel(api, { guild, channel }),
  };
}

const posted: ReadonlySet<MessageType> = new Set([MessageType.Default, MessageType.Reply]);

function wordsOf({ content, embeds }: APIMessage): string {
  return (embeds[0]?.title ?? content).replace(/\s+/g, " ").slice(0, 100).toWellFormed();
}

function settled(answer: Answer<APIMessage>, thread: Place | undefined): Sending {
  if (answer.kind !== "ok") return sendingOf(answer);
  const { place } = placesOf(answer.body);
  return { kind: "sent", place, ...(thread === undefined ? {} : { thread }) };
}

function placesOf({ channel_id, id, thread }: APIMessage): { place: Place; thread?: Place } {
  const place = { channel: channel_id, message: id };
  return thread === undefined ? { place } : { place, thread: { channel: thread.id } };
}

/** Nothing can be posted there any more, but elsewhere it can. */
function isClosed(answer: Answer<unknown>): boolean {
  if (answer.kind !== "no") return false;
  return answer.code === discordCode.unknownChannel || answer.code === discordCode.archivedThread;
}

function isAbsent(trouble: Trouble): boolean {
  if (trouble.kind !== "no") return false;
  return trouble.code === discordCode.unknownMessage || trouble.code === discordCode.unknownChannel;
}

function threadName(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
  return clean.slice(0, 100).toWellFormed() || "news";
}
