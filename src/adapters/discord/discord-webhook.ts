import { type APIMessage, Routes } from "discord-api-types/v10";

import { Fault } from "../../fault.ts";
import { blanker } from "../../format/secrets.ts";
import type { Channel, ChannelCheck, Parcel, Place, Sending } from "../../ports/channel.ts";
import type { Answer } from "./answer.ts";
import { DiscordApi } from "./api.ts";
import { editedPost, plainParcel, webhookPost } from "./post.ts";
import { discordCode, isMalformed, sendingOf } from "./sending.ts";

export type DiscordWebhookOptions = {
  /** As Discord shows it; whoever knows it can post. */
  url: string;
  owner?: string;
  timeoutMs?: number;
};

/**
 * A channel's webhook. It needs no bot, and promises less: no nonce, and nothing can be looked for afterwards, so what
 * may have arrived is not known. It has no threads and answers to no message either.
 */
export function discordWebhook({ url, owner, timeoutMs }: DiscordWebhookOptions): Channel {
  const { root, id, token } = partsOf(url);
  const api = new DiscordApi({ root, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const { blank } = blanker([token]);
  const who = { owner };

  async function call<Body>(...request: Parameters<DiscordApi["callOpenly"]>): Promise<Answer<Body>> {
    const answer = await api.callOpenly<Body>(...request);
    return answer.kind === "ok" ? answer : { ...answer, why: blank(answer.why) };
  }

  async function send(parcel: Parcel): Promise<Sending> {
    const post = (tried: Parcel) =>
      call<APIMessage>("POST", Routes.webhook(id, token), {
        ...webhookPost(tried, who),
        // Without it Discord says nothing about the message that it made.
        query: { wait: "true" },
      });
    let answer = await post(parcel);
    if (answer.kind !== "ok" && isMalformed(answer)) answer = await post(plainParcel(parcel));
    if (answer.kind !== "ok") return sendingOf(answer);
    return { kind: "sent", place: { channel: answer.body.channel_id, message: answer.body.id } };
  }

  async function edit(place: Place, parcel: Parcel): Promise<Sending> {
    const route = Routes.webhookMessage(id, token, place["message"]);
    const patch = (tried: Parcel) => call("PATCH", route, editedPost(tried, who));
    let answer = await patch(parcel);
    if (answer.kind !== "ok" && isMalformed(answer)) answer = await patch(plainParcel(parcel));
    return answer.kind === "ok" ? { kind: "sent", place } : sendingOf(answer);
  }

  async function remove(place: Place): Promise<Sending> {
    const answer = await call("DELETE", Routes.webhookMessage(id, token, place["message"]));
    const isGone = answer.kind === "no" && answer.code === discordCode.unknownMessage;
    return answer.kind === "ok" || isGone ? { kind: "sent", place } : sendingOf(answer);
  }

  async function check(): Promise<ChannelCheck[]> {
    const answer = await call<{ name?: string }>("GET", Routes.webhook(id, token));
    if (answer.kind === "ok") return [{ ok: true, what: `the webhook ${answer.body.name ?? id} is there` }];
    return [
      {
        ok: false,
        what: `the webhook ${id} does not answer: ${answer.why}`,
        hint: "In Discord: Edit Channel > Integrations > Webhooks > New Webhook > Copy Webhook URL.",
      },
    ];
  }

  return {
    takes: "discord",
    memory: "none",
    send,
    edit,
    remove,
    find: () => Promise.resolve({ kind: "unknown", why: "a webhook cannot read what it has posted" }),
    check,
  };
}

function partsOf(url: string): { root: string; id: string; token: string } {
  const { root, id, token } =
    /^(?<root>https?:\/\/[^\s/?#]+\/api)(?:\/v\d+)?\/webhooks\/(?<id>\d+)\/(?<token>[\w-]+)(?:[?#].*)?$/.exec(
      url,
    )?.groups ?? {};
  if (root === undefined || id === undefined || token === undefined) {
    // The address itself is a secret and stays unsaid.
    throw new Fault("CONFIG_INVALID", "The address of a Discord webhook does not look like one", {
      hint: "It looks like https://discord.com/api/webhooks/<number>/<letters>: copy it from Edit Channel > Integrations.",
    });
  }
  return { root, id, token };
}
