import { createHash } from "node:crypto";

import { childRequest, type ChildRights, type Usual } from "../../src/core/child.ts";
import type { NodeName, TaskId, Token } from "../../src/core/ids.ts";
import { holds } from "../../src/core/move.ts";
import { requestLines, type Request } from "../../src/core/request.ts";
import { stamp } from "../../src/core/stamp.ts";
import type { Task } from "../../src/core/task.ts";
import { daysSince } from "../../src/format/archive.ts";
import { firstState } from "../../src/ledger/after.ts";
import { noChange, type Change } from "../../src/ledger/change.ts";
import { childrenOf, depthOf } from "../../src/ledger/children.ts";
import { freeId } from "../../src/ledger/free-id.ts";
import { taskIn, withOutcomes, type Ledger } from "../../src/ledger/view.ts";
import type { Drop, DropAnswer } from "../../src/ports/task-inbox.ts";

/** What one attempt wants others to do. */
export type Handing = { task: Task; token: Token; drops: readonly Drop[] };

export type Answered = { token: Token; name: string; answer: DropAnswer };

export type HandedOut = {
  change: Change;
  answers: Answered[];
  /** All that the task has handed out by now, in whichever attempt. */
  children: TaskId[];
};

export type Giving = {
  me: NodeName;
  now: Date;
  chance: () => number;
  rights: ChildRights;
  usual: Usual;
  /** Ids that were drawn for this commit. */
  taken: Set<TaskId>;
};

/** The archive is not asked further back for earlier children, however long a task has been at it. */
const mostDays = 31;

export function archiveDays(parent: TaskId, now: Date): string[] {
  return daysSince(parent, now).slice(0, mostDays);
}

type Asked = Exclude<Drop["asked"], { problem: string }>;

/**
 * Makes tasks of what an attempt asks for, once each: an attempt that is made again asks for the same under the same key.
 * Undefined when the lease is no longer the attempt's, and nobody is to be answered.
 */
export async function handOut(
  ledger: Ledger,
  { task: { id }, token, drops }: Handing,
  giving: Giving,
): Promise<HandedOut | undefined> {
  const { me, now, rights } = giving;
  const parent = taskIn(ledger, id);
  if (!parent || ledger.finished.has(id) || !holds(parent.state, { by: me, token })) return undefined;
  const change = noChange();
  const answers: Answered[] = [];
  const known = new Map<string, TaskId>();
  const children: TaskId[] = [];
  for (const child of await childrenOf(ledger, id, archiveDays(id, now))) {
    children.push(child.id);
    if (child.request.key !== undefined) known.set(child.request.key, child.id);
  }
  const isDeep = (await depthOf(ledger, parent, rights.depth)) >= rights.depth;
  for (const { name, asked } of drops) {
    const answer = await answerTo(parent, asked);
    answers.push({ token, name, answer });
    if (answer.kind === "queued" && !answer.existing) children.push(answer.id);
  }
  return { change, answers, children };

  async function answerTo(parent: Task, asked: Drop["asked"]): Promise<DropAnswer> {
    if ("problem" in asked) return { kind: "refused", why: asked.problem };
    const key = keyOf(id, asked);
    const earlier = known.get(key);
    if (earlier !== undefined) return { kind: "queued", id: earlier, existing: true };
    const why = tooMany() ?? foreignAfter(asked.request);
    if (why !== undefined) return { kind: "refused", why };
    const child = childRequest(parent, asked.request, rights, giving.usual);
    if ("refused" in child) return { kind: "refused", why: child.refused };
    const newborn = await add(asked, { ...child.request, key, created: stamp(now) });
    known.set(key, newborn);
    return { kind: "queued", id: newborn, existing: false };
  }

  function tooMany(): string | undefined {
    if (rights.most === 0) return "tasks hand nothing out here (worker.children.most is 0)";
    if (isDeep)
      return `it was handed out itself, and ${rights.depth} generations are allowed (worker.children.depth)`;
    if (children.length < rights.most) return undefined;
    return `the task has handed out ${children.length} tasks, and more are not allowed (worker.children.most)`;
  }

  function foreignAfter({ after = [] }: Request): string | undefined {
    const foreign = after.find((before) => !children.includes(before));
    return foreign && `after: ${foreign} is not a task that this one has handed out`;
  }

  async function add({ title, prompt }: Asked, request: Request): Promise<TaskId> {
    const newborn = await freeId(ledger, { today: now, chance: giving.chance }, giving.taken);
    giving.taken.add(newborn);
    const state = firstState(request, await withOutcomes(ledger, request.after ?? []));
    change.edits.push({ kind: "add", task: { id: newborn, title, prompt, request, state } });
    change.deeds.push(`queues ${newborn} for ${id}`);
    return newborn;
  }
}

/** The same for the same request, whichever attempt makes it and whenever. */
function keyOf(parent: TaskId, { title, prompt, request }: Asked): string {
  const { key, ...rest } = request;
  const own = key ?? digestOf(JSON.stringify([title, prompt, requestLines(rest)]));
  // A key has at most 200 characters, and the parent's id takes some of them.
  return `${parent}/${own.length > 150 ? digestOf(own) : own}`;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
