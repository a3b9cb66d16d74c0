import type { Command } from "commander";

import { Fault } from "../fault.ts";
import { fold } from "../routing/deliveries/fold.ts";
import { envelopesOf, openDeliveries } from "../routing/deliveries/select.ts";
import type { Delivery, State } from "../routing/deliveries/state.ts";
import { digestWindow } from "../routing/rules/digest-window.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { table } from "./table.ts";
import { when } from "./when.ts";

type Line = { event: string; title: string; to: string };

export function setUp(command: Command, host: Host): void {
  const list = command.command("list", { isDefault: true });
  list
    .description("The digests there are, when they come next, and how much waits for them.")
    .addHelpText("after", examples("pawl digest"))
    .action(() => host.run(list, listDigests));

  const show = command.command("show");
  show
    .argument("<name>", "of a digest; or the id of one that went out")
    .description("What waits for a digest, or what was in one.")
    .addHelpText("after", examples("pawl digest show hourly"))
    .action((name: string) => host.run(show, (cli) => showDigest(cli, name)));

  const flush = command.command("flush");
  flush
    .argument("<name>")
    .description("Send it now.")
    .addHelpText("after", examples("pawl digest flush hourly"))
    .action((name: string) => host.run(flush, (cli) => flushDigest(cli, name)));
}

async function listDigests(cli: Cli): Promise<void> {
  const { digests, timezone } = (await cli.config()).routing;
  const state = await stateOf(cli);
  const views = Object.entries(digests).map(([name, times]) => ({
    name,
    next: digestWindow(times, timezone, cli.now()).until.toISOString(),
    waiting: waitingFor(state, name).length,
  }));
  cli.answer({ digests: views }, () =>
    table(
      cli,
      ["NAME", "NEXT", "WAITING"],
      views.map(({ name, next, waiting }) => [name, when(next), String(waiting)]),
    ),
  );
}

async function showDigest(cli: Cli, name: string): Promise<void> {
  const state = await stateOf(cli);
  const sent = state.deliveries.get(name);
  if (!sent) await refuseUnknown(cli, name);
  const lines = (sent ? [sent] : waitingFor(state, name)).flatMap((delivery) => linesOf(delivery, state));
  cli.answer({ name, lines }, () =>
    lines.length === 0
      ? "Nothing waits for it."
      : table(
          cli,
          ["EVENT", "TO", "TITLE"],
          lines.map(({ event, to, title }) => [event, to, title]),
        ),
  );
}

async function flushDigest(cli: Cli, name: string): Promise<void> {
  await refuseUnknown(cli, name);
  const desk = await cli.world.routing(await cli.config());
  await desk.ask({ kind: "flush", digest: name, by: cli.world.user });
  cli.answer({ name, flushed: true }, () => `${name} is sent now.`);
}

async function refuseUnknown(cli: Cli, name: string): Promise<void> {
  const { digests } = (await cli.config()).routing;
  if (name in digests) return;
  throw new Fault("USAGE", `There is no digest ${name}`, {
    hint: `Known are ${Object.keys(digests).join(", ") || "none"}.`,
  });
}

function waitingFor(state: State, name: string): Delivery[] {
  return openDeliveries(state).filter(
    ({ progress }) =>
      progress.kind === "waiting" && progress.timing.kind === "digest" && progress.timing.digest === name,
  );
}

function linesOf({ events, destination }: Delivery, state: State): Line[] {
  return envelopesOf(state, events).map(({ id, title }) => ({ event: id, title, to: destination }));
}

async function stateOf(cli: Cli): Promise<State> {
  return fold(await (await cli.world.routing(await cli.config())).entries());
}
