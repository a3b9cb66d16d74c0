import type { Envelope } from "../../core/envelope.ts";
import type { State } from "../deliveries/state.ts";
import type { Entry } from "../entry.ts";
import { wholeOf } from "../deliveries/delivery-id.ts";
import { envelopeOf } from "../fact.ts";

/** What people should be told of trouble with routing itself, read from what was just written down about it. */
export function troubleIn(state: State, entry: Entry): Envelope | undefined {
  switch (entry.t) {
    case "breaker":
      return breaker(entry);
    case "reconciled":
      return entry.finding === "left" ? doubtful(state, entry) : undefined;
    case "rejected":
      return rejected(entry);
    default:
      return undefined;
  }
}

function breaker({ at, destination, state, code, why }: Extract<Entry, { t: "breaker" }>): Envelope {
  const isOpen = state === "open";
  return envelopeOf(
    {
      identity: ["breaker", destination, state, at],
      category: "system.delivery",
      severity: isOpen ? "critical" : "info",
      status: isOpen ? "firing" : "resolved",
      subject: `destination:${destination}`,
      title: isOpen ? `Nothing can be sent to ${destination}` : `${destination} takes messages again`,
      summary: isOpen
        ? `${why} [${code}]. What was for it goes elsewhere until \`pawl channel check ${destination}\` finds it well.`
        : why,
    },
    at,
  );
}

/** Told once: news about a message of ours that tells such news would never end. */
function doubtful(state: State, { at, delivery }: Extract<Entry, { t: "reconciled" }>): Envelope | undefined {
  const known = state.deliveries.get(wholeOf(delivery));
  const [event] = known?.events ?? [];
  const envelope = event === undefined ? undefined : state.events.get(event)?.envelope;
  if (!known || !envelope || envelope.category === "system.delivery") return undefined;
  return envelopeOf(
    {
      identity: ["doubtful", delivery],
      category: "system.delivery",
      subject: `destination:${known.destination}`,
      title: `Perhaps not shown in ${known.destination}: ${envelope.title}`,
      summary: `The connection ended before ${known.destination} said whether it has it. \`pawl deliveries retry ${known.id}\` sends it again.`,
    },
    at,
  );
}

/** One an hour, whoever it is: each of many files has a name of its own. */
function rejected({ at, why, count = 1 }: Extract<Entry, { t: "rejected" }>): Envelope {
  const many = count === 1 ? "" : `${count} files since this was last told; the last one: `;
  return envelopeOf(
    {
      identity: ["rejected", at.slice(0, 13)],
      category: "system.delivery",
      severity: "warning",
      subject: "main:requests",
      title: "Somebody asked main for something that it does not understand",
      summary: `${many}${why}`,
    },
    at,
  );
}
