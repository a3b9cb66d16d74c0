import { performance } from "node:perf_hooks";

import { NodeName, TaskId, Token } from "../src/core/ids.ts";
import { editQueue, type QueueEdit } from "../src/format/queue-edit.ts";
import { parseQueue } from "../src/format/queue.ts";

/** How long reading and changing a very long QUEUE.md takes: 10,000 sections, 2 MB. */
const sections = 10_000;
const runs = 20;

const text = longQueue();
const queue = parseQueue(text);
const edits = queue.tasks.map(({ task }): QueueEdit => ({
  kind: "set",
  task: {
    ...task,
    attempt: task.attempt + 1,
    state: { kind: "running", by: NodeName.parse("w1"), token: Token.parse("0123456789abcdef") },
  },
}));

const report = {
  sections: queue.tasks.length,
  bytes: Buffer.byteLength(text),
  parseMs: measured(() => parseQueue(text)),
  setAllMs: measured(() => editQueue(queue, edits)),
  setOneMs: measured(() => editQueue(queue, edits.slice(0, 1))),
};
console.log(JSON.stringify(report, undefined, 2));

function longQueue(): string {
  const parts = ["# Queue\n\n"];
  for (let n = 0; n < sections; n++) {
    const id = TaskId.parse(`T-20261121-${n.toString(36).padStart(5, "0")}`);
    parts.push(
      `## ${id} Task number ${n}\n\n`,
      n % 3 === 0 ? "- state: running\n- lease: w3 9f3c21aa0b1d2e3f\n- attempt: 2\n" : "- state: queued\n",
      "- priority: high\n- needs: gpu, linux\n- timeout: 2h\n\n",
      "Find out why the nightly report was empty, and build it again.\n",
      n % 5 === 0
        ? "\n```sh\n## not a heading\nmake report\n```\n\n"
        : "It should be complete by the morning.\n\n",
    );
  }
  parts.push("## Inbox\n\n- [ ] one line\n");
  return parts.join("");
}

function measured(action: () => unknown): { median: number; min: number } {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    action();
    return performance.now() - start;
  }).toSorted((a, b) => a - b);
  const round = (ms: number | undefined) => Math.round((ms ?? 0) * 10) / 10;
  return { median: round(times[runs / 2]), min: round(times[0]) };
}
