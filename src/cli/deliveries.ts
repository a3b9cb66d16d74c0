import type { Command } from "commander";

import { Fault } from "../fault.ts";
import { fold } from "../routing/deliveries/fold.ts";
import { deliveries, envelopesOf } from "../routing/deliveries/select.ts";
import type { Delivery, State } from "../routing/deliveries/state.ts";
import type { Cli } from "./cli.ts";
import { examples, type Host } from "./host.ts";
import { table } from "./table.ts";
import { when } from "./when.ts";

type View = {
  id: string;
  destination: string;
  state: Delivery["progress"]["kind"];
  why: string | null;
  attempts: number;
  sentAt: string | null;
  title: string;
};

export function setUp(command: Command, host: Host): void {
  const list = command.command("list", { isDefault: true });
  list
    .description("What went out, what waits, and what did not arrive; the newest first.")
    .option("--open", "only what has not come to an end")
    .option("--to <destination>", "only what goes there")
    .option("--limit <number>", "how many", "30")
    .addHelpText("after", examples("pawl deliveries", "pawl deliveries list --open --json"))
    .action((options: { open?: boolean; to?: string; limit: string }) =>
      host.run(list, (cli) => listAll(cli, options)),
    );

  const show = command.command("show");
  show
    .argument("<id>", "as the list prints it")
    .description("All that is known about one delivery.")
    .addHelpText("after", examples("pawl deliveries show ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C/owner/1"))
    .action((id: string) => host.run(show, (cli) => showOne(cli, id)));

  const retry = command.command("retry");
  retry
    .argument("<id>", "as the list prints it")
    .description("Send it once more, though it may be there already.")
    .addHelpText("after", examples("pawl deliveries retry ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C/owner/1"))
    .action((id: string) => host.run(retry, (cli) => request(cli, "retry", id)));

  const giveUp = command.command("give-up");
  giveUp
    .argument("<id>", "as the list prints it")
    .description("Do not try any more.")
    .addHelpText("after", examples("pawl deliveries give-up ev_01KA9Z8Q5Y0V2T6W3R4X7B8N9C/owner/1"))
    .action((id: string) => host.run(giveUp, (cli) => request(cli, "give-up", id)));

  setUpAudit(command.command("audit"), host);
}

function setUpAudit(audit: Command, host: Host): void {
  audit
    .description("Compare what was sent with what the channels show.")
    .option("--within <time>", "how far back", "7d")
    .addHelpText("after", examples("pawl deliveries audit", "pawl deliveries audit --within 1d --json"))
    .action(({ within }: { within: string }) =>
      host.run(audit, async (cli) =>
        (await import("./routing/audit-channels.ts")).auditChannels(cli, within),
      ),
    );
}

async function listAll(
  cli: Cli,
  { open, to, limit }: { open?: boolean; to?: string; limit: string },
): Promise<void> {
  const state = await stateOf(cli);
  const views = deliveries(state)
    .filter(
      ({ id, destination }) => (!open || state.open.has(id)) && (to === undefined || to === destination),
    )
    .slice(0, Number(limit) || 30)
    .map((delivery) => viewOf(delivery, state));
  cli.answer({ deliveries: views }, () =>
    views.length === 0
      ? "Nothing has gone out, and nothing waits."
      : table(
          cli,
          ["STATE", "TO", "SENT", "ID", "TITLE"],
          views.map(({ state: progress, destination, sentAt, id, title, why }) => [
            progress,
            destination,
            sentAt === null ? "-" : when(sentAt),
            id,
            why === null ? title : `${title} ${cli.paint("dim", `(${why})`)}`,
          ]),
        ),
  );
}

async function showOne(cli: Cli, id: string): Promise<void> {
  const state = await stateOf(cli);
  const delivery = find(state, id);
  const view = {
    ...viewOf(delivery, state),
    progress: delivery.progress,
    events: delivery.events,
    reason: delivery.reason,
    places: delivery.places,
    expires: delivery.expires,
  };
  cli.answer(view, () => {
    const lines: [string, string | null][] = [
      ["state", view.state],
      ["why", view.why],
      ["to", view.destination],
      ["because", view.reason],
      ["attempts", String(view.attempts)],
      ["sent", view.sentAt && when(view.sentAt)],
      ["expires", when(view.expires)],
      ["events", view.events.join(", ")],
      ["places", view.places.map((place) => JSON.stringify(place)).join(" ") || null],
    ];
    const told = lines.flatMap(([name, value]) =>
      value === null ? [] : [`${cli.paint("dim", name.padEnd(10))} ${value}`],
    );
    return `${cli.paint("bold", view.title)}\n${told.join("\n")}`;
  });
}

async function request(cli: Cli, kind: "retry" | "give-up", id: string): Promise<void> {
  const delivery = find(await stateOf(cli), id);
  const desk = await cli.world.routing(await cli.config());
  await desk.ask({ kind, delivery: delivery.id, by: cli.world.user });
  cli.answer({ id: delivery.id, kind }, () =>
    kind === "retry" ? `${delivery.id} is sent once more.` : `${delivery.id} is given up.`,
  );
}

function find(state: State, id: string): Delivery {
  const found = state.deliveries.get(id);
  if (found) return found;
  throw new Fault("EVENT_NOT_FOUND", `There is no delivery ${id}`, {
    hint: "`pawl deliveries` prints the ids of those there are.",
  });
}

function viewOf(delivery: Delivery, state: State): View {
  const { id, destination, progress, attempts, sentAt, events, reason } = delivery;
  const [first] = envelopesOf(state, events);
  const more = events.length > 1 ? ` and ${events.length - 1} more` : "";
  return {
    id,
    destination,
    state: progress.kind,
    why: "why" in progress ? progress.why : null,
    attempts,
    sentAt: sentAt ?? null,
    title: `${first?.title ?? reason}${more}`,
  };
}

async function stateOf(cli: Cli): Promise<State> {
  return fold(await (await cli.world.routing(await cli.config())).entries());
}
