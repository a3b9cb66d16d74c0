import type { Command } from "commander";

import type { TaskId } from "../core/ids.ts";
import { stamp } from "../core/stamp.ts";
import { Fault } from "../fault.ts";
import { update } from "../ledger/update.ts";
import { readResult, taskIn } from "../ledger/view.ts";
import { copyOf, retryKey, retryTask } from "../main/retry-task.ts";
import { verbs } from "../routing/verbs.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { resolveId } from "../main/resolve-id.ts";
import { openQuestion } from "./routing/answer-action.ts";
import { enqueue } from "./submit.ts";
import { withLedger, type AtLedger } from "./with-ledger.ts";

export function setUp(command: Command, host: Host): void {
  command
    .argument("<id>", "the task; the beginning of its id or of its last part is enough")
    .addHelpText(
      "after",
      `\nA task that needs a person goes back into the queue. One that has ended stays as it\nended; a copy of it with a new id is submitted.\n${examples("pawl retry 7k3qx")}`,
    )
    .action((given: string) =>
      host.run(command, (cli) =>
        withLedger(cli, async (at) => {
          const id = await resolveId(at.ledger, given);
          await (taskIn(at.ledger, id) ? again(cli, at, id) : copy(cli, at, id));
        }),
      ),
    );
}

async function again(cli: Cli, { config, repo, ledger }: AtLedger, id: TaskId): Promise<void> {
  const { clock, chance } = cli.world;
  await update({ repo, node: config.name, clock, chance }, (newest) => retryTask(newest, id), {
    from: ledger.snapshot,
  });
  await cli.world.poke(config);
  cli.answer({ id, state: "queued" }, () => `${id} is queued again.`);
}

async function copy(cli: Cli, at: AtLedger, id: TaskId): Promise<void> {
  const { world } = cli;
  const result = await readResult(at.ledger.snapshot, id);
  const prompt = await world.pastPrompt(at.config, id);
  if (!result || "problem" in result || prompt === undefined) {
    throw new Fault("MOVE_REFUSED", `The prompt of ${id} is not to be found any more`, {
      hint: "Submit it anew with `pawl submit`.",
    });
  }
  const created = stamp(cli.now());
  const fresh = copyOf(result, { prompt, created, by: world.user });
  const asked = await openQuestion(cli, id);
  // With the key that an answer by button gives it: both together make one copy.
  const request = asked === undefined ? fresh.request : { ...fresh.request, key: retryKey(asked) };
  const submitted = await enqueue(cli, at, { ...fresh, request });
  if (asked !== undefined) {
    const answer = { kind: "answer", action: asked, verb: verbs.retry, person: world.user } as const;
    await (await world.routing(at.config)).ask(answer);
  }
  cli.answer({ id: submitted.id, state: submitted.state, copyOf: id }, () => submitted.id);
  if (!cli.json) cli.tell(`${id} has ended as ${result.outcome}; ${submitted.id} is a copy of it.`);
}
