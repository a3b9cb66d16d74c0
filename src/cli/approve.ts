import type { Command } from "commander";

import type { TaskId } from "../core/ids.ts";
import type { Task } from "../core/task.ts";
import { Fault } from "../fault.ts";
import { approvalDigest } from "../format/approval.ts";
import { update } from "../ledger/update.ts";
import { taskIn } from "../ledger/view.ts";
import { approveTask } from "../main/approve-task.ts";
import { askYes } from "./ask-yes.ts";
import { verbs } from "../routing/verbs.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { resolveId } from "../main/resolve-id.ts";
import { actionId, answerAction } from "./routing/answer-action.ts";
import { showTask } from "./show.ts";
import { withLedger, type AtLedger } from "./with-ledger.ts";

type Options = { yes?: boolean; digest?: string; by?: string; verb?: string; text?: string };

export function setUp(command: Command, host: Host): void {
  command
    .argument("<id>", "a task, or the beginning of its id or of its last part; or what `pawl ask` printed")
    .option("-y, --yes", "do not ask")
    .option("--digest <digest>", "approve only what `pawl show` gave this digest for")
    .option("--by <name>", "who approves; default: the user of this machine")
    .option("--verb <verb>", "another answer to a question than ok")
    .option("--text <words>", "the answer to a question that asks for words")
    .addHelpText(
      "after",
      `\nThe approval is for what the task says now: whoever edits it afterwards voids it, and it waits\nfor a new one.\n${examples("pawl approve 7k3qx", "pawl approve 7k3qx --digest 0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e")}`,
    )
    .action((given: string, options: Options) =>
      host.run(command, (cli) => {
        const action = actionId(given);
        const { verb = verbs.approve, text, by } = options;
        if (action) return answerAction(cli, action, { verb, by, ...(text === undefined ? {} : { text }) });
        return withLedger(cli, async (at) => approve(cli, at, await resolveId(at.ledger, given), options));
      }),
    );
}

async function approve(cli: Cli, at: AtLedger, id: TaskId, options: Options): Promise<number> {
  const { world } = cli;
  const task = taskIn(at.ledger, id);
  const seen = options.digest ?? (task && (await shown(cli, at, task, options)));
  if (seen === undefined) {
    cli.tell(task ? `${id} is as it was.` : `${id} has ended already.`);
    return 1;
  }
  const { config, repo, ledger } = at;
  const { clock, chance } = world;
  const by = options.by ?? world.user;
  const { answer } = await update(
    { repo, node: config.name, clock, chance },
    (newest) => approveTask(newest, id, { by, seen, now: clock.now() }),
    { from: ledger.snapshot },
  );
  await world.poke(config);
  cli.answer({ id, ...answer, digest: seen }, () =>
    answer.kind === "approved" ? `${id} is approved.` : `${id} was approved by ${answer.by} before.`,
  );
  return 0;
}

/** The digest of what a person has just been shown and said yes to. */
async function shown(cli: Cli, at: AtLedger, task: Task, { yes }: Options): Promise<string | undefined> {
  if (yes) return approvalDigest(task);
  if (!cli.world.input.isTerminal || cli.json) {
    throw new Fault("USAGE", "Nobody is there to ask", {
      hint: `Say --yes, or name what you have seen with --digest: \`pawl show ${task.id}\` prints it.`,
    });
  }
  await showTask(cli, at.ledger, task.id);
  return (await askYes(cli, "Approve this?")) ? approvalDigest(task) : undefined;
}
