import type { Event } from "../core/event.ts";
import type { TaskId } from "../core/ids.ts";
import { Fault } from "../fault.ts";
import { refusedResults } from "../ledger/legal-result.ts";
import { Auditor, replay, type Judged } from "../ledger/replay.ts";
import { authorOf, newResults } from "../ledger/step.ts";
import type { HistoryEntry, SharedRepo, Snapshot } from "../ports/shared-repo.ts";

/** Commits that are checked at one look, about half a second's worth; what is left waits for the next. */
export const atOneLook = 1000;

/** After so many commits it is worth a write to disk how far we are: a life that ends before checks them again. */
const worthNoting = 100;

/** Of so many claims the tokens are remembered; the queue's own text betrays the rest. */
const remembersClaims = 10_000;

export type Illegal = Extract<Event, { kind: "commit-illegal" }>;

/** Checks what is new in the history before main acts on it, by the same rules and with the same code as `pawl audit`. */
export class Scrutiny {
  readonly #repo: SharedRepo;
  readonly #announce: (event: Illegal) => void;
  readonly #refused = new Set<TaskId>();
  #auditor = new Auditor(remembersClaims);
  #checked: string | undefined;
  /** The newest commit in the backlog, or the one checked last. */
  #listed: string | undefined;
  /** What is not checked yet, oldest first. */
  #backlog: HistoryEntry[] = [];
  /** The last head that was checked: nearly always the parent of the next. */
  #last: Snapshot | undefined;
  #unnoted = 0;

  /** @param checked the last commit that an earlier life checked; without one it begins at the first head it is shown */
  constructor(repo: SharedRepo, announce: (event: Illegal) => void, checked: string | undefined) {
    this.#repo = repo;
    this.#announce = announce;
    this.#checked = checked;
    this.#listed = checked;
  }

  /**
   * Tells of each illegal commit between the last one checked and this head. Rejects when a commit cannot be read; what
   * was checked until then is not checked again, and nothing is left out.
   *
   * @param head the newest that the repo has seen
   */
  async check(head: Snapshot): Promise<void> {
    await this.#list(head);
    if (this.#backlog.length === 0) return;
    const part = this.#backlog.slice(0, atOneLook);
    const known = this.#last ? [this.#last, head] : [head];
    for await (const judged of replay(this.#repo, part, this.#auditor, known)) this.#settle(judged);
    this.#last = this.#checked === head.commit ? head : undefined;
  }

  /** Something is left for the next look. */
  get isBehind(): boolean {
    return this.#backlog.length > 0;
  }

  /** Tasks whose result came against the rules, as far as this life has checked. */
  get refused(): ReadonlySet<TaskId> {
    return this.#refused;
  }

  get isWorthNoting(): boolean {
    return this.#unnoted >= worthNoting;
  }

  /** The last commit that was checked, for whoever writes it down now. */
  note(): string | undefined {
    this.#unnoted = 0;
    return this.#checked;
  }

  async #list(head: Snapshot): Promise<void> {
    if (head.commit === this.#listed) return;
    const newer = this.#listed === undefined ? undefined : await this.#newerThan(this.#listed);
    if (!newer) return this.#beginAt(head);
    this.#backlog = this.#backlog.concat(newer.toReversed());
    this.#listed = newer[0]?.commit;
  }

  /** Undefined where the history does not lead on from there: it was replaced, and a person has accepted that. */
  async #newerThan(since: string): Promise<HistoryEntry[] | undefined> {
    try {
      const newer: HistoryEntry[] = [];
      for await (const entry of this.#repo.history(since)) newer.push(entry);
      return leadsOnFrom(since, newer) ? newer : undefined;
    } catch (error) {
      if (error instanceof Fault && error.code === "FILE_NOT_FOUND") return undefined;
      throw error;
    }
  }

  #beginAt(head: Snapshot): void {
    this.#auditor = new Auditor(remembersClaims);
    this.#backlog = [];
    this.#checked = head.commit;
    this.#listed = head.commit;
    this.#last = head;
    this.#unnoted = worthNoting;
  }

  #settle(judged: Judged): void {
    this.#backlog.shift();
    this.#checked = judged.entry.commit;
    this.#unnoted++;
    // A person may have taken the refused one away, and then the task may end as it should.
    for (const task of judged.steps.flatMap(newResults)) this.#refused.delete(task);
    const illegal = illegalOf(judged);
    if (!illegal) return;
    this.#unnoted = worthNoting;
    for (const task of refusedIn(judged)) this.#refused.add(task);
    this.#announce(illegal);
  }
}

/** A history that descends from a commit has a child of it. */
function leadsOnFrom(since: string, newer: readonly HistoryEntry[]): boolean {
  return newer.some(({ parents }) => parents.includes(since));
}

function illegalOf({ entry, verdict }: Judged): Illegal | undefined {
  if (verdict.kind === "legal") return undefined;
  const { kind: _kind, ...breach } = verdict;
  return { kind: "commit-illegal", commit: entry.commit, by: authorOf(entry.message), ...breach };
}

/** What else the commit brought is not in question. */
function refusedIn({ entry, steps, verdict }: Judged): TaskId[] {
  const author = authorOf(entry.message);
  if (verdict.kind === "legal" || author === undefined) return [];
  return steps.flatMap((step) => refusedResults(step, author));
}
