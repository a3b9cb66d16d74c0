import type { Config } from "../../config/settle.ts";
import { NodeName } from "../../core/ids.ts";
import { Fault } from "../../fault.ts";
import type { Server } from "../../ports/server-provider.ts";
import { allSteps } from "../../../provision/all-steps.ts";
import type { Facts } from "../../../provision/facts.ts";
import { openclawVersion, pinnedNode } from "../../../provision/pins.ts";
import { plan } from "../../../provision/plan.ts";
import type { Look } from "../../../provision/status/look.ts";
import type { MachineSeen, Seen } from "../../../provision/status/seen.ts";
import { parseServiceLines, serviceScript } from "../../../provision/status/service-lines.ts";
import type { Wanted } from "../../../provision/wanted.ts";
import type { KnownMachine, ProviderName, Provisioning } from "../../wire/provisioning.ts";
import type { Cli } from "../cli.ts";
import { wantedOf } from "../provision/wanted-of.ts";
import { ask } from "./ask.ts";

const seconds = 20;

type MachineLook = { machine: Look<MachineSeen>; drift: string[]; pinned: Seen["pinned"] };

/** What this release would install. */
export function pinnedHere({ world }: Cli): Seen["pinned"] {
  return { node: pinnedNode().version, openclaw: openclawVersion, pawl: world.version() };
}

/**
 * Probes the machine as a run would, and compares what it finds with what a run would make of it.
 *
 * @param at.answered the providers that were asked for the server, and told of none other than `server`
 */
export async function lookAtMachine(
  cli: Cli,
  at: {
    name: string;
    server: Server | undefined;
    answered: readonly ProviderName[];
    config: Config;
    provisioning: Provisioning;
  },
): Promise<MachineLook> {
  const { name, server, answered, config, provisioning } = at;
  const notAsked = (why: string): MachineLook => ({
    machine: { is: "not-asked", why },
    drift: [],
    pinned: pinnedHere(cli),
  });
  const worker = NodeName.safeParse(name);
  const known = worker.success ? await provisioning.knownMachine(name) : undefined;
  if (!worker.success || known === undefined) {
    return notAsked("this machine has never met its machine: provision-worker would");
  }
  const { target } = known;
  if (server === undefined && target.kind === "cloud" && answered.includes(target.provider)) {
    return notAsked("its provider has no such server, and its address may be another's by now");
  }
  try {
    const { wanted } = await wantedOf(
      cli,
      { ...nothingMore, name: worker.data, target },
      { config, provisioning },
    );
    await using machine = await provisioning.machine({ wanted, acceptNewHostKey: false });
    if (!(await machine.isPinned())) return notAsked("the host key of its machine is not known here");
    const facts: Facts = {};
    const look = await ask(
      cli.world.clock,
      { seconds, what: "its machine" },
      async (): Promise<MachineSeen> => {
        const { contact, machine: seen } = await machine.gather(
          server ?? serverAt(known, name),
          () => undefined,
        );
        Object.assign(facts, { contact, machine: seen });
        const { output } = await machine.run({ ...service, script: serviceScript });
        return { facts: seen, hostKey: contact.hostKey, lines: parseServiceLines(output) };
      },
    );
    const drift = look.is === "seen" ? driftOf(facts, wanted) : [];
    const { node, openclaw, pawl } = wanted.versions;
    return { machine: look, drift, pinned: { node: node.version, openclaw, pawl } };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return notAsked(error.message);
  }
}

const service = { step: "status", seconds: 15, long: false, onLine: () => undefined } as const;

const nothingMore = { start: false, credentials: [], sshFrom: undefined, repo: undefined };

/** The server that the provider does not tell of, since nobody could ask it: where it was the last time. */
function serverAt({ target, address }: KnownMachine, name: string): Server | undefined {
  if (target.kind === "host") return undefined;
  const { region, size, image } = target;
  return { id: "", name, state: "active", ours: true, address, region, size, image, createdAt: "" };
}

/** What cannot be told without asking the provider or the repository's host is no difference. */
function driftOf(facts: Facts, wanted: Wanted): string[] {
  return plan(allSteps, facts, wanted).steps.flatMap(({ step, verdict }) =>
    verdict.is === "work" || verdict.is === "impossible" ? [step.sentence(wanted)] : [],
  );
}
