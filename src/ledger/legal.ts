import type { NodeName, TaskId } from "../core/ids.ts";
import { illegalEdit } from "./legal-edit.ts";
import { illegalMove } from "./legal-move.ts";
import { illegalPath } from "./legal-path.ts";
import { illegalResult, lostResult } from "./legal-result.ts";
import type { Step } from "./step.ts";

export type Legality = { kind: "legal" } | { kind: "illegal"; reason: string; task?: TaskId };

/** A broken rule, as the checks answer it. */
export type Breach = { reason: string; task?: TaskId };

/**
 * May this commit stand on that parent? Nodes are held to the protocol. People may do what they like, and what a merge
 * of theirs does by mistake the nodes mend; but an accepted result must not disappear or change.
 *
 * @param author undefined for a person
 */
export function legal(step: Step, author: NodeName | undefined): Legality {
  const breach =
    author === undefined
      ? lostResult(step)
      : (illegalPath(step) ?? illegalResult(step, author) ?? illegalMove(step, author) ?? illegalEdit(step));
  return breach === undefined ? { kind: "legal" } : { kind: "illegal", ...breach };
}
