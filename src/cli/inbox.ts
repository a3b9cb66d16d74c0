import type { Command } from "commander";

import { needsApproval } from "../core/task.ts";
import { fold } from "../routing/deliveries/fold.ts";
import { openActions } from "../routing/deliveries/select.ts";
import { Fault } from "../fault.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { table } from "./table.ts";
import { when } from "./when.ts";
import { withLedger } from "./with-ledger.ts";

type Open = {
  id: string;
  what: "approve" | "choose" | "input" | "ack" | "needs-human";
  title: string;
  deadline: string | null;
  task: string | null;
};

export function setUp(command: Command, host: Host): void {
  command
    .addHelpText(
      "after",
      `\nQuestions first whose deadline is near, then tasks that need a person. Answer with \`pawl approve\`,\n\`pawl reject\`, \`pawl retry\` or \`pawl cancel\`.\n${examples("pawl inbox", "pawl inbox --json")}`,
    )
    .action(() => host.run(command, inbox));
}

async function inbox(cli: Cli): Promise<void> {
  const asked = await questions(cli);
  const tasks = await tasksThatWait(cli);
  const covered = new Set(asked.flatMap(({ task }) => task ?? []));
  const open = [...asked, ...tasks.filter(({ task }) => task === null || !covered.has(task))];
  cli.answer({ open }, () =>
    open.length === 0
      ? "Nothing needs you."
      : table(
          cli,
          ["ID", "WHAT", "UNTIL", "TITLE"],
          open.map(({ id, what, deadline, title }) => [id, what, deadline ? when(deadline) : "-", title]),
        ),
  );
}

/** Where main never ran there are none to know of; the ledger tells of the tasks at least. */
async function questions(cli: Cli): Promise<Open[]> {
  const config = await cli.config();
  const entries = await cli.world.routing(config).then((desk) => desk.entries(), ifElsewhere);
  return openActions(fold(entries)).map(({ question: { action }, envelope: { title } }) => ({
    id: action.target?.task ?? action.id,
    what: action.kind,
    title,
    deadline: action.deadline ?? null,
    task: action.target?.task ?? null,
  }));
}

function ifElsewhere(error: unknown): [] {
  if (error instanceof Fault && error.code === "MAIN_ELSEWHERE") return [];
  throw error;
}

function tasksThatWait(cli: Cli): Promise<Open[]> {
  return withLedger(cli, async ({ ledger }) =>
    ledger.tasks.flatMap((task): Open[] => {
      const { id, title, state } = task;
      const about = { id, title, deadline: task.request.expires ?? null, task: id };
      if (state.kind === "needs-human") return [{ ...about, what: "needs-human" }];
      return state.kind === "needs-approval" && needsApproval(task) ? [{ ...about, what: "approve" }] : [];
    }),
  );
}
