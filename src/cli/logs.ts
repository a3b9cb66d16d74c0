import type { Command } from "commander";

import type { TaskId } from "../core/ids.ts";
import { Nudge } from "../every.ts";
import { Fault } from "../fault.ts";
import { readResult, taskIn } from "../ledger/view.ts";
import type { Cli } from "./cli.ts";
import { Follower, lookEveryMs } from "./follow-task.ts";
import { examples, type Host } from "./host.ts";
import { localLogs, type LocalLog } from "./local-logs.ts";
import { printOutput } from "./print-output.ts";
import { resolveId } from "../main/resolve-id.ts";
import { withLedger, type AtLedger } from "./with-ledger.ts";

type Options = { follow?: boolean; attempt?: string };

export function setUp(command: Command, host: Host): void {
  command
    .argument("<id>", "the task; the beginning of its id or of its last part is enough")
    .option("-f, --follow", "go on until the task ends")
    .option("--attempt <number>", "of this attempt, not of the last one")
    .addHelpText(
      "after",
      `\nThe output stays on the worker's machine: while a task runs and, after a failure, for as\nlong as the worker keeps the workspace.\n${examples("pawl logs 7k3qx", "pawl logs 7k3qx -f")}`,
    )
    .action((given: string, options: Options) => host.run(command, (cli) => logs(cli, given, options)));
}

function logs(cli: Cli, given: string, options: Options): Promise<void> {
  return withLedger(cli, async (at) => {
    const id = await resolveId(at.ledger, given);
    const own = (await localLogs(at.config)).filter(({ task }) => task === id);
    const log = own.findLast(({ attempt }) => !options.attempt || attempt === Number(options.attempt));
    if (!log) throw await elsewhere(cli, at, id);
    if (cli.json && !options.follow) {
      cli.answer({ id, attempt: log.attempt, path: log.path }, () => "");
      return;
    }
    const reached = await printOutput(cli.world.out, log.path, 0);
    if (options.follow) await follow(cli, at, { id, log, reached: reached ?? 0 });
  });
}

async function follow(
  cli: Cli,
  { config, repo }: AtLedger,
  { id, log, reached }: { id: TaskId; log: LocalLog; reached: number },
): Promise<void> {
  const { clock } = cli.world;
  const stop = new AbortController();
  using _signal = cli.world.onSignal("SIGINT", () => stop.abort());
  const follower = new Follower(repo, id);
  let at: number | undefined = reached;
  let lookAtMs = 0;
  for (let running = true; running && at !== undefined && !stop.signal.aborted;) {
    if (clock.monotonicMs() >= lookAtMs) {
      const standing = await follower.look();
      running =
        standing.kind === "open" && standing.task.attempt === log.attempt && standing.running !== undefined;
      running ||= standing.kind === "open" && standing.task.state.kind === "running";
      lookAtMs = clock.monotonicMs() + lookEveryMs(config);
    }
    at = await printOutput(cli.world.out, log.path, at);
    if (running) await new Nudge().pause(250, clock, stop.signal);
  }
}

async function elsewhere(cli: Cli, { ledger }: AtLedger, id: TaskId): Promise<Fault> {
  const task = taskIn(ledger, id);
  const result = task ? undefined : await readResult(ledger.snapshot, id);
  const ended = result && !("problem" in result) ? result : undefined;
  const worker =
    task?.state.kind === "running" ? task.state.by : (task?.tried.at(-1)?.by ?? ended?.lease?.by);
  const host = cli.world.around.hostname;
  if (worker === undefined) {
    return new Fault("FILE_NOT_FOUND", `${id} has not been started yet`, {
      hint: `\`pawl show ${id}\` tells how it stands.`,
    });
  }
  return new Fault("FILE_NOT_FOUND", `The output of ${id} is not on this machine (${host})`, {
    hint: ended
      ? `It ran on ${worker}, which keeps the output of failures for a while; \`pawl show ${id}\` has the result.`
      : `Run \`pawl logs ${id}\` on the machine of ${worker}.`,
  });
}
