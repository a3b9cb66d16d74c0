import type { Server, Snapshot } from "../src/ports/server-provider.ts";
import type { CloudFacts, ContactFacts, Facts, MachineFacts, RepositoryFacts } from "./facts.ts";
import type { Progress } from "./progress.ts";
import type { Deed } from "./step.ts";

export type Tell = (progress: Progress) => void;

/** On behalf of which step something is done, and what is known at that moment. */
export type Errand = { step: string; facts: Facts; tell: Tell };

/** What of a worker exists, for its removal. */
export type Left = {
  cloud?: CloudFacts & {
    /** Further servers with our tag, other than the ones of this name. */
    others: readonly Server[];
    snapshots: readonly Snapshot[];
  };
  /** Whether the machine answers ssh: only then can its worker hand its tasks back; if not, why. */
  machine?: { is: "reached"; facts: MachineFacts } | { is: "unreachable"; why: string };
  repository?: RepositoryFacts;
  /** Whether our ssh key was made by us, for workers alone; one of a person's own is not ours to take away. */
  isKeyOurs: boolean;
  isPinned: boolean;
};

/**
 * All that a run does to the world. Faults of its methods end the run; each is safe to call again in a later run,
 * whatever became of an earlier one.
 */
export interface Hands {
  /** One look at the account, and at all servers of the worker's name. Only called for targets in a cloud. */
  gatherCloud(): Promise<CloudFacts>;

  /**
   * One probe, over a connection that is opened with the first call and kept. Waits with patience for a machine that we
   * have not met yet, and tells so; one that we know has to answer at once. `server`: as the newest look at the
   * account has it; nothing for a target that is a host.
   */
  gatherMachine(
    server: Server | undefined,
    tell: Tell,
  ): Promise<{ contact: ContactFacts; machine: MachineFacts }>;

  /** One look at the repository through its host's API. Only called where that registers keys. */
  gatherRepository(): Promise<RepositoryFacts>;

  /** Keeps other runs from this machine until it is disposed of; throws ALREADY_RUNNING. */
  lockMachine(): Promise<AsyncDisposable>;

  carryOut(deed: Deed, errand: Errand): Promise<void>;
}
