import type { Chance } from "../../ports/chance.ts";
import { sendingOf, type Trouble } from "./trouble.ts";

/** How often in a row a question was in vain, and how often because somebody else asked too. */
export type InVain = { times: number; conflicts: number };

export const none: InVain = { times: 0, conflicts: 0 };

export type Verdict =
  | { kind: "again"; pauseMs: number; inVain: InVain }
  | { kind: "broken"; code: string; why: string };

const longestPauseMs = 60_000;

/** One conflict may be the question of a main that was killed a moment ago; the third is somebody who lives. */
const mostConflicts = 3;

/** Whether asking again may help, and when. */
export function verdictOn(trouble: Trouble, before: InVain, chance: Chance): Verdict {
  const isConflict = trouble.kind === "answer" && trouble.status === 409;
  const inVain = { times: before.times + 1, conflicts: before.conflicts + (isConflict ? 1 : 0) };
  const again: Verdict = { kind: "again", pauseMs: pauseMs(inVain.times, chance), inVain };
  if (trouble.kind !== "answer" || trouble.status >= 500) return again;

  const { status, description } = trouble;
  if (isConflict) return conflict(description, inVain.conflicts) ?? again;
  const sending = sendingOf(trouble);
  if (sending.kind === "later") return { ...again, pauseMs: sending.afterSeconds * 1000 };
  if (sending.kind === "dead" && sending.scope === "destination")
    return { kind: "broken", code: sending.code, why: sending.why };
  return { kind: "broken", code: "TELEGRAM_REFUSED", why: `Telegram answered ${status}: ${description}` };
}

function conflict(description: string, conflicts: number): Verdict | undefined {
  if (/webhook/i.test(description)) {
    const why = "A webhook is set for this bot. Give Pawl a bot of its own, or remove it with deleteWebhook.";
    return { kind: "broken", code: "TELEGRAM_WEBHOOK_SET", why };
  }
  if (conflicts < mostConflicts) return undefined;
  const why =
    "Another program asks Telegram for this bot's messages: a second main, or somebody who has the token. " +
    "Stop it, or have @BotFather make a new token.";
  return { kind: "broken", code: "TELEGRAM_SECOND_LISTENER", why };
}

/** Doubles up to a minute; half of it is chance. */
function pauseMs(times: number, chance: Chance): number {
  const full = Math.min(longestPauseMs, 1000 * 2 ** (times - 1));
  return Math.round((full / 2) * (1 + chance()));
}
