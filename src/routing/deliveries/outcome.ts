import type { Sending } from "../../ports/channel.ts";
import { fallbackFor } from "../actions/open-questions.ts";
import type { Entry } from "../entry.ts";
import { listDelivery, partOf } from "./delivery-id.ts";
import { divert } from "./divert.ts";
import { heldUntil } from "./night.ts";
import { awaySeconds, backAtLeast, isPast, later, type Pacing, retryAt } from "./pacing.ts";
import { isUrgent } from "./pick.ts";
import { isOpen, questionOf } from "./select.ts";
import type { Delivery, State } from "./state.ts";

export type Act = "send" | "edit" | "remove";

type Ended = { act: Act; hash: string; now: Date; pacing: Pacing };

/** What is to be written down about how a send, an edit or a removal ended. */
export function outcome(state: State, delivery: Delivery, sending: Sending, ended: Ended): Entry[] {
  const { act, hash, now, pacing } = ended;
  const at = now.toISOString();
  const id = partOf(delivery.id, delivery.part);
  switch (sending.kind) {
    case "sent": {
      const { place, thread } = sending;
      const receipt: Entry = {
        at,
        t: "sent",
        delivery: id,
        place,
        ...(thread ? { thread } : {}),
        hash,
        ...(delivery.again ? { again: true } : {}),
      };
      return [receipt, ...welcomeBack(state, delivery, now, pacing)];
    }
    case "refused": {
      const { code, why } = sending;
      return [
        {
          at,
          t: "not-sent",
          delivery: id,
          kind: "refused",
          code,
          why,
          retryAt: retryAt(delivery.failures, now),
        },
      ];
    }
    case "later": {
      const after = later(now, Math.max(1, sending.afterSeconds));
      return [
        { at, t: "not-sent", delivery: id, kind: "later", code: "429", why: sending.why, retryAt: after },
      ];
    }
    case "unknown":
      return [{ at, t: "unknown", delivery: id, code: sending.code, why: sending.why }];
    case "dead":
      return dead(state, delivery, sending, now, pacing);
    case "gone":
      return [gone(delivery, act, sending.why, now)];
    default:
      return sending satisfies never;
  }
}

/** After a crash or a lost answer: what is to become of a delivery that may have arrived. */
export function reconcile(state: State, delivery: Delivery, now: Date, pacing: Pacing): Entry {
  const at = now.toISOString();
  const id = partOf(delivery.id, delivery.part);
  const act = delivery.progress.kind === "unknown" ? delivery.progress.act : "send";
  // What repeats itself while a network is ill comes ever more seldom; after a crash it comes at once.
  const again = delivery.failures === 0 ? at : retryAt(delivery.failures - 1, now);
  if (act !== "send") return { at, t: "reconciled", delivery: id, finding: "harmless", retryAt: again };
  const mayRepeat = pacing.memoryOf(delivery.destination) === "repeatable" && isUrgent(state, delivery);
  return mayRepeat
    ? { at, t: "reconciled", delivery: id, finding: "repeat", retryAt: again }
    : { at, t: "reconciled", delivery: id, finding: "left", retryAt: again };
}

/** Whether a delivery that may have arrived can be looked for. */
export function canLook({ destination, progress }: Delivery, pacing: Pacing): boolean {
  const isPost = progress.kind === "unknown" && progress.act === "send";
  return isPost && pacing.memoryOf(destination) === "findable";
}

function dead(
  state: State,
  delivery: Delivery,
  { code, why, scope }: Extract<Sending, { kind: "dead" }>,
  now: Date,
  pacing: Pacing,
): Entry[] {
  const at = now.toISOString();
  const breaker: Entry[] =
    scope === "destination" && !state.health.get(delivery.destination)?.broken
      ? [{ at, t: "breaker", destination: delivery.destination, state: "open", code, why }]
      : [];
  const isNews = delivery.content.kind === "event" || delivery.content.kind === "list";
  const to = isNews ? fallbackFor(state, delivery, pacing) : undefined;
  if (to !== undefined) return [...breaker, ...divert(state, delivery, { to, code, why, now, pacing })];
  // With nowhere to go, what a person can mend waits until it is mended or too old.
  return scope === "message"
    ? [{ at, t: "dead", delivery: partOf(delivery.id, delivery.part), code, why }]
    : [
        ...breaker,
        {
          at,
          t: "not-sent",
          delivery: partOf(delivery.id, delivery.part),
          kind: "later",
          code,
          why,
          retryAt: at,
        },
      ];
}

function gone(delivery: Delivery, act: Act, why: string, now: Date): Entry {
  const at = now.toISOString();
  const id = partOf(delivery.id, delivery.part);
  if (act === "edit" && delivery.content.kind === "event") {
    return { at, t: "reconciled", delivery: id, finding: "absent", retryAt: at };
  }
  return { at, t: "given-up", delivery: id, why, by: "somebody who removed it" };
}

/**
 * When a destination is there again after a long time, what waited for it comes as one list, decisions excepted. What
 * the night holds is a list for the morning, of which nothing is that comes at once.
 */
function welcomeBack(state: State, delivery: Delivery, now: Date, pacing: Pacing): Entry[] {
  const { destination } = delivery;
  const since = state.health.get(destination)?.downSince;
  if (since === undefined || !isPast(later(new Date(since), awaySeconds), now)) return [];
  const all = [...state.open]
    .flatMap((id) => state.deliveries.get(id) ?? [])
    .filter((one) => one !== delivery && one.destination === destination && one.progress.kind === "ready")
    .filter(
      (one) =>
        one.content.kind === "event" && one.edits === undefined && !one.statusCard && !asks(state, one),
    )
    .filter((one) => !isPast(one.expires, now));
  const held = all.filter((one) => heldUntil(state, one, now, pacing) !== undefined);
  const waited = held.length > 0 ? held : all;
  if (waited.length < backAtLeast) return [];
  return [
    {
      at: now.toISOString(),
      t: "due",
      delivery: listDelivery("back", { name: destination, window: since, destination }),
      destination,
      events: waited.flatMap(({ events }) => events),
      reason: held[0]?.reason ?? `${destination} is back`,
      content: { kind: "list", because: "back", name: destination, since },
      silent: waited.every(({ silent }) => silent),
      expires: waited[0]?.expires ?? now.toISOString(),
    },
  ];
}

function asks(state: State, delivery: Delivery): boolean {
  const question = questionOf(state, delivery);
  return (question !== undefined && isOpen(question)) || isUrgent(state, delivery);
}
