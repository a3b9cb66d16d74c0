import type { Command } from "commander";

import type { Request } from "../core/request.ts";
import { isInboxFile, readInboxFile } from "../format/inbox.ts";
import { paths } from "../ledger/paths.ts";
import type { Snapshot } from "../ports/shared-repo.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { askWhatWaits } from "./onlookers.ts";
import { table } from "./table.ts";
import { openView, stateText, type TaskView } from "./task-view.ts";
import { withLedger } from "./with-ledger.ts";

export function setUp(command: Command, host: Host): void {
  command
    .addHelpText("after", examples("pawl queue", "pawl queue --json | jq '.tasks[].id'"))
    .action(() => host.run(command, queue));
}

function queue(cli: Cli): Promise<void> {
  return withLedger(cli, async (at) => {
    const { ledger } = at;
    const waitsFor = await askWhatWaits(cli, at);
    const tasks = ledger.tasks.map((task) => ({ ...openView(task), waitsFor: waitsFor(task) }));
    const { bad, unnamed, inbox } = ledger.queue;
    const files = await readInbox(ledger.snapshot);
    const badInbox = files.flatMap(({ name, problem }) =>
      problem === undefined ? [] : [{ name, reason: problem }],
    );
    const unadopted = unnamed.length + (inbox?.items.length ?? 0) + files.length - badInbox.length;
    cli.answer({ tasks, unadopted, bad, badInbox }, () =>
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
    for (const { name, reason } of badInbox) cli.tell(`INBOX/${name} is left alone: ${reason}`);
    if (unadopted > 0) cli.tell(`${unadopted} more wait for the main node to make tasks of them.`);
  });
}

/** What people dropped into INBOX/ that the main node has not made tasks of, and why it will not. */
async function readInbox(snapshot: Snapshot): Promise<{ name: string; problem: string | undefined }[]> {
  const names = (await snapshot.list(paths.inbox)).filter(isInboxFile);
  return Promise.all(
    names.map(async (name) => {
      const read = readInboxFile(name, (await snapshot.read(`${paths.inbox}/${name}`)) ?? "");
      return { name, problem: "problem" in read ? read.problem : undefined };
    }),
  );
}

const heads = ["ID", "STATE", "PRIO", "WORKER", "TRY", "TITLE"];

function row(cli: Cli, task: TaskView): string[] {
  const { id, state, worker, attempt, title, request, why, waitsFor } = task;
  const waits = why ?? (waitsFor && `waits for ${waitsFor}`);
  const said = [request.parent && `for ${request.parent}`, waits].filter(Boolean).join("; ") || undefined;
  return [
    id,
    stateText(cli, state),
    priority(request),
    worker ?? "-",
    attempt === 0 ? "-" : String(attempt),
    said === undefined ? title : `${title} ${cli.paint("dim", `(${said})`)}`,
  ];
}

function priority({ priority = "normal" }: Request): string {
  return priority;
}
