import type { NodeName } from "../../src/core/ids.ts";
import type { Proposal, SharedRepo } from "../../src/ports/shared-repo.ts";

/** A repo that does some things otherwise. */
export class OtherRepo implements SharedRepo {
  readonly #repo: SharedRepo;
  readonly #otherwise: Partial<SharedRepo>;

  constructor(repo: SharedRepo, otherwise: Partial<SharedRepo>) {
    this.#repo = repo;
    this.#otherwise = otherwise;
  }

  look() {
    return this.#otherwise.look?.() ?? this.#repo.look();
  }

  fetch() {
    return this.#otherwise.fetch?.() ?? this.#repo.fetch();
  }

  readBeat(worker: NodeName, commit: string) {
    return this.#repo.readBeat(worker, commit);
  }

  publish(proposal: Proposal) {
    return this.#otherwise.publish?.(proposal) ?? this.#repo.publish(proposal);
  }

  beat(worker: NodeName, text: string) {
    return this.#otherwise.beat?.(worker, text) ?? this.#repo.beat(worker, text);
  }

  history(since?: string) {
    return this.#repo.history(since);
  }

  at(commit: string) {
    return this.#repo.at(commit);
  }

  restore(head: string | undefined) {
    return this.#repo.restore(head);
  }

  accept(head?: string) {
    return this.#repo.accept(head);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
