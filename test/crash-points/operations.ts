import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { JsonSpool } from "../../src/adapters/files/json-spool.ts";
import { realClock as clock } from "../../src/adapters/time/real-clock.ts";
import { NodeName, type TaskId } from "../../src/core/ids.ts";
import { renderResult } from "../../src/format/result.ts";
import { update } from "../../src/ledger/update.ts";
import { readResult } from "../../src/ledger/view.ts";
import { submitTask } from "../../src/main/submit-task.ts";
import type { WorkerMemory } from "../../worker/memory.ts";
import { aResult } from "../support/formats.ts";
import { queueText } from "../support/ledgers.ts";
import { aTask } from "../support/tasks.ts";
import type { Ground, Life, Node } from "./ground.ts";

/** Something that a node does in one life or, when it is killed, in two. */
export type Job = {
  live(): Promise<Life>;
  isDone(): Promise<boolean>;
  /** Of a job that the ledger has before the node's own disk knows that: whether it has. */
  isInLedger?(): Promise<boolean>;
  /** What is not as it should be when it is done. */
  complaints(): Promise<string[]>;
};

export type Operation = { name: string; prepare(ground: Ground, node: Node): Promise<Job> };

export const submit: Operation = {
  name: "submit",
  prepare: (ground, node) => Promise.resolve(submission(ground, node)),
};

/** With a cache that has to be made first. */
export const firstSubmit: Operation = {
  name: "submit on a new machine",
  prepare(ground, node) {
    rmSync(node.cache ?? ground.repos.cacheOf(node.name), { recursive: true, force: true });
    return Promise.resolve(submission(ground, node));
  },
};

function submission(ground: Ground, node: Node): Job {
  const asked = { id: ground.newId(), title: "A task", prompt: "Do it.", request: {} };
  const count = async () => (await ground.ledger()).tasks.filter(({ id }) => id === asked.id).length;
  return {
    async live() {
      const repo = await ground.open(node);
      const by = { repo, node: NodeName.parse(node.name), clock, chance: Math.random };
      return {
        once: async () => void (await update(by, (ledger) => submitTask(ledger, asked))),
        [Symbol.asyncDispose]: () => repo[Symbol.asyncDispose](),
      };
    },
    isDone: async () => (await count()) > 0,
    complaints: async () => ((await count()) === 1 ? [] : [`it is ${await count()} times in the queue`]),
  };
}

export const claim: Operation = {
  name: "claim",
  prepare(ground, node) {
    const id = aQueuedTask(ground);
    const never = new Promise<void>(() => undefined);
    const state = async () => (await ground.ledger()).tasks.find((task) => task.id === id);
    const starts = () => ground.started.filter((one) => one.startsWith(`${id}/`));
    return Promise.resolve({
      live: () => ground.worker(node, never),
      isDone: async () => {
        const task = await state();
        return task?.state.kind === "running" && starts().includes(`${id}/${task.attempt}`);
      },
      // A claim of a former life may be given back and made anew, but no attempt is started twice.
      complaints: () =>
        Promise.resolve(
          new Set(starts()).size === starts().length ? [] : [`started were ${starts().join()}`],
        ),
    });
  },
};

export const publishResult: Operation = {
  name: "result",
  async prepare(ground, node) {
    const id = aQueuedTask(ground);
    const finished = async () =>
      (await new JsonSpool<WorkerMemory>(ground.spoolOf(node)).read())?.finished.length ?? 0;
    const claiming = await ground.worker(node);
    await claiming.once();
    while ((await finished()) === 0) await sleep(10);
    await claiming[Symbol.asyncDispose]();
    return {
      live: () => ground.worker(node),
      isDone: async () => (await ground.ledger()).results.has(id) && (await finished()) === 0,
      isInLedger: async () => (await ground.ledger()).results.has(id),
      async complaints() {
        const { tasks, results } = await ground.ledger();
        const runs = ground.started.filter((one) => one.startsWith(`${id}/`)).length;
        return [
          ...(tasks.some((task) => task.id === id) ? ["its section is still there"] : []),
          ...(results.has(id) ? [] : ["there is no result"]),
          ...(runs === 1 ? [] : [`it ran ${runs} times`]),
        ];
      },
    };
  },
};

export const archive: Operation = {
  name: "archive",
  prepare(ground, node) {
    const ids = [1, 2, 3].map(() => ground.newId());
    const file = (id: TaskId) => [`worker/RESULTS/${id}.md`, renderResult(aResult({ id }))] as const;
    ground.repos.plant(Object.fromEntries(ids.map(file)));
    return Promise.resolve({
      live: () => ground.main(node, 2),
      isDone: async () => (await ground.ledger()).results.size <= 2,
      async complaints() {
        const { snapshot } = await ground.ledger();
        const lost = [];
        for (const id of ids) if (!(await readResult(snapshot, id))) lost.push(`the result of ${id} is lost`);
        return lost;
      },
    });
  },
};

/** Everything else that is open is out of the way. */
function aQueuedTask(ground: Ground): TaskId {
  const id = ground.newId();
  ground.repos.plant({ "worker/QUEUE.md": queueText([aTask({ id })]) });
  return id;
}
