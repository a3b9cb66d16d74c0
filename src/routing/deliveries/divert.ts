import type { Entry } from "../entry.ts";
import type { Timing } from "../plan-types.ts";
import { isAtLeast } from "../rules/match.ts";
import { fallbackDelivery } from "./delivery-id.ts";
import { expiresAfter, isOverBy } from "./night.ts";
import { later, type Pacing } from "./pacing.ts";
import { envelopesOf } from "./select.ts";
import type { Delivery, State } from "./state.ts";

/** Seconds for which a phone collects what is for other places. */
const collectSeconds = 3600;

type Diversion = { to: string; code: string; why: string; now: Date; pacing: Pacing };

/** The end of one delivery, and the same news for another destination, which says where it should have gone. */
export function divert(state: State, delivery: Delivery, diversion: Diversion): Entry[] {
  const { id, events, content, expires, destination, silent, note } = delivery;
  const { to, code, why, now } = diversion;
  const at = now.toISOString();
  const fallback = fallbackDelivery(id, to);
  const timing = collected(state, delivery, diversion);
  return [
    { at, t: "dead", delivery: id, code, why, fallback },
    {
      at,
      t: "due",
      delivery: fallback,
      destination: to,
      events,
      reason: `${destination} does not take it`,
      content,
      silent,
      expires: timing ? expiresAfter(state, delivery, new Date(timing.until)) : expires,
      mentionsOwner: true,
      note: [note, `for ${destination}, which does not take it: ${why}`].filter(Boolean).join("\n"),
      ...(timing ? { timing } : {}),
    },
  ];
}

/** A phone is for what its owner has to know: the rest comes as one list in an hour, and none at night. */
function collected(
  state: State,
  delivery: Delivery,
  { to, now, pacing }: Diversion,
): Extract<Timing, { kind: "grouped" }> | undefined {
  if (!pacing.rings(to) || !isAmbient(state, delivery)) return undefined;
  const until = pacing.awake(to, new Date(later(now, collectSeconds)), state.quiet);
  if (isOverBy(state, delivery, until)) return undefined;
  return { kind: "grouped", key: "not taken elsewhere", until: until.toISOString() };
}

function isAmbient(state: State, { events }: Delivery): boolean {
  return envelopesOf(state, events).every(
    ({ severity, action }) => !isAtLeast(severity, "warning") && action === undefined,
  );
}
