import type { TaskId } from "../core/ids.ts";
import type { HistoryEntry, SharedRepo, Snapshot } from "../ports/shared-repo.ts";
import { legal, type Legality } from "./legal.ts";
import { authorOf, claimsIn, readStep, type Step } from "./step.ts";

/** A commit beside its parents, and whether it was allowed there. */
export type Judged = { entry: HistoryEntry; steps: readonly Step[]; verdict: Legality };

/**
 * Judges commits in the order given, which is that of history: oldest first. Each is judged when it is asked for, so
 * whoever stops midway may go on with the same auditor.
 *
 * @param known snapshots that the caller has read already, and need not be read again
 */
export async function* replay(
  repo: SharedRepo,
  entries: readonly HistoryEntry[],
  auditor: Auditor,
  known: readonly Snapshot[] = [],
): AsyncGenerator<Judged, void> {
  const reader = new StepReader(repo, known);
  for await (const { entry, steps } of inAdvance(entries, (one) => reader.read(one))) {
    yield { entry, steps, verdict: auditor.judge(entry, steps) };
  }
}

type Read = { entry: HistoryEntry; steps: Step[] };

/** How many commits are read while one is judged: questions that are asked together cost a fraction. */
const advance = 32;

async function* inAdvance(
  entries: readonly HistoryEntry[],
  read: (entry: HistoryEntry) => Promise<Step[]>,
): AsyncGenerator<Read, void> {
  const reading: Promise<Read>[] = [];
  const begin = (entry: HistoryEntry) => {
    const one = read(entry).then((steps) => ({ entry, steps }));
    // It is told when its turn comes, and not at all when an earlier commit ends the audit.
    one.catch(() => undefined);
    reading.push(one);
  };
  for (const entry of entries) {
    begin(entry);
    if (reading.length <= advance) continue;
    const [next] = reading.splice(0, 1);
    if (next) yield await next;
  }
  for (const one of reading) yield await one;
}

/** A commit beside each of its parents. */
class StepReader {
  readonly #repo: SharedRepo;
  readonly #snapshots = new Map<string, Promise<Snapshot>>();

  constructor(repo: SharedRepo, known: readonly Snapshot[]) {
    this.#repo = repo;
    for (const snapshot of known) this.#snapshots.set(snapshot.commit, Promise.resolve(snapshot));
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

/** Knows the rules, and what of the commits before has to be known for them. */
export class Auditor {
  readonly #tokens = new Set<string>();
  readonly #remembers: number;
  #claims = 0;

  /** @param remembers of how many claims, the newest, it knows the tokens */
  constructor(remembers = Infinity) {
    this.#remembers = remembers;
  }

  /** How many claims it has seen. */
  get claims(): number {
    return this.#claims;
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
        this.#note(token);
      }
    }
    return { kind: "legal" };
  }

  #note(token: string): void {
    this.#claims++;
    this.#tokens.add(token);
    const [oldest] = this.#tokens;
    if (this.#tokens.size > this.#remembers && oldest !== undefined) this.#tokens.delete(oldest);
  }
}

function illegal(reason: string, task?: TaskId): Legality {
  return { kind: "illegal", reason, ...(task === undefined ? {} : { task }) };
}
