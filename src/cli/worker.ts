import type { Command } from "commander";

import type { Config } from "../config/settle.ts";
import { Duration } from "../core/duration.ts";
import { NodeName } from "../core/ids.ts";
import { Fault } from "../fault.ts";
import { runDaemon } from "./daemon.ts";
import { examples, type Host } from "./host.ts";
import { initWorker } from "./worker-init.ts";
import { reportMachine } from "./worker-report.ts";

type Options = { name?: string; slots?: string; drainTimeout?: string };

export function setUp(command: Command, host: Host): void {
  command
    .option("--name <name>", "name of this worker")
    .option("--slots <number>", "how many tasks run at once")
    .option("--drain-timeout <duration>", "how long running tasks may go on after SIGTERM")
    .addHelpText(
      "after",
      `\nOn the first SIGINT or SIGTERM it takes nothing new and lets running tasks end; what still\nruns after the drain timeout is stopped and goes back into the queue. A second one ends it at\nonce. SIGHUP makes it read its configuration again.\n${examples("pawl worker", "pawl worker --slots 4 --drain-timeout 10m")}`,
    )
    .action((options: Options) => host.run(command, (cli) => runDaemon(cli, "worker", adjusted(options))));

  const init = command.command("init");
  init
    .summary("write what a worker needs to begin with")
    .description("Write a configuration for a worker, and one of few tools for its OpenClaw.")
    .option("--dir <folder>", "where they are to be", ".")
    .option("--remote <address>", "address or path of the repository that all machines share")
    .addHelpText(
      "after",
      `\nWith --name the worker has that name. Nothing that is there is overwritten.\n${examples(
        "pawl worker init --remote git@github.com:you/coordination.git",
        "pawl worker init --dir ~/worker --name ada",
      )}`,
    )
    .action((options: { dir: string; remote?: string }) =>
      host.run(init, (cli) => initWorker(cli, { ...options, name: nameIn(command.opts<Options>()) })),
    );

  const report = command.command("report");
  report
    .summary("tell the hub how this machine is")
    .description("Tell the hub how this machine is, also when the worker on it does not run.")
    .option("--unit <unit>", "the worker's unit of systemd", "openclaw-worker.service")
    .option("--print", "only print it")
    .addHelpText(
      "after",
      `\nMade for a timer. It is no sign of life of the worker.\n${examples("pawl worker report --print")}`,
    )
    .action((options: { unit: string; print?: boolean }) =>
      host.run(report, (cli) => reportMachine(cli, nameIn(command.opts<Options>()), options)),
    );
}

function nameIn({ name }: Options): NodeName | undefined {
  return name === undefined ? undefined : parsed("--name", name, NodeName.safeParse(name));
}

function adjusted(options: Options): (config: Config) => Config {
  const name = nameIn(options);
  const drain = options.drainTimeout;
  const drainSeconds =
    drain === undefined ? undefined : parsed("--drain-timeout", drain, Duration.safeParse(drain));
  if (options.slots !== undefined && !/^([1-9]|[1-5]\d|6[0-4])$/.test(options.slots)) {
    throw usage("--slots", options.slots, "expected a number from 1 to 64");
  }
  const slots = options.slots === undefined ? undefined : Number(options.slots);
  return (config) => ({
    ...config,
    worker: {
      ...config.worker,
      name: name ?? config.worker.name,
      slots: slots ?? config.worker.slots,
      drainSeconds: drainSeconds ?? config.worker.drainSeconds,
    },
  });
}

type Parsed<Value> =
  | { success: true; data: Value }
  | { success: false; error: { issues: { message: string }[] } };

function parsed<Value>(option: string, text: string, read: Parsed<Value>): Value {
  if (read.success) return read.data;
  throw usage(option, text, read.error.issues[0]?.message ?? "not valid");
}

function usage(option: string, text: string, expected: string): Fault {
  return new Fault("USAGE", `${option} ${text}: ${expected}`, {
    hint: "`pawl worker --help` shows how it is used.",
  });
}
