import type { EventId } from "../../core/envelope.ts";
import type { Entry } from "../entry.ts";
import { listDelivery } from "./delivery-id.ts";
import { isPast } from "./pacing.ts";
import { isOpen, questionOf } from "./select.ts";
import type { Delivery, State } from "./state.ts";

type Waiting = Delivery & { progress: { kind: "waiting" } };
type List = { because: "group" | "digest" | "morning"; name: string; window: string };

/** What has waited long enough: single cards, and one message for those that were to come together. */
export function release(state: State, waiting: readonly Delivery[], now: Date): Entry[] {
  const sets = Map.groupBy(waiting.filter(isWaiting), setOf);
  return [...sets.values()]
    .filter((members) => members.flatMap(until).some((instant) => isPast(instant, now)))
    .flatMap((members) => out(state, members, now));
}

/** A digest that somebody does not want to wait for. */
export function flush(state: State, digest: string, now: Date): Entry[] {
  const waiting = [...state.open].flatMap((id) => state.deliveries.get(id) ?? []).filter(isWaiting);
  const members = waiting.filter(
    ({ progress: { timing } }) => timing.kind === "digest" && timing.digest === digest,
  );
  const entries = [...Map.groupBy(members, setOf).values()].flatMap((set) => out(state, set, now));
  return entries.map((entry) => (entry.t === "due" ? { ...entry, wanted: true } : entry));
}

/** When the first of them is to go out. */
export function releaseInstants(waiting: readonly Delivery[]): string[] {
  return waiting.filter(isWaiting).flatMap(until);
}

function until({ progress: { timing } }: Waiting): string[] {
  return timing.kind === "now" ? [] : [timing.until];
}

function isWaiting(delivery: Delivery): delivery is Waiting {
  return delivery.progress.kind === "waiting";
}

/** What has the same goes out together. */
function setOf({ id, destination, progress: { timing } }: Waiting): string {
  switch (timing.kind) {
    case "now":
      return id;
    case "held":
      return timing.because === "hold"
        ? id
        : JSON.stringify([destination, "morning", Date.parse(timing.until)]);
    case "grouped":
      return JSON.stringify([destination, "group", timing.key]);
    case "digest":
      return JSON.stringify([destination, "digest", timing.digest]);
    default:
      return timing satisfies never;
  }
}

function out(state: State, members: readonly Waiting[], now: Date): Entry[] {
  const [first] = members;
  if (!first) return [];
  const list = listOf(first);
  if (!list || (members.length === 1 && list.because !== "digest")) {
    return members.map((member) => alone(member, now, member.silent));
  }
  // A question needs its own buttons; the list, which makes the sound, comes after it.
  const questions = members.filter((member) => {
    const question = questionOf(state, member);
    return question !== undefined && isOpen(question);
  });
  return [
    ...questions.map((member) => alone(member, now, true)),
    {
      at: now.toISOString(),
      t: "due",
      delivery: freeId(state, list, first.destination),
      destination: first.destination,
      events: [...new Set(members.flatMap(({ events }): readonly EventId[] => events))],
      reason: first.reason,
      content: { kind: "list", because: list.because, name: list.name },
      silent: members.every(({ silent }) => silent),
      expires: latest(members.map(({ expires }) => expires)),
    },
  ];
}

function listOf({ progress: { timing }, events }: Waiting): List | undefined {
  switch (timing.kind) {
    case "now":
      return undefined;
    case "held":
      return timing.because === "hold"
        ? undefined
        : { because: "morning", name: "morning", window: timing.until };
    case "grouped": {
      const name = timing.key.split(":").filter(Boolean).join(" ");
      return { because: "group", name, window: events[0] ?? timing.until };
    }
    case "digest":
      return { because: "digest", name: timing.digest, window: timing.window };
    default:
      return timing satisfies never;
  }
}

function alone(member: Delivery, now: Date, silent: boolean): Entry {
  const { id, destination, events, content, reason, expires } = member;
  return {
    at: now.toISOString(),
    t: "due",
    delivery: id,
    destination,
    events,
    reason,
    content,
    silent,
    expires,
  };
}

/** What came after a digest had been asked for ahead of its time is a second issue of the same window. */
function freeId(state: State, list: List, destination: string): string {
  for (let issue = 1; ; issue++) {
    const window = issue === 1 ? list.window : `${list.window}+${issue}`;
    const id = listDelivery(list.because, { name: list.name, window, destination });
    if (!state.deliveries.has(id)) return id;
  }
}

function latest(instants: readonly string[]): string {
  return instants.toSorted((a, b) => Date.parse(b) - Date.parse(a))[0] ?? "";
}
