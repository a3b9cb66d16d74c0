import type { ActionId } from "../core/envelope.ts";

/** An answer that stands, with what it was given to. */
export type Errand = {
  action: ActionId;
  verb: string;
  /** What a person wrote, where words were asked for. */
  text?: string;
  /** The name of who answered, as the configuration has it. */
  by: string;
  /** When that was; ISO 8601. */
  at: string;
} & ({ kind: "approve-task"; task: string; digest: string } | { kind: "failed-task"; task: string });

/**
 * `done`: it is so now, be it by us or before us; `how` is one line for people. `refused`: it will never be, `how` says
 * why. `later`: the ledger could not be reached, ask again.
 */
export type CarriedOut = { kind: "done" | "refused" | "later"; how: string };

/** Makes an answer true. It may be asked for the same errand any number of times. */
export interface CarryOut {
  carryOut(errand: Errand): Promise<CarriedOut>;
}
