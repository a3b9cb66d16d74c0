import type { Envelope } from "../../core/envelope.ts";
import type { Silence } from "../entry.ts";
import type { Suppression } from "../plan-types.ts";
import { saidExpiry } from "./expiry.ts";
import { globMatches, labelOf, mismatch } from "./match.ts";
import type { Episode } from "./recent-past.ts";
import type { Inhibition } from "./settings.ts";
import type { Moment } from "./timing.ts";

/** Why an event goes nowhere at all; undefined if the rules are to say. */
export function suppressed(envelope: Envelope, { routing, now, past }: Moment): Suppression | undefined {
  if (past.duplicateOf !== undefined) return { why: "duplicate", of: past.duplicateOf };
  const end = saidExpiry(envelope);
  if (end !== undefined && end <= now) return { why: "expired" };
  if (envelope.status === "resolved") return endOfNothing(past.open, now);
  const silence = past.silences.find((one) => silences(one, envelope));
  if (silence !== undefined) return { why: "silenced", by: silence.id };
  const inhibitor = past.firing.find((episode) =>
    routing.inhibit.some((inhibition) => inhibits(inhibition, episode, envelope)),
  );
  return inhibitor && { why: "inhibited", by: inhibitor.event };
}

/** One that names neither a subject nor a category would hide everything, so it hides nothing. */
export function silences({ subject, category }: Silence, envelope: Envelope): boolean {
  if (subject === undefined && category === undefined) return false;
  return globMatches(subject ?? "*", envelope.subject) && globMatches(category ?? "*", envelope.category);
}

/** What was never seen to begin need not be seen to end. */
function endOfNothing(open: Episode | undefined, now: Date): Suppression | undefined {
  if (open === undefined) return { why: "nothing-open" };
  const wasShown = [...open.goes.values()].some((until) => until === undefined || until <= now);
  return wasShown ? undefined : { why: "never-shown", of: open.event };
}

function inhibits(
  { by, hides, label }: Inhibition,
  { event, envelope: cause }: Episode,
  hidden: Envelope,
): boolean {
  if (event === hidden.id || mismatch(cause, by) !== undefined) return false;
  if (mismatch(hidden, hides) !== undefined) return false;
  const kindless = cause.subject.slice(cause.subject.indexOf(":") + 1);
  const named = (labelOf(hidden.labels, label) ?? "").split(",").map((name) => name.trim());
  return named.includes(cause.subject) || named.includes(kindless);
}
