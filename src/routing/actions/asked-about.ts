import type { Action, Envelope } from "../../core/envelope.ts";
import { TaskId } from "../../core/ids.ts";

type Open = { question: { action: Action }; envelope: Pick<Envelope, "category" | "title"> };
type Asked = { task: TaskId; title: string; asked: "needs-approval" | "needs-human" };

/** The open tasks that wait for these answers. Of a task that has ended it may be asked for good what to do next. */
export function askedAbout(open: readonly Open[]): Asked[] {
  return open.flatMap(({ question: { action }, envelope: { category, title } }): Asked[] => {
    const task = TaskId.safeParse(action.target?.task);
    if (!task.success) return [];
    if (action.target?.kind === "approve-task") return [{ task: task.data, title, asked: "needs-approval" }];
    return category === "action.choose" ? [{ task: task.data, title, asked: "needs-human" }] : [];
  });
}
