import type { Command } from "commander";

import { durationText } from "../core/duration.ts";
import type { TaskId } from "../core/ids.ts";
import { requestLines } from "../core/request.ts";
import { Fault } from "../fault.ts";
import { daysAround } from "../format/archive.ts";
import { childrenOf } from "../ledger/children.ts";
import { readResult, taskIn, type Ledger } from "../ledger/view.ts";
import type { Approval, Task } from "../core/task.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { askWhatWaits } from "./onlookers.ts";
import { resolveId } from "../main/resolve-id.ts";
import { when } from "./when.ts";
import { endedView, openView, stateText, type TaskView } from "./task-view.ts";
import { withLedger } from "./with-ledger.ts";

export function setUp(command: Command, host: Host): void {
  command
    .argument("<id>", "the task; the beginning of its id or of its last part is enough")
    .addHelpText("after", examples("pawl show T-20261121-7k3qx", "pawl show 7k3", "pawl show 7k3 --json"))
    .action((given: string) =>
      host.run(command, (cli) =>
        withLedger(cli, async (at) => {
          const waitsFor = await askWhatWaits(cli, at);
          return showTask(cli, at.ledger, await resolveId(at.ledger, given), waitsFor);
        }),
      ),
    );
}

/** Prints a task with its prompt or, once it has ended, with its result. */
export async function showTask(
  cli: Cli,
  ledger: Ledger,
  id: TaskId,
  waitsFor: (task: Task) => string | undefined = () => undefined,
): Promise<void> {
  const task = taskIn(ledger, id);
  const children = await handedOutBy(ledger, id);
  if (task) {
    const view = { ...openView(task), waitsFor: waitsFor(task), children };
    cli.answer({ ...view, prompt: task.prompt }, () => `${headOf(cli, view)}\n\n${task.prompt}`);
    return;
  }
  const result = await readResult(ledger.snapshot, id);
  if (!result || "problem" in result) {
    const bad = ledger.queue.bad.find((section) => section.id === id);
    const why = result?.problem ?? bad?.reason ?? "it is gone";
    throw new Fault("MOVE_REFUSED", `${id} cannot be read: ${why}`, {
      hint: `Mend ${bad ? `worker/QUEUE.md, line ${bad.line}` : `worker/RESULTS/${id}.md`} by hand.`,
    });
  }
  const view = { ...endedView(result), children };
  cli.answer({ ...view, text: result.text }, () => `${headOf(cli, view)}\n\n${result.text}`);
}

/** Most are handed out on the day their parent was made, or on the next; the archive is not asked for others. */
async function handedOutBy(ledger: Ledger, id: TaskId): Promise<TaskView["children"]> {
  const children = await childrenOf(ledger, id, daysAround(id, { before: 0, after: 1 }));
  return children.length === 0 ? undefined : children.map(({ id, title, state }) => ({ id, title, state }));
}

function headOf(cli: Cli, task: TaskView): string {
  const {
    id,
    title,
    state,
    worker,
    attempt,
    why,
    waitsFor,
    started,
    ended,
    request,
    tried,
    facts,
    approved,
    digest,
    children = [],
  } = task;
  const on = worker === undefined ? "" : ` on ${worker}`;
  const nth = attempt > 1 ? `, attempt ${attempt}` : "";
  const seconds = started && ended ? (Date.parse(ended) - Date.parse(started)) / 1000 : undefined;
  const lines: [string, string | undefined][] = [
    ["state", `${stateText(cli, state)}${on}${nth}`],
    ["why", why],
    ["waits for", waitsFor],
    ["approved", approved && approvalText(approved)],
    ["digest", digest],
    ["ended", ended && `${when(ended)}${seconds === undefined ? "" : ` after ${durationText(seconds)}`}`],
    ...requestLines(request),
    ...children.map((child): [string, string] => [
      "child",
      `${child.id} ${stateText(cli, child.state)}: ${child.title}`,
    ]),
    ...tried.map((past): [string, string] => [
      "tried",
      `${past.attempt} on ${past.by}: ${past.end}, ${past.why}`,
    ]),
    [
      "facts",
      Object.entries(facts ?? {})
        .map(([name, fact]) => `${name} ${fact}`)
        .join(", ") || undefined,
    ],
  ];
  const told = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`${cli.paint("dim", name.padEnd(10))} ${value}`],
  );
  return `${cli.paint("bold", `${id}  ${title}`)}\n${told.join("\n")}`;
}

function approvalText({ by, at, stands }: Approval): string {
  return `by ${by}, ${when(at)}${stands ? "" : "; void, the task was edited afterwards"}`;
}
