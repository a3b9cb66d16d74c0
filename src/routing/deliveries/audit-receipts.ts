import type { Place, Recent } from "../../ports/channel.ts";
import type { DeliveryId } from "../entry.ts";
import { deliveries } from "./select.ts";
import type { Delivery, State } from "./state.ts";

/** Something that was looked at and does not fit what was written down. */
export type Misfit =
  /** It was sent and is not there: somebody has removed it. */
  | { kind: "gone"; destination: string; delivery: DeliveryId; at: string; place: Place }
  /** It is there under our name and nobody here sent it: somebody else has our token. */
  | { kind: "strange"; destination: string; at: string; place: Place; words: string };

/** What a destination showed; `asked` is when, by our clock. */
export type Look = { destination: string; asked: string; recent: Extract<Recent, { kind: "seen" }> };

/** Compares receipts with posts, both no older than `since`. The state must have been read after the looks. */
export function auditReceipts(state: State, looks: readonly Look[], since: string): Misfit[] {
  const all = deliveries(state);
  return [...looks.flatMap((look) => gone(all, look, since)), ...strange(all, looks, since)];
}

function gone(all: readonly Delivery[], { destination, asked, recent }: Look, since: string): Misfit[] {
  const shown = new Set(recent.posts.map(({ place }) => keyOf(place)));
  const removed = new Set(all.flatMap(({ content, edits }) => (content.kind === "removal" ? [edits] : [])));
  const told = new Set<string>();
  return all.flatMap(({ id, destination: to, sentAt, places, content }) => {
    if (to !== destination || sentAt === undefined || content.kind === "removal" || removed.has(id))
      return [];
    if (isBefore(sentAt, since) || !isBefore(sentAt, asked)) return [];
    return places.flatMap((place): Misfit[] => {
      const key = keyOf(place);
      if (shown.has(key) || told.has(key) || !recent.reaches(place)) return [];
      told.add(key);
      return [{ kind: "gone", destination, delivery: id, at: sentAt, place }];
    });
  });
}

/** Several destinations may be one channel. While something is on its way there, a post without a receipt may be that. */
function strange(all: readonly Delivery[], looks: readonly Look[], since: string): Misfit[] {
  const expected = new Set(all.flatMap(({ places }) => places.map(keyOf)));
  const busy = new Set(all.filter(isUnderWay).map(({ destination }) => destination));
  for (const { destination, recent } of looks) {
    if (busy.has(destination)) for (const { place } of recent.posts) expected.add(keyOf(place));
  }
  return looks.flatMap(({ destination, recent }) =>
    recent.posts.flatMap(({ place, at, words }): Misfit[] => {
      const key = keyOf(place);
      if (at === undefined || isBefore(at, since) || expected.has(key)) return [];
      expected.add(key);
      return [{ kind: "strange", destination, at, place, words }];
    }),
  );
}

function isUnderWay({ progress: { kind } }: Delivery): boolean {
  return kind === "claimed" || kind === "unknown";
}

function keyOf(place: Place): string {
  return JSON.stringify(Object.entries(place).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isBefore(one: string, other: string): boolean {
  return Date.parse(one) < Date.parse(other);
}
