import type { TaskId } from "./ids.ts";
import { priorities } from "./request.ts";
import { outage } from "./retry.ts";
import { needsApproval, type Task } from "./task.ts";

/** What a worker can do, as it says in its beat. */
export type Offer = {
  executors: readonly string[];
  capabilities: readonly string[];
  /** Those of the executors that met a passing trouble: one task at a time tries whether it is over. */
  probing?: readonly string[];
};

export type Circumstances = {
  /** Executor of a task that names none. */
  defaultExecutor: string;
  /** Is this id the id of a task that has succeeded? */
  hasSucceeded: (id: TaskId) => boolean;
  now: Date;
};

/** Why a queued task is not for this worker now; undefined when it is. */
export function obstacle(task: Task, offer: Offer, around: Circumstances): string | undefined {
  const { state, request } = task;
  if (state.kind !== "queued") return `it is ${state.kind}`;
  if (needsApproval(task)) return "it waits for an approval";
  const executor = request.executor ?? around.defaultExecutor;
  if (!offer.executors.includes(executor)) return `it wants the executor ${executor}`;
  const missing = (request.needs ?? []).filter((need) => !offer.capabilities.includes(need));
  if (missing.length > 0) return `it needs ${missing.join(" and ")}`;
  const waiting = (request.after ?? []).filter((id) => !around.hasSucceeded(id));
  if (waiting.length > 0) return `it comes after ${waiting.join(" and ")}`;
  if (isExpired(task, around.now)) return "it has expired";
  return undefined;
}

/**
 * The tasks this worker should take, best first: higher priority, then the order of the file. With an executor that is
 * on probation goes only one, of those that met the fewest troubles: a task that always meets one must not hold up all others.
 */
export function chooseNext(
  tasks: readonly Task[],
  offer: Offer,
  around: Circumstances,
  atMost: number,
): Task[] {
  if (atMost <= 0) return [];
  const inTurn = tasks
    .filter((task) => obstacle(task, offer, around) === undefined)
    .toSorted((a, b) => rank(a) - rank(b));
  const executorOf = ({ request }: Task) => request.executor ?? around.defaultExecutor;
  const probes = new Map(
    (offer.probing ?? []).map((one) => [one, probeAmong(inTurn.filter((task) => executorOf(task) === one))]),
  );
  return inTurn
    .filter((task) => !probes.has(executorOf(task)) || probes.get(executorOf(task)) === task)
    .slice(0, atMost);
}

function probeAmong(inTurn: readonly Task[]): Task | undefined {
  const met = (task: Task) => outage(task.tried).length;
  return inTurn.toSorted((a, b) => met(a) - met(b)).at(0);
}

/**
 * A person's deadline is a wall-clock time by nature; it is compared with the clock of the node that would act. What has
 * begun in time, and goes on when its children have ended, is not late.
 */
export function isExpired({ request, tried }: Pick<Task, "request" | "tried">, now: Date): boolean {
  if (tried.at(-1)?.end === "waiting") return false;
  return request.expires !== undefined && now.getTime() >= Date.parse(request.expires);
}

function rank({ request }: Task): number {
  return priorities.indexOf(request.priority ?? "normal");
}
