import { createHmac } from "node:crypto";

import { networkTrouble } from "../../core/network-trouble.ts";
import { blanker } from "../../format/secrets.ts";
import type { Channel, ChannelCheck, Sending } from "../../ports/channel.ts";
import type { Clock } from "../../ports/clock.ts";
import { type CardPost, cardToEdit, cardToRemove, cardToSend, placeOf } from "./card-post.ts";

export type WebhookOptions = {
  /** It may hold a key, so it turns up in nothing we say. */
  url: string;
  /** Shared with the receiver, who can tell by it that a post is ours. */
  secret?: string;
  clock: Clock;
  timeoutMs?: number;
};

/**
 * Somebody's server, which gets each card as JSON. What may have arrived is posted again with the same `delivery`, also
 * in the header `Idempotency-Key`: the receiver tells by it that it has it.
 */
export function webhookChannel({ url, secret, clock, timeoutMs = 10_000 }: WebhookOptions): Channel {
  const { blank } = blanker([url, ...(secret === undefined ? [] : [secret])]);

  async function post(card: CardPost): Promise<Sending> {
    const body = JSON.stringify(card);
    try {
      const answer = await fetch(url, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "user-agent": "Pawl",
          "idempotency-key": card.delivery,
          ...(secret === undefined ? {} : { "pawl-signature": signature(body, secret, clock.now()) }),
        },
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body?.cancel();
      return sendingFor(card, answer, clock.now());
    } catch (error) {
      const trouble = networkTrouble(error);
      return { ...trouble, why: blank(trouble.why) };
    }
  }

  return {
    takes: "card",
    memory: "repeatable",
    send: (parcel) => post(cardToSend(parcel)),
    edit: (place, parcel) => post(cardToEdit(place, parcel)),
    remove: (place) => post(cardToRemove(place)),
    find: () => Promise.resolve({ kind: "unknown", why: "a webhook cannot be asked what it has got" }),
    check: () => Promise.resolve(checkAddress(url, secret)),
  };
}

/** Stripe's form: the time is signed along, so that nobody can play an old post again. */
export function signature(body: string, secret: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${mac}`;
}

function sendingFor(card: CardPost, { status, headers }: Response, now: Date): Sending {
  const code = `HTTP_${status}`;
  if (status >= 200 && status < 300) return { kind: "sent", place: placeOf(card) };
  if (status === 429) {
    const afterSeconds = retryAfter(headers.get("retry-after"), now);
    return { kind: "later", afterSeconds, why: `the server asks for ${afterSeconds} s of patience` };
  }
  if (status === 408 || status >= 500) return { kind: "unknown", code, why: `the server answered ${status}` };
  if (status < 400) {
    return {
      kind: "dead",
      code,
      why: `redirects with ${status}, which is not followed`,
      scope: "destination",
    };
  }
  const scope = [400, 413, 422].includes(status) ? "message" : "destination";
  return { kind: "dead", code, why: `the server answered ${status}`, scope };
}

/** Seconds, or a date; a minute where neither can be read. */
function retryAfter(header: string | null, now: Date): number {
  const seconds = /^\d+$/.test(header ?? "")
    ? Number(header)
    : (Date.parse(header ?? "") - now.getTime()) / 1000;
  return Number.isFinite(seconds) ? Math.min(86_400, Math.max(1, Math.ceil(seconds))) : 60;
}

/** Nothing is posted: an empty card would be news to the receiver. */
function checkAddress(url: string, secret: string | undefined): ChannelCheck[] {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    return [{ ok: false, what: "the address is no web address", hint: "It begins with https://." }];
  }
  const isOpen =
    parsed.protocol === "http:" && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(parsed.hostname);
  return [
    isOpen
      ? {
          ok: false,
          what: `posts to ${parsed.host} can be read on the way`,
          hint: "Use https:// unless the server is on this machine.",
        }
      : { ok: true, what: `posts to ${parsed.host}` },
    secret === undefined
      ? {
          ok: true,
          what: "posts are not signed",
          hint: "Set a secret: the receiver can tell by it what is ours.",
        }
      : { ok: true, what: "posts are signed" },
  ];
}
