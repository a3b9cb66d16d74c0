import type { NodeName } from "../../src/core/ids.ts";
import type {
  HistoryEntry,
  Proposal,
  Receipt,
  SharedRepo,
  Sight,
  Snapshot,
} from "../../src/ports/shared-repo.ts";

type Verb = "look" | "fetch" | "publish" | "beat";
export type Call = { verb: Verb; startMs: number; endMs: number };

/** A repo whose calls are written down. */
export class TimedRepo implements SharedRepo {
  calls: Call[] = [];
  onAccepted: () => void = () => undefined;
  readonly #repo: SharedRepo;

  constructor(repo: SharedRepo) {
    this.#repo = repo;
  }

  look(): Promise<Sight> {
    return this.#timed("look", () => this.#repo.look());
  }

  fetch(): Promise<Snapshot> {
    return this.#timed("fetch", () => this.#repo.fetch());
  }

  async publish(proposal: Proposal): Promise<Receipt> {
    const receipt = await this.#timed("publish", () => this.#repo.publish(proposal));
    if (receipt.kind === "accepted") this.onAccepted();
    return receipt;
  }

  beat(worker: NodeName, text: string): Promise<Receipt["kind"]> {
    return this.#timed("beat", () => this.#repo.beat(worker, text));
  }

  readBeat(worker: NodeName, commit: string): Promise<string | undefined> {
    return this.#repo.readBeat(worker, commit);
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

  async #timed<Answer>(verb: Verb, call: () => Promise<Answer>): Promise<Answer> {
    const startMs = performance.now();
    const answer = await call();
    this.calls.push({ verb, startMs, endMs: performance.now() });
    return answer;
  }
}
