import type { NodeName, TaskId } from "../core/ids.ts";
import type { HistoryEntry, SharedRepo, Snapshot } from "../ports/shared-repo.ts";
import { legal, type Legality } from "./legal.ts";
import { authorOf, claimsIn, readStep, type Step } from "./step.ts";

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
  const auditor = new Auditor();
  const reader = new StepReader(repo);
  let commits = 0;
  for await (const { entry, steps } of inAdvance(entries.toReversed(), (one) => reader.read(one))) {
    commits++;
    const verdict = auditor.judge(entry, steps);
    if (verdict.kind === "illegal") {
      const { kind: _kind, ...breach } = verdict;
      const illegal = { commit: entry.commit, author: authorOf(entry.message), ...breach };
      return { commits, claims: auditor.claims, illegal };
    }
  }
  return { commits, claims: auditor.claims, illegal: undefined };
}

type Judged = { entry: HistoryEntry; steps: Step[] };

/** How many commits are read while one is judged: questions that are asked together cost a fraction. */
const advance = 32;

async function* inAdvance(
  entries: readonly HistoryEntry[],
  read: (entry: HistoryEntry) => Promise<Step[]>,
): AsyncGenerator<Judged, void> {
  const reading: Promise<Judged>[] = [];
  const begin = (entry: HistoryEntry) => {
    const judged = read(entry).then((steps) => ({ entry, steps }));
    // It is told when its turn comes, and not at all when an earlier commit ends the audit.
    judged.catch(() => undefined);
    reading.push(judged);
  };
  for (const entry of entries) {
    begin(entry);
    if (reading.length <= advance) continue;
    const [next] = reading.splice(0, 1);
    if (next) yield await next;
  }
  for (const judged of reading) yield await judged;
}

/** A commit beside each of its parents. */
class StepReader {
  readonly #repo: SharedRepo;
  readonly #snapshots = new Map<string, Promise<Snapshot>>();

  constructor(repo: SharedRepo) {
    this.#repo = repo;
  }

  async read({ commit, parents }: HistoryEntry): Promise<Step[]> {
    // All are asked for before the first answer has come.
    const after = this.#at(commit);
    const befores = parents.map((parent) => this.#at(parent));
    return Promise.all(befores.map(async (before) => readStep(await before, await after)));
  }

  #at(commit: string): Promise<Snapshot> {
    const known = this.#snapshots.get(commit);
    if (known) return known;
    const snapshot = this.#repo.at(commit);
    snapshot.catch(() => this.#snapshots.delete(commit));
    this.#snapshots.set(commit, snapshot);
    // A commit's parent is nearly always the one before.
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > 2 * advance && oldest !== undefined) this.#snapshots.delete(oldest);
    return snapshot;
  }
}

class Auditor {
  readonly #tokens = new Set<string>();

  get claims(): number {
    return this.#tokens.size;
  }

  judge({ parents, message }: HistoryEntry, steps: readonly Step[]): Legality {
    const author = authorOf(message);
    if (author !== undefined && parents.length > 1)
      return illegal(`a commit of ${author} has ${parents.length} parents`);
    for (const step of steps) {
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
}

function illegal(reason: string, task?: TaskId): Legality {
  return { kind: "illegal", reason, ...(task === undefined ? {} : { task }) };
}
