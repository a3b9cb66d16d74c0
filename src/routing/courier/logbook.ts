import type { Journal } from "../../ports/journal.ts";
import { essential } from "../deliveries/compact.ts";
import { apply, fold } from "../deliveries/fold.ts";
import { emptyState, type State } from "../deliveries/state.ts";
import type { Entry } from "../entry.ts";

/** A shorter journal is read within moments. */
const worthCompacting = 20_000;

/**
 * What is known, and the journal that it comes from. An entry counts as soon as it is written; it is safe once `flush`
 * has resolved, and whatever would show outside that it was written has to wait for that.
 */
export class Logbook {
  readonly state: State = emptyState();
  readonly #journal: Journal<Entry>;
  readonly #taken: (entry: Entry) => void;
  #unsafe: Entry[] = [];
  #written = 0;
  #safe = 0;
  #flushing: Promise<void> | undefined;

  private constructor(journal: Journal<Entry>, taken: (entry: Entry) => void) {
    this.#journal = journal;
    this.#taken = taken;
  }

  /**
   * Reads the journal, and makes it shorter where half of it does not matter any more.
   *
   * @param taken is told each entry, those of the journal first
   */
  static async open(journal: Journal<Entry>, taken: (entry: Entry) => void, now: Date): Promise<Logbook> {
    const logbook = new Logbook(journal, taken);
    const all = await journal.read();
    const kept = all.length > worthCompacting ? essential(all, now) : all;
    const entries = kept.length < all.length / 2 ? kept : all;
    if (entries !== all) await journal.compact(entries);
    fold(entries, logbook.state);
    logbook.#written = entries.length;
    logbook.#safe = entries.length;
    for (const entry of entries) taken(entry);
    return logbook;
  }

  write(entries: readonly Entry[]): void {
    for (const entry of entries) {
      apply(this.state, entry);
      this.#taken(entry);
      this.#unsafe.push(entry);
      this.#written++;
    }
  }

  /** Rejects when the disk does not take them. They are kept, in their order, and the next call tries again. */
  async flush(): Promise<void> {
    const upTo = this.#written;
    while (this.#safe < upTo) {
      this.#flushing ??= this.#append();
      await this.#flushing;
    }
  }

  /** What was written after the first `count` entries, from disk. */
  async after(count: number): Promise<Entry[]> {
    await this.flush();
    return (await this.#journal.read()).slice(count);
  }

  async #append(): Promise<void> {
    const batch = this.#unsafe;
    this.#unsafe = [];
    try {
      await this.#journal.append(batch);
      this.#safe += batch.length;
    } catch (error) {
      this.#unsafe = [...batch, ...this.#unsafe];
      throw error;
    } finally {
      this.#flushing = undefined;
    }
  }
}
