import { amountIn } from "../src/core/costs.ts";
import { newToken, type Token } from "../src/core/ids.ts";
import type { Ending, Facts } from "../src/core/outcome.ts";
import type { Task } from "../src/core/task.ts";
import type { Drop } from "../src/ports/task-inbox.ts";
import type { Chance } from "../src/ports/chance.ts";
import type { Spool } from "../src/ports/spool.ts";

/** An attempt that is over, and that the ledger has not been told of yet. */
export type Finished = {
  task: Task;
  token: Token;
  ending: Ending;
  facts: Facts;
  started: string;
  ended: string;
  /** What it wanted others to do, as far as nobody had answered that. */
  drops?: readonly Drop[] | undefined;
};

/** What a worker must not forget when it dies. */
export type WorkerMemory = {
  /** Tells this state folder from any other, whatever the worker and its machine are called. */
  id?: Token;
  /** Tokens that were drawn for claims; a push that was cut off may have landed with any of them. */
  drawn: Token[];
  /** Those of them whose attempt was started: it is never started a second time. */
  started: Token[];
  finished: Finished[];
  beats: number;
  /** When the repository was last pushed to, in milliseconds of the epoch; kept where pushes are scarce. */
  pushes?: readonly number[];
  /** What the attempts that ended on the last day of work have cost; whether it was told that this was too much. */
  spent?: Spent;
};

type Spent = { day: string; usd: number; isTold?: boolean };

const emptyMemory: WorkerMemory = { drawn: [], started: [], finished: [], beats: 0 };

const remembered = 200;

/** Keeps the memory on disk, one write at a time, newest state last. */
export class Remembering {
  #memory: WorkerMemory;
  #writing: Promise<void> = Promise.resolve();
  /** The write that has not begun yet. */
  #next: Promise<void> | undefined;
  readonly #spool: Spool<WorkerMemory>;

  #isIdentified: boolean;

  private constructor(spool: Spool<WorkerMemory>, memory: WorkerMemory) {
    this.#spool = spool;
    this.#memory = memory;
    this.#isIdentified = memory.id !== undefined;
  }

  static async open(spool: Spool<WorkerMemory>): Promise<Remembering> {
    return new Remembering(spool, (await spool.read()) ?? emptyMemory);
  }

  get isIdentified(): boolean {
    return this.#isIdentified;
  }

  get now(): WorkerMemory {
    return this.#memory;
  }

  /** Draws the id, once in the life of the state folder. Nobody hears of it before it is on disk. */
  async identify(chance: Chance): Promise<void> {
    if (this.#isIdentified) return;
    await this.#change({ id: this.#memory.id ?? newToken(chance) });
    this.#isIdentified = true;
  }

  draw(tokens: readonly Token[]): Promise<void> {
    if (tokens.length === 0) return Promise.resolve();
    return this.#change({ drawn: [...this.#memory.drawn, ...tokens].slice(-remembered) });
  }

  start(token: Token): Promise<void> {
    return this.#change({ started: [...this.#memory.started, token].slice(-remembered) });
  }

  /** @param day to which its cost belongs */
  finish(finished: Finished, day: string): Promise<void> {
    const cost = amountIn(finished.facts, "cost-usd") ?? 0;
    const { spent } = this.#memory;
    return this.#change({
      finished: [...this.#memory.finished, finished],
      ...(cost > 0 && {
        spent: spent?.day === day ? { ...spent, usd: spent.usd + cost } : { day, usd: cost },
      }),
    });
  }

  noteBudgetTold(): Promise<void> {
    const { spent } = this.#memory;
    return spent ? this.#change({ spent: { ...spent, isTold: true } }) : Promise.resolve();
  }

  settle(tokens: readonly Token[]): Promise<void> {
    if (tokens.length === 0) return Promise.resolve();
    return this.#change({ finished: this.#memory.finished.filter(({ token }) => !tokens.includes(token)) });
  }

  /** Counted in memory only: a beat of a former life with the same number differs by its time. */
  nextBeat(): number {
    this.#memory = { ...this.#memory, beats: this.#memory.beats + 1 };
    return this.#memory.beats;
  }

  /** Kept by whatever is written next, as each claim is before its push. A life that only beats leaves nothing. */
  notePushes(pushes: readonly number[]): void {
    this.#memory = { ...this.#memory, pushes };
  }

  #change(part: Partial<WorkerMemory>): Promise<void> {
    this.#memory = { ...this.#memory, ...part };
    const write = () => {
      this.#next = undefined;
      return this.#spool.write(this.#memory);
    };
    // Syncing to disk is slow, so changes that come meanwhile share the write that follows. One that failed was told to
    // whoever asked for it; the next one brings everything.
    this.#next ??= this.#writing = this.#writing.then(write, write);
    return this.#next;
  }
}
