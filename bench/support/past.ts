import { spawn } from "node:child_process";
import { once } from "node:events";

import { NodeName, TaskId, Token } from "../../src/core/ids.ts";
import type { Task } from "../../src/core/task.ts";
import { appendResults, archivePath } from "../../src/format/archive.ts";
import { commitMessage } from "../../src/format/commit-message.ts";
import { renderResult } from "../../src/format/result.ts";
import { resultPath } from "../../src/ledger/paths.ts";
import { queueText } from "../../test/support/ledgers.ts";
import { aTask } from "../../test/support/tasks.ts";

/** Tasks a day, as many results in one file of the archive; results left in RESULTS/; results moved at once. */
const [aDay, kept, sweep] = [300, 150, 50];
const worker = NodeName.parse("worker");
const main = NodeName.parse("main");
const firstDay = Date.UTC(2025, 0, 1);

/**
 * Writes the past of `count` finished tasks into an empty hub, commit by commit as nodes make it: queued, claimed,
 * ended, and the oldest results moved to the archive. Each result has about 1 KB.
 */
export async function writePast(hub: string, count: number): Promise<void> {
  const git = spawn("git", ["--git-dir", hub, "fast-import", "--quiet", "--force"], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = once(git, "close");
  const day = { path: "", text: "" };
  const fresh: { id: TaskId; text: string }[] = [];
  let second = firstDay / 1000;
  const commit = async (node: NodeName, deed: string, files: [string, string | null][]) => {
    const message = commitMessage(node, tokenOf(second), [deed]);
    const parts = [
      `commit refs/heads/main\ncommitter ${node} <${node}@pawl.invalid> ${second++} +0000\n${data(message)}`,
      ...files.map(([path, text]) =>
        text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`,
      ),
    ];
    if (!git.stdin.write(parts.join(""))) await once(git.stdin, "drain");
  };
  await commit(main, "begins", [["worker/QUEUE.md", queueText([])]]);
  for (let n = 0; n < count; n++) {
    const task = aTask({ id: idOf(n), title: `Compare the backup offers of week ${n}`, prompt: prompt(n) });
    const token = Token.parse(tokenOf(n));
    const held: Task = { ...task, attempt: 1, state: { kind: "running", by: worker, token } };
    const result = { id: task.id, text: resultText(held, token, n) };
    await commit(main, `queues ${task.id} ${task.title}`, [["worker/QUEUE.md", queueText([task])]]);
    await commit(worker, `claims ${task.id}`, [["worker/QUEUE.md", queueText([held])]]);
    await commit(worker, `${task.id} succeeded`, [
      ["worker/QUEUE.md", queueText([])],
      [resultPath(task.id), result.text],
    ]);
    fresh.push(result);
    if (fresh.length < kept + sweep) continue;
    const old = fresh.splice(0, sweep);
    const moved: [string, string | null][] = old.map(({ id }) => [resultPath(id), null]);
    for (const one of old) {
      const path = archivePath(one.id, 1);
      if (path !== day.path && day.path !== "") moved.push([day.path, day.text]);
      day.text = appendResults(path === day.path ? day.text : undefined, [one]);
      day.path = path;
    }
    await commit(main, `archives ${old.length} results`, [...moved, [day.path, day.text]]);
  }
  git.stdin.end("done\n");
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

function idOf(n: number): TaskId {
  const date = new Date(firstDay + Math.floor(n / aDay) * 86_400_000).toISOString().slice(0, 10);
  return TaskId.parse(`T-${date.replaceAll("-", "")}-${(n % aDay).toString(36).padStart(5, "0")}`);
}

/** Sixteen hexadecimal digits that look like chance. */
function tokenOf(n: number): string {
  const half = (salt: number) => (Math.imul(n + salt, 2_654_435_761) >>> 0).toString(16).padStart(8, "0");
  return half(1) + half(77_777);
}

function prompt(n: number): string {
  return `They are in offers/${tokenOf(n + 10_000_000)}. Say which one you would take, and why.`;
}

function resultText({ id, title, attempt, request }: Task, token: Token, n: number): string {
  const time = "2026-11-21T10:00:00Z";
  const text = Array.from(
    { length: 8 },
    (_, line) => `- Offer ${tokenOf(n * 8 + line)}: ${prompt(n + line)}`,
  );
  return renderResult({
    id,
    title,
    outcome: "succeeded",
    why: undefined,
    lease: { by: worker, token },
    attempt,
    started: time,
    ended: time,
    request,
    tried: [],
    facts: { executor: "openclaw", seconds: n % 900 },
    text: text.join("\n"),
  });
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
