import type { Envelope } from "../../core/envelope.ts";
import { globMatches } from "./match.ts";
import type { Rule } from "./settings.ts";

const hour = 3600;
const day = 24 * hour;

/** For how long news of a category is worth posting, in seconds; the first that matches. */
const lifetimes: readonly [string, number][] = [
  ["action.*", 7 * day],
  ["briefing.*", 6 * hour],
  ["incident", day],
  ["outage", day],
  ["security", day],
  ["budget", day],
  ["heartbeat.*", day],
  ["system.*", day],
  ["chat", day],
  ["*", 7 * day],
];

/** After this instant it is not posted late, only listed. */
export function expiryOf(envelope: Envelope, rule: Pick<Rule, "expiresSeconds"> | undefined): Date {
  const said = saidExpiry(envelope);
  if (said !== undefined) return said;
  const [, usual] = lifetimes.find(([pattern]) => globMatches(pattern, envelope.category)) ?? ["*", 7 * day];
  return new Date(Date.parse(envelope.at) + (rule?.expiresSeconds ?? usual) * 1000);
}

/** What the event itself says about its end; a question is over at its deadline. */
export function saidExpiry({ expires, action }: Envelope): Date | undefined {
  const said = [expires, action?.deadline].flatMap((text) => (text === undefined ? [] : Date.parse(text)));
  return said.length === 0 ? undefined : new Date(Math.min(...said));
}
