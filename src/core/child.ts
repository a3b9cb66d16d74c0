import { durationText } from "./duration.ts";
import { priorities, thinkingLevels, type Request } from "./request.ts";
import type { Task } from "./task.ts";

/** What tasks may hand out, and what their children may be that they are not themselves. */
export type ChildRights = {
  /** How many children a task may have in all its life; 0 forbids them. */
  most: number;
  /** How many generations below a task that somebody submitted. */
  depth: number;
  executors: readonly string[];
  models: readonly string[];
  needs: readonly string[];
  categories: readonly string[];
};

/** More could not be read again. */
const mostNeeds = 20;

/** What counts for a parent that says nothing about it. */
export type Usual = { executor: string; timeoutSeconds: number };

/**
 * What a child asks for: what its parent does, or less. More only where the rights name it.
 *
 * @param asked by the parent's attempt, whose word is a stranger's
 */
export function childRequest(
  parent: Pick<Task, "id" | "request">,
  asked: Request,
  rights: ChildRights,
  usual: Usual,
): { request: Request } | { refused: string } {
  const refused = excess(parent.request, asked, rights, usual);
  if (refused !== undefined) return { refused };
  const { executor: own = usual.executor } = parent.request;
  // A model and how hard it is to think mean nothing to another executor.
  const isOther = asked.executor !== undefined && asked.executor !== own;
  const { key: _key, created: _created, model, thinking, ...inherited } = parent.request;
  const { after: _after, ...kept } = inherited;
  const needs = [...new Set([...(kept.needs ?? []), ...(asked.needs ?? [])])];
  return {
    request: {
      ...kept,
      ...(!isOther && model !== undefined && { model }),
      ...(!isOther && thinking !== undefined && { thinking }),
      ...asked,
      ...(needs.length > 0 && { needs }),
      by: parent.id,
      parent: parent.id,
    },
  };
}

/** The first thing that is too much, in words for whoever asked. */
function excess(parent: Request, asked: Request, rights: ChildRights, usual: Usual): string | undefined {
  const { by, created, executor, model, category, needs = [], approval } = asked;
  if (by !== undefined || created !== undefined) return "by and created are not for a task to say";
  if (approval === "none" && parent.approval === "required")
    return "approval: none is more than the task itself has: it needed one";
  const ownExecutor = parent.executor ?? usual.executor;
  if (executor !== undefined && executor !== ownExecutor && !rights.executors.includes(executor))
    return notAllowed("executor", executor, [ownExecutor, ...rights.executors]);
  if (model !== undefined && model !== parent.model && !rights.models.includes(model))
    return notAllowed("model", model, [
      ...(parent.model === undefined ? [] : [parent.model]),
      ...rights.models,
    ]);
  if (category !== undefined && category !== parent.category && !rights.categories.includes(category))
    return notAllowed("category", category, [
      ...(parent.category === undefined ? [] : [parent.category]),
      ...rights.categories,
    ]);
  const known = [...(parent.needs ?? []), ...rights.needs];
  const foreign = needs.find((need) => !known.includes(need));
  if (foreign !== undefined) return notAllowed("needs", foreign, known);
  if (new Set([...(parent.needs ?? []), ...needs]).size > mostNeeds)
    return `needs: more than ${mostNeeds} with those of the task itself`;
  return tooMuch(parent, asked, usual);
}

function notAllowed(key: string, value: string, allowed: readonly string[]): string {
  const may = allowed.length === 0 ? "leave it out" : `allowed is ${allowed.join(", ")}`;
  return `${key}: ${value} is not the task's own, and the worker's configuration does not allow it; ${may}`;
}

function tooMuch(parent: Request, asked: Request, usual: Usual): string | undefined {
  const { priority, timeout, attempts, expires, thinking } = asked;
  const ownPriority = parent.priority ?? "normal";
  if (priority !== undefined && priorities.indexOf(priority) < priorities.indexOf(ownPriority))
    return `priority: ${priority} is above the task's own, ${ownPriority}`;
  const ownTimeout = parent.timeout ?? usual.timeoutSeconds;
  if (timeout !== undefined && timeout > ownTimeout)
    return `timeout: ${durationText(timeout)} is longer than the task's own, ${durationText(ownTimeout)}`;
  const ownAttempts = parent.attempts ?? 1;
  if (attempts !== undefined && attempts > ownAttempts)
    return `attempts: ${attempts} are more than the task's own ${ownAttempts}`;
  if (
    expires !== undefined &&
    parent.expires !== undefined &&
    Date.parse(expires) > Date.parse(parent.expires)
  )
    return `expires: ${expires} is later than the task's own, ${parent.expires}`;
  if (thinking === undefined || thinking === parent.thinking) return undefined;
  if (parent.thinking !== undefined && rankOf(thinking) < rankOf(parent.thinking)) return undefined;
  return `thinking: ${thinking} is not below the task's own; leave it out`;
}

function rankOf(thinking: NonNullable<Request["thinking"]>): number {
  return thinkingLevels.indexOf(thinking);
}
