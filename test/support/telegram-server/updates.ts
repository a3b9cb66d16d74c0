import type { Update } from "grammy/types";

type Waiting = { offset: number; answer(updates: Update[] | "conflict"): void };

/** What people did and the bot has not confirmed yet. Only one may ask at a time: the later one ends the earlier. */
export class Updates {
  #pending: Update[] = [];
  #lastId: number;
  #waiting: Waiting | undefined;

  constructor(lastId: number) {
    this.#lastId = lastId;
  }

  add(update: Omit<Update, "update_id">): Update {
    const added = { ...update, update_id: ++this.#lastId };
    this.#pending.push(added);
    this.#tell();
    return added;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** What has not been confirmed, of which asking with an offset confirms all before. */
  get pending(): readonly Update[] {
    return this.#pending;
  }

  /** Whether somebody asks right now. */
  get isAsked(): boolean {
    return this.#waiting !== undefined;
  }

  async ask(offset: number, seconds: number, gone: AbortSignal): Promise<Update[] | "conflict"> {
    this.#waiting?.answer("conflict");
    this.#pending = this.#pending.filter(({ update_id }) => update_id >= offset);
    if (this.#pending.length > 0 || seconds === 0) return [...this.#pending];
    const { promise, resolve } = Promise.withResolvers<Update[] | "conflict">();
    const waiting: Waiting = { offset, answer: resolve };
    this.#waiting = waiting;
    const timer = setTimeout(() => resolve([]), seconds * 1000);
    gone.addEventListener("abort", () => resolve([]));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      if (this.#waiting === waiting) this.#waiting = undefined;
    }
  }

  #tell(): void {
    this.#waiting?.answer([...this.#pending]);
  }
}
