import type { Config } from "../config/settle.ts";
import { Fault } from "../fault.ts";
import type { Cli } from "./cli.ts";
import { consoleListener } from "./console-listener.ts";

const exitBySignal = 130;

/**
 * Runs a node in the foreground. The first SIGINT or SIGTERM lets it drain, the second one ends it at once, SIGHUP makes
 * it read its configuration again.
 *
 * @param adjust what the command line says over the configuration
 */
export async function runDaemon(
  cli: Cli,
  role: "main" | "worker",
  adjust: (config: Config) => Config = (config) => config,
): Promise<void> {
  const { world } = cli;
  let config = adjust(await cli.config());
  const announce = consoleListener(cli);
  let tell = announce;
  let refuse: (read: Config) => void = () => undefined;
  const { grace } = config.pace;
  const [drain, stop] = [new AbortController(), new AbortController()];
  const leave = () => {
    if (!drain.signal.aborted) return drain.abort();
    stop.abort();
    // A question to the remote may still wait for its answer; the tasks are gone by then.
    const patienceMs = (grace + 5) * 1000;
    return void setTimeout(() => world.exit(exitBySignal), patienceMs).unref();
  };
  using _interrupt = world.onSignal("SIGINT", leave);
  using _terminate = world.onSignal("SIGTERM", leave);
  using _hangUp = world.onSignal("SIGHUP", () => {
    void reread(cli, config, { adjust, refuse }).then(
      (read) => {
        config = read;
        tell({ kind: "settings-reread", node: nameOf(config, role) });
      },
      (error: unknown) => {
        if (!(error instanceof Fault)) throw error;
        tell({ kind: "settings-refused", node: nameOf(config, role), why: error.message });
      },
    );
  });
  await world.serve(role, {
    config: () => config,
    around: world.around,
    version: world.version(),
    announce,
    onLog: (logged) => (tell = logged),
    onReread: (given) => (refuse = given),
    signals: { drain: drain.signal, stop: stop.signal },
  });
}

/** What a node is cannot change while it runs. */
async function reread(
  cli: Cli,
  before: Config,
  { adjust, refuse }: { adjust: (config: Config) => Config; refuse: (read: Config) => void },
): Promise<Config> {
  const read = adjust(await cli.readConfig());
  const isNew = {
    remote: read.remote !== before.remote,
    branch: read.branch !== before.branch,
    name: read.name !== before.name || read.worker.name !== before.worker.name,
    "state folder": read.state !== before.state,
  };
  const changed = Object.entries(isNew).flatMap(([what, differs]) => (differs ? [what] : []));
  if (changed.length === 0) {
    refuse(read);
    return read;
  }
  throw new Fault("SETTINGS_UNSAFE", `a new ${changed.join(" and ")} needs a restart`, {
    hint: "Stop the node and start it again.",
  });
}

function nameOf(config: Config, role: "main" | "worker") {
  return role === "main" ? config.name : config.worker.name;
}
