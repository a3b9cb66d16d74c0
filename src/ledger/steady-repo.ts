import type { Announce } from "../core/event.ts";
import type { NodeName } from "../core/ids.ts";
import type { Workers } from "../core/pace.ts";
import { Fault } from "../fault.ts";
import type { Clock } from "../ports/clock.ts";
import type { HistoryEntry, Proposal, Receipt, SharedRepo, Sight, Snapshot } from "../ports/shared-repo.ts";
import type { Spool } from "../ports/spool.ts";
import { Crowd } from "./crowd.ts";

/** Where a node and the person beside it speak of a history that was replaced. */
export type Acceptance = {
  /** The person's word, by `pawl accept-history`: the head of the history with which the node is to go on. */
  head?: string | undefined;
  /** The node's: why it stands still until then. */
  forked?: string | undefined;
};

type Restored = { kind: Receipt["kind"] } | { kind: "failed"; error: unknown };

type Bystanders = {
  node: () => NodeName;
  clock: Clock;
  announce: Announce;
  acceptance: Spool<Acceptance> | undefined;
};

/**
 * A repo whose history only grows. When the branch was rewound, what this node has seen is put back by a plain push.
 * When it went on without that, nothing is done until a person has accepted it.
 */
export class SteadyRepo implements SharedRepo {
  readonly #repo: SharedRepo;
  readonly #around: Bystanders;
  readonly #crowd: Crowd;
  #told: "nothing" | "rewound" | "forked" = "nothing";

  constructor(repo: SharedRepo, around: Bystanders) {
    this.#repo = repo;
    this.#around = around;
    this.#crowd = new Crowd(around.clock);
  }

  /** Rejects with HISTORY_FORKED until a person has accepted that history was replaced. */
  async fetch(): Promise<Snapshot> {
    try {
      return await this.#fetched();
    } catch (error) {
      if (!isRewound(error)) throw error;
      return this.#putBack(error);
    }
  }

  async #putBack(fault: Fault): Promise<Snapshot> {
    const { node, announce, acceptance } = this.#around;
    if (this.#told === "nothing") announce({ kind: "history-rewound", node: node(), message: fault.message });
    if (this.#told === "nothing") this.#told = "rewound";
    const { head } = await this.#repo.look();
    const restored = await this.#restored(head);
    if (restored.kind === "accepted") announce({ kind: "history-restored", node: node() });
    try {
      // Another node may have been faster.
      return await this.#fetched();
    } catch (error) {
      if (!isRewound(error)) throw error;
      // A person's word counts whatever it is that keeps us from putting back what we saw.
      const accepted = (await acceptance?.read())?.head;
      if (accepted !== undefined) return this.#accept(accepted);
      if (restored.kind === "failed") throw restored.error;
      throw restored.kind === "outdated" ? await this.#forked(error) : error;
    }
  }

  async #restored(head: string | undefined): Promise<Restored> {
    try {
      return { kind: await this.#repo.restore(head) };
    } catch (error) {
      return { kind: "failed", error };
    }
  }

  async #accept(head: string): Promise<Snapshot> {
    const { node, announce, acceptance } = this.#around;
    const snapshot = await this.#repo.accept(head).catch(async (error: unknown) => {
      if (!isRewound(error)) throw error;
      // It was replaced once more since the person looked, which is to be heard of too.
      await acceptance?.write({});
      this.#told = "rewound";
      throw await this.#forked(error);
    });
    await acceptance?.write({});
    announce({ kind: "history-accepted", node: node(), commit: snapshot.commit });
    this.#told = "nothing";
    return snapshot;
  }

  async #forked(fault: Fault): Promise<Fault> {
    const { node, announce, acceptance } = this.#around;
    if (this.#told !== "forked") {
      this.#told = "forked";
      announce({ kind: "history-forked", node: node(), message: fault.message });
      // It was told; that `pawl doctor` cannot repeat it is no reason for another trouble.
      await acceptance?.write({ forked: fault.message }).catch(() => undefined);
    }
    return historyForked(fault);
  }

  async #fetched(): Promise<Snapshot> {
    const snapshot = await this.#repo.fetch();
    this.#told = "nothing";
    await this.#forgetAcceptance();
    return snapshot;
  }

  /** A word that this node did not need must not count for a fork of another day. */
  async #forgetAcceptance(): Promise<void> {
    const { acceptance } = this.#around;
    try {
      const { head, forked } = (await acceptance?.read()) ?? {};
      if (head !== undefined || forked !== undefined) await acceptance?.write({});
    } catch {
      // No reason to stop; the next fetch tries again.
    }
  }

  async look(): Promise<Sight> {
    const sight = await this.#repo.look();
    this.#crowd.saw(sight);
    return sight;
  }

  /** How many workers there are, as of the last look. */
  get workers(): Workers {
    return this.#crowd.count;
  }

  readBeat(worker: NodeName, commit: string): Promise<string | undefined> {
    return this.#repo.readBeat(worker, commit);
  }

  async publish(proposal: Proposal): Promise<Receipt> {
    const receipt = await this.#repo.publish(proposal);
    if (receipt.kind === "accepted") await this.#forgetAcceptance();
    return receipt;
  }

  beat(worker: NodeName, text: string): Promise<Receipt["kind"]> {
    return this.#repo.beat(worker, text);
  }

  history(since?: string): AsyncIterable<HistoryEntry> {
    return this.#repo.history(since);
  }

  at(commit: string): Promise<Snapshot> {
    return this.#repo.at(commit);
  }

  restore(head: string | undefined): Promise<Receipt["kind"]> {
    return this.#repo.restore(head);
  }

  accept(head?: string): Promise<Snapshot> {
    return this.#repo.accept(head);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#repo[Symbol.asyncDispose]();
  }
}

function isRewound(error: unknown): error is Fault {
  return error instanceof Fault && error.code === "REMOTE_REWOUND";
}

function historyForked(cause: Fault): Fault {
  return new Fault("HISTORY_FORKED", `The branch went on from an older state: ${cause.message}`, {
    hint: "Nothing is done until a person has looked. `pawl accept-history` goes on with the history that is there now.",
    cause,
  });
}
