import type { Card } from "../../../core/card.ts";
import { durationText } from "../../../core/duration.ts";
import type { Envelope } from "../../../core/envelope.ts";
import { titleOf, toneOf, type Showing } from "./event-card.ts";
import { moment } from "./moment.ts";

/** Short: it answers the message that has the rest. */
export function stillCard(envelope: Envelope, n: number, now: string, showing: Showing): Card {
  const { at, id } = envelope;
  const lasts = durationText((Date.parse(now) - Date.parse(at)) / 1000);
  return {
    marker: showing.marker ?? `still:${id}:${n}`,
    event: id,
    tone: toneOf(envelope),
    title: `Not over · ${titleOf(envelope)}`,
    ...(showing.again === true ? { note: "(sent again, the first copy may have got lost)" } : {}),
    lines: [`Since ${moment(showing.timeZone, at)}, that is ${lasts}; reminder ${n}`],
    facts: [],
    at: now,
    ...(showing.mentionsOwner === true ? { mentionsOwner: true } : {}),
  };
}
