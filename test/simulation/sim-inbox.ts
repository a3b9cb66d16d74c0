import type { Task } from "../../src/core/task.ts";
import type { Drop, DropAnswer, TaskInbox } from "../../src/ports/task-inbox.ts";
import type { World } from "./world.ts";

/** What every attempt of a task that hands others out does alike. */
export type Wishes = {
  drops: readonly Drop[];
  /** Asked for once the first has its answer: it comes after that one. */
  follower?: Drop | undefined;
  waits: boolean;
};

const none: Wishes = { drops: [], waits: false };

/** Drawn by the task's id, so that another attempt, wherever it runs, wants the same. */
export function wishesOf(task: Pick<Task, "id" | "request">, world: World): Wishes {
  return drawn(task, world).first;
}

/** What an attempt wants by what the task has waited for already. */
export function wishesAfterWaiting(task: Pick<Task, "id" | "request" | "tried">, world: World): Wishes {
  const waits = task.tried.filter(({ end }) => end === "waiting").length;
  const { first, again } = drawn(task, world);
  return waits === 0 ? first : waits === 1 ? again : none;
}

/** How many children it can come to have. */
export function mostChildren(task: Pick<Task, "id" | "request">, world: World): number {
  const { first, again } = drawn(task, world);
  return first.drops.length + (first.follower ? 1 : 0) + again.drops.length;
}

function drawn({ id, request }: Pick<Task, "id" | "request">, { luck, traits }: World) {
  const isLeaf = request.key?.includes("/leaf-") === true;
  if (traits.parents === 0 || isLeaf) return { first: none, again: none };
  const own = luck.stream(`wishes of ${id}`);
  const isChild = request.parent !== undefined;
  if (!own.flip(isChild ? traits.parents / 3 : traits.parents)) return { first: none, again: none };
  const drop = (name: string, hasKey: boolean): Drop => {
    const key = isChild ? `leaf-${name}` : hasKey ? `part-${name}` : undefined;
    const asked = { title: `Part ${name}`, prompt: `Do part ${name} of ${id}.` };
    return { name: `${name}.md`, asked: { ...asked, request: key === undefined ? {} : { key } } };
  };
  const drops = Array.from({ length: own.whole(1, 2) }, (_, n) => drop(String(n), own.flip(0.5)));
  const waits = own.flip(0.6);
  const follower = own.flip(0.4) ? drop("then", true) : undefined;
  const again = waits && own.flip(0.3) ? { drops: [drop("again", true)], waits: true } : none;
  return { first: { drops, follower, waits }, again };
}

/** An inbox that has most of its drops from the beginning of the attempt. */
export class SimInbox implements TaskInbox {
  readonly isFilling = false;
  #open: readonly Drop[];
  #follower: Drop | undefined;

  constructor({ drops, follower }: Wishes) {
    this.#open = drops;
    this.#follower = follower;
  }

  read(): readonly Drop[] {
    return this.#open;
  }

  answer(name: string, answer: DropAnswer): void {
    this.#open = this.#open.filter((drop) => drop.name !== name);
    const asked = this.#follower?.asked;
    if (answer.kind === "refused" || !this.#follower || !asked || "problem" in asked) return;
    const request = { ...asked.request, after: [answer.id] };
    this.#open = [...this.#open, { ...this.#follower, asked: { ...asked, request } }];
    this.#follower = undefined;
  }
}
