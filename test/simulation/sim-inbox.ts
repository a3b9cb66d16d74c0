import type { Task } from "../../src/core/task.ts";
import type { Drop, TaskInbox } from "../../src/ports/task-inbox.ts";
import type { World } from "./world.ts";

/** What every attempt of a task that hands others out does alike. */
export type Wishes = { drops: readonly Drop[]; waits: boolean };

const none: Wishes = { drops: [], waits: false };

/** Drawn by the task's id, so that another attempt, wherever it runs, wants the same. */
export function wishesOf({ id, request }: Pick<Task, "id" | "request">, { luck, traits }: World): Wishes {
  if (traits.parents === 0 || request.parent !== undefined) return none;
  const own = luck.stream(`wishes of ${id}`);
  if (!own.flip(traits.parents)) return none;
  const drops = Array.from({ length: own.whole(1, 2) }, (_, n): Drop => {
    const prompt = `Do part ${n} of ${id}.`;
    return {
      name: `${n}.md`,
      asked: { title: `Part ${n}`, prompt, request: own.flip(0.5) ? { key: `part-${n}` } : {} },
    };
  });
  return { drops, waits: own.flip(0.6) };
}

/** An inbox that is full from the beginning of the attempt. */
export class SimInbox implements TaskInbox {
  readonly isFilling = false;
  #open: readonly Drop[];

  constructor(drops: readonly Drop[]) {
    this.#open = drops;
  }

  read(): readonly Drop[] {
    return this.#open;
  }

  answer(name: string): void {
    this.#open = this.#open.filter((drop) => drop.name !== name);
  }
}
