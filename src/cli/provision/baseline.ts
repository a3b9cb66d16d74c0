import { Fault } from "../../fault.ts";
import type { ServerProvider } from "../../ports/server-provider.ts";
import { askYes } from "../ask-yes.ts";
import type { Session } from "./session.ts";

/** At DigitalOcean and Hetzner alike it is a few cents a month for each gigabyte that is in use. */
const costs = "the provider charges a few cents a month for each gigabyte, until you delete it";

/**
 * Has the provider take a snapshot of a server before anything else is done: one a day, whatever number of runs. It is
 * taken of a running server, so that it holds what the disk had at one moment, as after a power cut.
 */
export async function takeBaseline(session: Session, name: string): Promise<void> {
  const { cli, asked, wanted, tell } = session;
  const { provider } = session.parts;
  if (provider === undefined) {
    throw new Fault("USAGE", "--baseline-snapshot does not go with --host", {
      hint: "Only a provider takes snapshots, of its own servers.",
    });
  }
  const id = await idOf(provider, name);
  const title = `${name}-before-${wanted.name}-${cli.now().toISOString().slice(0, 10)}`;
  const told = { step: "baseline.snapshot", sentence: `a snapshot of ${name} from before, ${title}` };
  if ((await provider.snapshots(id)).some((snapshot) => snapshot.name === title)) {
    return tell({ event: "right", ...told });
  }
  if (asked.onlyPlan) return tell({ event: "planned", ...told, because: costs });
  if (!asked.yes.said && !(await isAgreed(session, name))) {
    throw new Fault("NOT_CONFIRMED", `Nobody has agreed to a snapshot of ${name}: ${costs}`, {
      hint: "Nothing was changed. --yes agrees beforehand.",
    });
  }
  const startMs = cli.world.clock.monotonicMs();
  await provider.snapshot(id, title);
  tell({ event: "done", ...told, ms: cli.world.clock.monotonicMs() - startMs });
  tell({
    event: "advice",
    text: `The provider takes the snapshot now, which may take it minutes; ${costs}. Of programs that were writing it has what a power cut leaves.`,
  });
}

async function idOf(provider: ServerProvider, name: string): Promise<string> {
  const [server, ...twins] = await provider.find(name);
  if (server !== undefined && twins.length === 0) return server.id;
  throw new Fault(
    server === undefined ? "USAGE" : "CLOUD_TWINS",
    `${server === undefined ? "No server is" : `${twins.length + 1} servers are`} named ${JSON.stringify(name)}`,
    { hint: "Name the server that the main node runs on, as the provider calls it." },
  );
}

async function isAgreed({ cli, teller }: Session, name: string): Promise<boolean> {
  if (!cli.world.input.isTerminal || cli.json) return false;
  // Nothing is written over the question.
  teller.line("");
  return askYes(cli, `Take a snapshot of ${name}? ${costs.charAt(0).toUpperCase()}${costs.slice(1)}.`);
}
