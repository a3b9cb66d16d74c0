import type { NodeName, TaskId } from "../core/ids.ts";
import type { HistoryEntry, SharedRepo, Snapshot } from "../ports/shared-repo.ts";
import { legal, type Legality } from "./legal.ts";
import { authorOf, claimsIn, readStep } from "./step.ts";

export type Audit = {
  /** How many commits were looked at, the illegal one included. */
  commits: number;
  claims: number;
  /** The first commit that broke a rule; undefined when all were legal. */
  illegal: { commit: string; author: NodeName | undefined; reason: string; task?: TaskId } | undefined;
};

/** Checks each commit after `since`, or from the beginning, against its parents, oldest first. */
export async function auditHistory(repo: SharedRepo, since?: string): Promise<Audit> {
  const entries: HistoryEntry[] = [];
  for await (const entry of repo.history(since)) entries.push(entry);
  const auditor = new Auditor(repo);
  let commits = 0;
  for (const entry of entries.toReversed()) {
    commits++;
    const verdict = await auditor.judge(entry);
    if (verdict.kind === "illegal") {
      const { kind: _kind, ...breach } = verdict;
      const illegal = { commit: entry.commit, author: authorOf(entry.message), ...breach };
      return { commits, claims: auditor.claims, illegal };
    }
  }
  return { commits, claims: auditor.claims, illegal: undefined };
}

/** A commit's parent is nearly always the one before. */
const held = 8;

class Auditor {
  readonly #repo: SharedRepo;
  readonly #snapshots = new Map<string, Promise<Snapshot>>();
  readonly #tokens = new Set<string>();

  constructor(repo: SharedRepo) {
    this.#repo = repo;
  }

  get claims(): number {
    return this.#tokens.size;
  }

  async judge({ commit, parents, message }: HistoryEntry): Promise<Legality> {
    const author = authorOf(message);
    if (author !== undefined && parents.length > 1)
      return illegal(`a commit of ${author} has ${parents.length} parents`);
    for (const parent of parents) {
      const step = await readStep(await this.#at(parent), await this.#at(commit));
      const verdict = legal(step, author);
      if (verdict.kind === "illegal") return verdict;
      if (author === undefined) continue;
      for (const { task, token } of claimsIn(step)) {
        if (this.#tokens.has(token))
          return illegal(`${task} was claimed under a token of an earlier claim`, task);
        this.#tokens.add(token);
      }
    }
    return { kind: "legal" };
  }

  #at(commit: string): Promise<Snapshot> {
    const known = this.#snapshots.get(commit);
    if (known) return known;
    const snapshot = this.#repo.at(commit);
    this.#snapshots.set(commit, snapshot);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > held && oldest !== undefined) this.#snapshots.delete(oldest);
    return snapshot;
  }
}

function illegal(reason: string, task?: TaskId): Legality {
  return { kind: "illegal", reason, ...(task === undefined ? {} : { task }) };
}
