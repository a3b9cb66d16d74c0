import { newToken, type NodeName } from "../core/ids.ts";
import { backoff } from "../core/retry.ts";
import { Fault } from "../fault.ts";
import type { PushBudget } from "./push-budget.ts";
import { commitMessage } from "../format/commit-message.ts";
import type { Chance } from "../ports/chance.ts";
import type { Clock } from "../ports/clock.ts";
import type { SharedRepo, Snapshot } from "../ports/shared-repo.ts";
import { filesOf, isEmpty, type Change } from "./change.ts";
import { readLedger, type Ledger } from "./view.ts";

export type Decision<Answer> = { change: Change; answer: Answer };

export type Updating = {
  repo: SharedRepo;
  node: NodeName;
  clock: Clock;
  chance: Chance;
  /** Where pushes are scarce: it hears of each one. */
  pushes?: PushBudget;
};

export type Updated<Answer> = {
  snapshot: Snapshot;
  answer: Answer;
  published: boolean;
  /** Whether the remote has taken the beat that rode along. */
  hasBeaten: boolean;
};

/** Losing this often in a row means that somebody pushes in a loop. */
const patience = 100;

/** So many pushes in a row without a clear answer mean that something between us and the remote is broken. */
const unclearAtMost = 5;

/** Somebody else was first, and pushes are so scarce that another try has to wait. Nothing was published. */
class PutOff extends Error {
  override readonly name = "PutOff";
}

/** Undefined for an update that was put off; the repo has seen a newer head than it began with all the same. */
export async function orPutOff<Answer>(updating: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await updating;
  } catch (error) {
    if (error instanceof PutOff) return undefined;
    throw error;
  }
}

type How<Answer> = {
  /** Where to begin; without it the newest commit is fetched first. */
  from?: Snapshot;
  /** A sign of life that rides along if there is something to publish. */
  beat?: () => string;
  /** Is told what is about to be pushed. */
  before?: (answer: Answer) => Promise<void>;
  /** Rejects with PutOff instead of pushing once more when the budget is spent. Nobody is to wait, a loop comes again. */
  mayPutOff?: boolean;
};

/**
 * Decides on the newest ledger and publishes the change on exactly that commit. When somebody else was first, or no
 * clear answer came, it fetches and decides again; so `decide` must find its own earlier work in the ledger, by token
 * or id, and must not count on being called once.
 *
 * @throws BUSY after a hundred lost races, REMOTE_UNAVAILABLE after five pushes without a clear answer, and whatever the
 *   remote has to say
 */
export async function update<Answer>(
  { repo, node, clock, chance, pushes }: Updating,
  decide: (ledger: Ledger) => Decision<Answer> | Promise<Decision<Answer>>,
  { from, beat, before, mayPutOff = false }: How<Answer> = {},
): Promise<Updated<Answer>> {
  let snapshot = from ?? (await repo.fetch());
  let unclear: string[] = [];
  for (let losses = 0; losses < patience; losses++) {
    // The first retry comes at once: nearly always the winner has finished.
    if (losses > 1) await clock.sleep(backoff(losses - 1, chance(), { firstMs: 50, ceilingMs: 2000 }));
    const ledger = await readLedger(snapshot);
    const { change, answer } = await decide(ledger);
    const files = isEmpty(change) ? new Map<string, string | null>() : filesOf(change, ledger);
    if (files.size === 0) return { snapshot, answer, published: false, hasBeaten: false };
    if (losses > 0 && mayPutOff && pushes && pushes.waitMs() > 0) throw new PutOff();
    if (unclear.length >= unclearAtMost) throw noClearAnswer(unclear);
    pushes?.pushed();
    await before?.(answer);
    const receipt = await repo.publish({
      parent: snapshot,
      message: commitMessage(node, newToken(chance), change.deeds),
      files,
      ...(beat === undefined ? {} : { beat: { worker: node, text: beat() } }),
    });
    if (receipt.kind === "accepted") {
      pushes?.landed();
      const hasBeaten = receipt.beat === "arrived";
      return { snapshot: receipt.snapshot, answer, published: true, hasBeaten };
    }
    unclear = receipt.kind === "unknown" ? [...unclear, receipt.why] : [];
    const { commit } = snapshot;
    snapshot = await repo.fetch();
    if (snapshot.commit !== commit) pushes?.outrun();
  }
  throw new Fault("BUSY", `Another writer was first ${patience} times in a row`, {
    hint: "Look for a program that pushes to the ledger branch in a loop; then try again.",
  });
}

function noClearAnswer(whys: readonly string[]): Fault {
  return new Fault(
    "REMOTE_UNAVAILABLE",
    `${whys.length} pushes in a row had no clear answer, the last one: ${whys.at(-1)}`,
    {
      hint: "The remote can be read, but what is written to it does not arrive. Look at its limits and at proxies.",
    },
  );
}
