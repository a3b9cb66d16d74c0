import { Fault } from "../src/fault.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { Hands, Left, Tell } from "./hands.ts";
import { failed } from "./look.ts";
import type { Removal } from "./plan-removal.ts";

export type Removing = {
  left: Left;
  removals: readonly Removal[];
  hands: Hands;
  clock: Clock;
  tell: Tell;
};

/** Removes these one after the other, for good; a run that is cut off is ended by the next one, which plans anew. */
export async function destroy({ left, removals, hands, clock, tell }: Removing): Promise<void> {
  const startMs = clock.monotonicMs();
  // Another run must not put back what this one takes away.
  await using _lock = left.machine?.is === "reached" ? await hands.lockMachine() : undefined;
  const facts = left.machine?.is === "reached" ? { machine: left.machine.facts } : {};
  for (const { id, sentence, deeds, mayFail } of removals) {
    const beganMs = clock.monotonicMs();
    tell({ event: "begun", step: id, sentence });
    try {
      for (const deed of deeds) await hands.carryOut(deed, { step: id, facts, tell });
      tell({ event: "done", step: id, sentence, ms: clock.monotonicMs() - beganMs });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (mayFail === undefined) {
        tell(failed(id, error));
        throw error;
      }
      tell({ event: "advice", text: `${error.message}; ${mayFail}` });
    }
  }
  tell({ event: "ended", changed: removals.length, right: 0, ms: clock.monotonicMs() - startMs });
}
