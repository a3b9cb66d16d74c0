import { heed } from "../actions/answer.ts";
import { later } from "../deliveries/pacing.ts";
import { flush } from "../deliveries/release.ts";
import { wholeOf } from "../deliveries/delivery-id.ts";
import type { State } from "../deliveries/state.ts";
import type { Entry } from "../entry.ts";
import type { RoutingRequest } from "../request.ts";
import { askingForAck } from "../rules/ask-ack.ts";

/** What a command's wish leads to. Done twice, as after a crash, it is the same as done once. */
export function grant(state: State, request: RoutingRequest, now: Date): Entry[] {
  const at = now.toISOString();
  switch (request.kind) {
    case "event": {
      const { envelope } = request;
      return state.events.has(envelope.id) ? [] : [{ at, t: "event", envelope: askingForAck(envelope) }];
    }
    case "answer": {
      const { action, verb, text, person } = request;
      const given = {
        action,
        verb,
        by: { person, via: "cli" },
        ...(text === undefined ? {} : { text }),
      } as const;
      return heed(state, given, now, (instant) => instant).entries;
    }
    case "retry":
      return retry(state, request.delivery, now);
    case "give-up": {
      const id = wholeOf(request.delivery);
      return state.open.has(id)
        ? [{ at, t: "given-up", delivery: id, why: "somebody gave it up", by: request.by }]
        : [];
    }
    case "silence":
      return [{ at, t: "silenced", silence: request.silence }];
    case "end-silence":
      return state.silences.has(request.id)
        ? [{ at, t: "silence-ended", id: request.id, by: request.by }]
        : [];
    case "quiet":
      return [{ at, t: "quiet", until: request.until, by: request.by }];
    case "flush":
      return flush(state, request.digest, now);
    case "checked": {
      const { destination } = request;
      return state.health.get(destination)?.broken
        ? [
            {
              at,
              t: "breaker",
              destination,
              state: "closed",
              code: "CHECKED",
              why: "it was checked and is well",
            },
          ]
        : [];
    }
    default:
      return request satisfies never;
  }
}

const retrySeconds = 86_400;

function retry(state: State, id: string, now: Date): Entry[] {
  const delivery = state.deliveries.get(wholeOf(id));
  if (!delivery || (delivery.progress.kind !== "dead" && delivery.progress.kind !== "given-up")) return [];
  const { destination, events, content, silent } = delivery;
  return [
    {
      at: now.toISOString(),
      t: "due",
      delivery: delivery.id,
      destination,
      events,
      reason: "somebody wants it tried again",
      content,
      silent,
      wanted: true,
      expires: later(now, retrySeconds),
    },
  ];
}
