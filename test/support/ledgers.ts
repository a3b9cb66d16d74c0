import { MemorySnapshot } from "../../src/adapters/memory/memory-snapshot.ts";
import { requestLines } from "../../src/core/request.ts";
import type { TaskId } from "../../src/core/ids.ts";
import type { Task } from "../../src/core/task.ts";
import { renderResult } from "../../src/format/result.ts";
import { machineLines } from "../../src/format/queue-header.ts";
import { filesOf, type Change } from "../../src/ledger/change.ts";
import { readLedger, type Ledger } from "../../src/ledger/view.ts";
import type { Snapshot } from "../../src/ports/shared-repo.ts";

/** A commit made of nothing but these files. */
export function aSnapshot(files: Record<string, string>, commit = "0".repeat(40)): Snapshot {
  return new MemorySnapshot({ commit, files: new Map(Object.entries(files)) });
}

/** A ledger with these open tasks, and whatever other files. */
export function aLedger(tasks: readonly Task[], files: Record<string, string> = {}): Promise<Ledger> {
  return readLedger(aSnapshot({ "worker/QUEUE.md": queueText(tasks), ...files }));
}

/** The ledger as it is after a change was published. */
export function after(ledger: Ledger, change: Change, files: Record<string, string> = {}): Promise<Ledger> {
  const all: Record<string, string> = { "worker/QUEUE.md": ledger.queue.text, ...files };
  for (const [path, text] of filesOf(change, ledger)) {
    if (text === null) delete all[path];
    else all[path] = text;
  }
  return readLedger(aSnapshot(all, "1".repeat(40)));
}

export function queueText(tasks: readonly Task[]): string {
  const sections = tasks.map(({ id, title, prompt, request, state, attempt, tried, approved, children }) => {
    const asked = requestLines(request).map(([key, value]) => `- ${key}: ${value}`);
    return [
      `## ${id} ${title}`,
      "",
      ...machineLines(state, attempt, tried, { approved, children }),
      ...asked,
      "",
      prompt,
      "",
      "",
    ].join("\n");
  });
  return `# Queue\n\n${sections.join("")}## Inbox\n`;
}

/** The file of a result that needed no lease: of a task that was cancelled before anybody began. */
export function resultOf(id: TaskId): Record<string, string> {
  const text = renderResult({
    id,
    title: "Rebuild the nightly report",
    outcome: "cancelled",
    why: undefined,
    lease: undefined,
    attempt: 0,
    started: undefined,
    ended: "2026-11-21T10:00:00Z",
    request: {},
    tried: [],
    facts: {},
    text: "",
  });
  return { [`worker/RESULTS/${id}.md`]: text };
}
