import type { Task } from "../../src/core/task.ts";
import { parseResult } from "../../src/format/result.ts";
import type { ChildResult } from "../../src/ports/attempt-runner.ts";
import { childFile } from "./write-children.ts";

/** What an agent has to know that goes on after a wait: what it said to itself, and where the results are. */
export function whatChildrenBrought(
  { tried }: Pick<Task, "tried">,
  children: readonly ChildResult[],
): string | undefined {
  if (children.length === 0) return undefined;
  const note = tried.findLast(({ end }) => end === "waiting")?.why;
  const isOver = children.every(({ text, state }) => text !== undefined || state === undefined);
  return [
    `You have handed out parts of this task before${isOver ? ", and they have ended" : ""}. Go on from there; do not hand them out again.`,
    ...(note === undefined ? [] : [`What you noted then: ${note}`]),
    "",
    ...children.map(line),
  ].join("\n");
}

function line({ id, text, title = "", state }: ChildResult): string {
  if (text === undefined && state !== undefined) return `- ${id} ${title}: ${state}, it has not ended yet`;
  const result = text === undefined ? undefined : parseResult(text);
  if (!result || "problem" in result) return `- ${id}: it was taken away, there is no result`;
  const why = result.why === undefined ? "" : ` (${result.why})`;
  return `- ${id} ${result.title}: ${result.outcome}${why}, see children/${childFile(id)} in the working directory`;
}

/** How an agent hands work out. */
export const howToHandOut = `To have a part of it done by another task, which may run on another machine and knows nothing but its prompt:
  \`pawl submit "<prompt>"\`, or drop a Markdown file \`<name>.md\` into the folder named by the environment variable
  PAWL_TASK_INBOX; \`<name>.md.answer\` beside it says in a while which task was made of it, or why none. To go on
  when all of them have ended, write what you want to remember into the file \`wait\` in that folder and end: you will be
  started anew with their results, in a working directory that has nothing of this one. Do so only for large parts.`;
