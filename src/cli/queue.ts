import type { Command } from "commander";

import type { Request } from "../core/request.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { table } from "./table.ts";
import { openView, stateText, type TaskView } from "./task-view.ts";
import { withLedger } from "./with-ledger.ts";

export function setUp(command: Command, host: Host): void {
  command
    .addHelpText("after", examples("pawl queue", "pawl queue --json | jq '.tasks[].id'"))
    .action(() => host.run(command, queue));
}

function queue(cli: Cli): Promise<void> {
  return withLedger(cli, async ({ ledger }) => {
    const tasks = ledger.tasks.map(openView);
    const { bad, unnamed, inbox } = ledger.queue;
    const unadopted = unnamed.length + (inbox?.items.length ?? 0);
    cli.answer({ tasks, unadopted, bad }, () =>
      tasks.length === 0
        ? "Nothing is queued.\n"
        : table(
            cli,
            heads,
            tasks.map((task) => row(cli, task)),
          ),
    );
    if (cli.json) return;
    for (const { line, reason } of bad) cli.tell(`QUEUE.md line ${line} is left alone: ${reason}`);
    if (unadopted > 0) cli.tell(`${unadopted} more wait for the main node to make tasks of them.`);
  });
}

const heads = ["ID", "STATE", "PRIO", "WORKER", "TRY", "TITLE"];

function row(cli: Cli, task: TaskView): string[] {
  const { id, state, worker, attempt, title, request, why } = task;
  return [
    id,
    stateText(cli, state),
    priority(request),
    worker ?? "-",
    attempt === 0 ? "-" : String(attempt),
    why === undefined ? title : `${title} ${cli.paint("dim", `(${why})`)}`,
  ];
}

function priority({ priority = "normal" }: Request): string {
  return priority;
}
