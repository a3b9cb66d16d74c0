import { TaskId } from "../core/ids.ts";

/** Where things lie in the ledger branch; PROTOCOL.md is the contract. */
export const paths = {
  current: "CURRENT.md",
  queue: "worker/QUEUE.md",
  heartbeat: "worker/HEARTBEAT.md",
  results: "worker/RESULTS",
  inbox: "worker/INBOX",
} as const;

export function resultPath(id: TaskId): string {
  return `${paths.results}/${id}.md`;
}

/** The task whose result a file in RESULTS/ is, or undefined for a file that is something else. */
export function taskOfResult(fileName: string): TaskId | undefined {
  return fileName.endsWith(".md") ? TaskId.safeParse(fileName.slice(0, -3)).data : undefined;
}

/** Where a result goes whose lease was no longer its own; it is never the task's result. */
export function lateResultPath(id: TaskId, attempt: number): string {
  return `${paths.results}/${id}.late-${attempt}.md`;
}
