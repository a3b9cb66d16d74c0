import type { Envelope } from "../../core/envelope.ts";
import type { Clock } from "../../ports/clock.ts";
import { envelopeOf } from "../fact.ts";
import type { Status } from "../render/cards/status-card.ts";

type Standing = Omit<Status, "openDecisions">;

/** Nobody watches a card by the minute, and each change of it is a request to a network. */
const longestSilenceMs = 15 * 60_000;

export type BoardDeps = { clock: Clock; tell: (envelope: Envelope) => void; openDecisions: () => number };

/** Keeps the card that says how the whole stands: a change of it is told, but not each one at once. */
export class StatusBoard {
  readonly #deps: BoardDeps;
  #standing: Standing | undefined;
  #told = "";
  #toldMs = -Infinity;

  constructor(deps: BoardDeps) {
    this.#deps = deps;
  }

  /** Asked at each look of main; costs next to nothing while all stays as it is. */
  take(standing: Standing): void {
    const { clock, openDecisions, tell } = this.#deps;
    this.#standing = standing;
    const status = { ...standing, openDecisions: openDecisions() };
    const nowMs = clock.monotonicMs();
    const news = newsOf(status);
    if (news === this.#told || nowMs - this.#toldMs < longestSilenceMs) return;
    this.#told = news;
    this.#toldMs = nowMs;
    tell(beatOf(status));
  }

  /** For the card, at the moment it is drawn; undefined before main has looked for the first time. */
  status(): Status | undefined {
    return this.#standing && { ...this.#standing, openDecisions: this.#deps.openDecisions() };
  }
}

/** What the card shows but for times, which always change. */
function newsOf({ nodes, tasks, openDecisions }: Status): string {
  return JSON.stringify([nodes.map((node) => ({ ...node, beat: undefined })), tasks, openDecisions]);
}

/** Where no card is kept, its words say the most important. */
function beatOf({ at, nodes, tasks }: Status): Envelope {
  const ill = nodes.filter(({ well }) => !well).map(({ name, state }) => `${name} (${state})`);
  const counts = Object.entries(tasks).map(([state, count]) => `${count} ${state}`);
  return envelopeOf(
    {
      identity: ["standing", at],
      category: "heartbeat.ok",
      subject: "system:standing",
      title: ill.length === 0 ? "All is well" : `Needs a look: ${ill.join(", ")}`,
      summary: `${nodes.length - 1} workers; tasks: ${counts.join(", ") || "none open"}`,
    },
    at,
  );
}
