import { newToken, type NodeName } from "../core/ids.ts";
import { backoff } from "../core/retry.ts";
import { Fault } from "../fault.ts";
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
};

export type Updated<Answer> = { snapshot: Snapshot; answer: Answer; published: boolean };

/** Losing this often in a row means that somebody pushes in a loop. */
const patience = 100;

/**
 * Decides on the newest ledger and publishes the change on exactly that commit. When somebody else was first, or no
 * clear answer came, it fetches and decides again; so `decide` must find its own earlier work in the ledger, by token
 * or id, and must not count on being called once.
 *
 * @param from where to begin; without it the newest commit is fetched first
 * @param beat a sign of life that rides along if there is something to publish
 * @param pushing called before each push, whatever becomes of it
 * @throws BUSY after a hundred lost races, and whatever the remote has to say
 */
export async function update<Answer>(
  { repo, node, clock, chance }: Updating,
  decide: (ledger: Ledger) => Decision<Answer> | Promise<Decision<Answer>>,
  { from, beat, pushing }: { from?: Snapshot; beat?: () => string; pushing?: () => void } = {},
): Promise<Updated<Answer>> {
  let snapshot = from ?? (await repo.fetch());
  for (let losses = 0; losses < patience; losses++) {
    // The first retry comes at once: nearly always the winner has finished.
    if (losses > 1) await clock.sleep(backoff(losses - 1, chance(), { firstMs: 50, ceilingMs: 2000 }));
    const ledger = await readLedger(snapshot);
    const { change, answer } = await decide(ledger);
    const files = isEmpty(change) ? new Map<string, string | null>() : filesOf(change, ledger);
    if (files.size === 0) return { snapshot, answer, published: false };
    pushing?.();
    const receipt = await repo.publish({
      parent: snapshot,
      message: commitMessage(node, newToken(chance), change.deeds),
      files,
      ...(beat === undefined ? {} : { beat: { worker: node, text: beat() } }),
    });
    if (receipt.kind === "accepted") return { snapshot: receipt.snapshot, answer, published: true };
    snapshot = await repo.fetch();
  }
  throw new Fault("BUSY", `Another writer was first ${patience} times in a row`, {
    hint: "Look for a program that pushes to the ledger branch in a loop; then try again.",
  });
}
