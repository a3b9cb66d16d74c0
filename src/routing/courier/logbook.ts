import type { Journal } from "../../ports/journal.ts";
import { essential } from "../deliveries/compact.ts";
import { apply, fold } from "../deliveries/fold.ts";
import { emptyState, type State } from "../deliveries/state.ts";
import type { Entry } from "../entry.ts";

/** A shorter journal is read within moments. */
const worthCompacting = 20_000;

/** Below this a day more or less of it is not felt. */
const worthALook = 1000;

const dayMs = 86_400_000;

/**
 * What is known, and the journal that it comes from. An entry counts as soon as it is written; it is safe once `flush`
 * has resolved, and whatever would show outside that it was written has to wait for that.
 */
export class Logbook {
  readonly #journal: Journal<Entry>;
  readonly #taken: (entry: Entry) => void;
  #state: State = emptyState();
  /** Those after the first `state.mirrored`. */
  #uncopied: Entry[] = [];
  /** When the journal was last looked through for what does not matter any more, and how long it was then. */
  #looked: { at: Date; entries: number };
  #unsafe: Entry[] = [];
  #written = 0;
  #safe = 0;
  #flushing: Promise<void> | undefined;
  #renewing: Promise<void> | undefined;
  #borrowers = 0;

  private constructor(journal: Journal<Entry>, taken: (entry: Entry) => void, now: Date) {
    this.#journal = journal;
    this.#taken = taken;
    this.#looked = { at: now, entries: 0 };
  }

  /** Another one after each `renew`. */
  get state(): State {
    return this.#state;
  }

  /**
   * Reads the journal, and makes it shorter where half of it does not matter any more.
   *
   * @param taken is told each entry, those of the journal first
   */
  static async open(journal: Journal<Entry>, taken: (entry: Entry) => void, now: Date): Promise<Logbook> {
    const logbook = new Logbook(journal, taken, now);
    const all = await journal.read();
    const kept = all.length > worthCompacting ? essential(all, now) : all;
    const entries = kept.length < all.length / 2 ? kept : all;
    if (entries !== all) await journal.compact(entries);
    logbook.#begin(entries, now);
    for (const entry of entries) taken(entry);
    return logbook;
  }

  write(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#take(entry);
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

  /** What was written after what is mirrored; all of it is on disk. */
  async uncopied(): Promise<Entry[]> {
    const entries = [...this.#uncopied];
    await this.flush();
    return entries;
  }

  /** Whether so much was written that some of it cannot matter any more. */
  isLong(now: Date): boolean {
    const { at, entries } = this.#looked;
    const hasDoubled = this.#state.entries > Math.max(worthCompacting, 2 * entries);
    const isDayOver = now.getTime() - at.getTime() >= dayMs;
    return hasDoubled || (isDayOver && this.#state.entries > worthALook);
  }

  /**
   * Forgets what does not matter any more, on disk and in memory, unless somebody borrows it just now. What was taken
   * from the state before, or counted in the journal, is of no use afterwards.
   */
  async renew(now: Date): Promise<void> {
    await this.flush();
    if (this.#borrowers > 0 || this.#flushing || this.#unsafe.length > 0) return;
    const work = this.#renew(now);
    // What is written meanwhile waits for it, and goes to the old journal if there is no new one.
    this.#renewing = work.catch(() => undefined).finally(() => (this.#flushing = this.#renewing = undefined));
    this.#flushing = this.#renewing;
    await work;
  }

  /** Nothing is forgotten while this goes on, so it may keep hold of the state and of places in the journal. */
  async lend<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.#borrowers++;
    try {
      await this.#renewing;
      return await work();
    } finally {
      this.#borrowers--;
    }
  }

  async #renew(now: Date): Promise<void> {
    this.#looked = { at: now, entries: this.#state.entries };
    const all = await this.#journal.read();
    const kept = essential(all, now);
    if (kept.length >= all.length) return;
    await this.#journal.compact(kept);
    this.#begin(kept, now);
    for (const entry of this.#unsafe) this.#take(entry);
  }

  #begin(entries: readonly Entry[], now: Date): void {
    this.#state = fold(entries);
    this.#uncopied = entries.slice(this.#state.mirrored);
    this.#looked = { at: now, entries: entries.length };
  }

  #take(entry: Entry): void {
    const { mirrored } = this.#state;
    apply(this.#state, entry);
    this.#uncopied.push(entry);
    this.#uncopied.splice(0, this.#state.mirrored - mirrored);
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
