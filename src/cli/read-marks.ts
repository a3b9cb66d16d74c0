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

  /** Everything in this ledger has been shown. Results in the archive need no mark any more. */
  async allRead(ledger: Ledger): Promise<void> {
    await this.#spool.write({ results: [...ledger.results], asked: asking(ledger).map(markOf) });
  }

  async read(ids: readonly TaskId[], ledger: Ledger): Promise<void> {
    const results = [...new Set([...this.#marks.results, ...ids])];
    const kept = results.filter((id) => ledger.results.has(id as TaskId));
    await this.#spool.write({ ...this.#marks, results: kept });
  }
}

/** The results outside the archive, the one that ended last first; unreadable ones are left out. */
export async function latestResults(ledger: Ledger): Promise<Result[]> {
  const results: Result[] = [];
  for (const id of ledger.results) {
    const result = await readResult(ledger.snapshot, id);
    if (result && !("problem" in result)) results.push(result);
  }
  return results.toSorted((a, b) => (a.ended < b.ended ? 1 : a.ended > b.ended ? -1 : 0));
}

function asking(ledger: Ledger): Ledger["tasks"] {
  return ledger.tasks.filter(({ state }) => state.kind === "needs-human" || state.kind === "needs-approval");
}

function markOf({ id, attempt }: Ledger["tasks"][number]): string {
  return `${id} ${attempt}`;
}
