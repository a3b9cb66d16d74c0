import type { Envelope } from "../../core/envelope.ts";
import type { Stranger } from "../../ports/owner-line.ts";
import { envelopeOf } from "../fact.ts";

const said: Record<Stranger["why"], string> = {
  "not-allowed": "Somebody who is not on the list wrote to the bot",
  forged: "A button was pressed that is not one of ours",
  "other-chat": "Somebody wrote to the bot in a chat that is not on the list",
  bot: "Another bot wrote to the bot",
};

/** One event a day for each kind: whoever knocks must not be able to fill the page. */
export function knock({ why, user, at }: Stranger, network: string): Envelope {
  return envelopeOf(
    {
      identity: ["stranger", network, why, at.slice(0, 10)],
      category: "security",
      severity: "warning",
      subject: `stranger:${network}`,
      title: said[why],
      summary: `The first one today is user ${user}. Nobody was answered; nothing was done.`,
    },
    at,
  );
}

/** The way back from people is dead; one event a day. */
export function deadLine(
  network: string,
  { code, why, at }: { code: string; why: string; at: string },
): Envelope {
  return envelopeOf(
    {
      identity: ["line", network, code, at.slice(0, 10)],
      category: "system.delivery",
      severity: "critical",
      subject: `line:${network}`,
      title: `Nothing can be heard from ${network}`,
      summary: `${why} [${code}]. Buttons and commands do nothing until it is mended; \`pawl inbox\` answers meanwhile.`,
    },
    at,
  );
}
