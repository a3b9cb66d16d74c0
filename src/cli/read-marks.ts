import type { Config } from "../config/settle.ts";
import type { TaskId } from "../core/ids.ts";
import type { Result } from "../core/outcome.ts";
import { readResult, type Ledger } from "../ledger/view.ts";
import type { Spool } from "../ports/spool.ts";
import type { World } from "../wire/world.ts";

export type Marks = { results: string[]; asked: string[] };

/** Which results a person or an agent has been shown on this machine. */
export class ReadMarks {
  readonly #spool: Spool<Marks>;
  readonly #marks: Marks;

  private constructor(spool: Spool<Marks>, marks: Marks) {
    this.#spool = spool;
    this.#marks = marks;
  }

  static async open(world: World, config: Config): Promise<ReadMarks> {
    const spool = await world.spool<Marks>(config, "read");
    return new ReadMarks(spool, (await spool.read()) ?? { results: [], asked: [] });
  }

  isUnread(id: TaskId): boolean {
    return !this.#marks.results.includes(id);
  }

  /** Open tasks that a person has to decide on, each once for each attempt after which it asks. */
  newlyAsking(ledger: Ledger): Ledger["tasks"] {
    return asking(ledger).filter((task) => !this.#marks.asked.includes(markOf(task)));
  }

  /** These results have been shown. Those in the archive need no mark any more. */
  async read(ids: readonly TaskId[], ledger: Ledger): Promise<void> {
    await this.#spool.write({ ...this.#marks, results: this.#readWith(ids, ledger) });
  }

  /** The same, and all that waits for a person has been shown too. */
  async told(ids: readonly TaskId[], ledger: Ledger): Promise<void> {
    const results = this.#readWith(ids, ledger);
    await this.#spool.write({ results, asked: asking(ledger).map(markOf) });
  }

  #readWith(ids: readonly TaskId[], ledger: Ledger): string[] {
    const results = new Set([...this.#marks.results, ...ids]);
    return [...results].filter((id) => ledger.results.has(id as TaskId));
  }
}

/** The results outside the archive that can be read, the one that ended last first. */
export async function latestResults(ledger: Ledger): Promise<Result[]> {
  return (await sortedResults(ledger)).results;
}

/** Those that an agent which hands work out asked for: what its tasks handed out themselves ends in their results. */
export function withoutParts(results: readonly Result[]): Result[] {
  return results.filter(({ request }) => request.parent === undefined);
}

export type Unreadable = { id: TaskId; problem: string };

/** The same beside those that cannot be read: when these ended, nobody knows. */
export async function sortedResults(
  ledger: Ledger,
): Promise<{ results: Result[]; unreadable: Unreadable[] }> {
  const results: Result[] = [];
  const unreadable: Unreadable[] = [];
  for (const id of ledger.results) {
    const result = await readResult(ledger.snapshot, id);
    if (result && "problem" in result) unreadable.push({ id, problem: result.problem });
    else if (result) results.push(result);
  }
  results.sort((a, b) => (a.ended < b.ended ? 1 : a.ended > b.ended ? -1 : 0));
  return { results, unreadable };
}

function asking(ledger: Ledger): Ledger["tasks"] {
  return ledger.tasks.filter(({ state }) => state.kind === "needs-human" || state.kind === "needs-approval");
}

function markOf({ id, attempt }: Ledger["tasks"][number]): string {
  return `${id} ${attempt}`;
}
