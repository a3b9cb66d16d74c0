import type { Config } from "../../config/settle.ts";
import { NodeName } from "../../core/ids.ts";
import type { MachineReport } from "../../core/machine-report.ts";
import { Fault } from "../../fault.ts";
import type { Server } from "../../ports/server-provider.ts";
import type { Spool } from "../../ports/spool.ts";
import { serversOf } from "../../../provision/look.ts";
import type { Sighting } from "../../../provision/status/freshness.ts";
import { judge, type Judgement } from "../../../provision/status/judge.ts";
import { type Look, seenIn } from "../../../provision/status/look.ts";
import type { HubSeen, MachineSeen, Seen } from "../../../provision/status/seen.ts";
import type { Provisioning } from "../../wire/provisioning.ts";
import type { Cli } from "../cli.ts";
import { ask } from "./ask.ts";
import { type HubLook, hubSeen, lookAtHub } from "./look-at-hub.ts";
import { lookAtMachine, pinnedHere } from "./look-at-machine.ts";
import { lookAtProviders, type ProvidersLook } from "./look-at-providers.ts";

export type Judged = { seen: Seen; judgement: Judgement };

export type Surveyed = {
  workers: Judged[];
  /** Why there may be workers beside these: sources that did not answer, or all of them where none was asked. */
  unheard: string[];
};

type Sightings = Record<string, Sighting>;

/** How long the hub may take: with a cold cache it is a clone. */
const hubSeconds = 30;

const reportSeconds = 10;

/** Looks at workers again and again, and remembers from one look to the next when it saw which beat. */
export class Survey {
  readonly #cli: Cli;
  readonly #names: readonly string[] | "all";
  readonly #config: Config | Fault;
  readonly #provisioning: Provisioning;
  readonly #spool: Spool<Sightings> | undefined;

  private constructor(
    cli: Cli,
    names: readonly string[] | "all",
    at: { config: Config | Fault; provisioning: Provisioning; spool: Spool<Sightings> | undefined },
  ) {
    this.#cli = cli;
    this.#names = names;
    this.#config = at.config;
    this.#provisioning = at.provisioning;
    this.#spool = at.spool;
  }

  static async begin(cli: Cli, names: readonly string[] | "all"): Promise<Survey> {
    const { world } = cli;
    const config = await cli.config().catch((error: unknown) => {
      if (error instanceof Fault && error.code === "CONFIG_MISSING") return error;
      throw error;
    });
    const settled = config instanceof Fault ? undefined : config;
    return new Survey(cli, names, {
      config,
      provisioning: await world.provisioning(settled),
      spool: settled && (await world.spool<Sightings>(settled, "beats")),
    });
  }

  async look(): Promise<Surveyed> {
    const [providers, hub, known] = await Promise.all([
      lookAtProviders(this.#provisioning, this.#cli.world.clock, this.#names),
      this.#lookAtHub(),
      this.#provisioning.knownWorkers(),
    ]);
    const names = this.#names === "all" ? namesIn(providers.servers, hub, known) : this.#names;
    const sightings = (await this.#spool?.read()) ?? {};
    const workers = await Promise.all(names.map((name) => this.#judge(name, { providers, hub, sightings })));
    await this.#spool?.write(sightings);
    return { workers, unheard: unheardOf(providers.servers, hub) };
  }

  async #judge(
    name: string,
    all: { providers: ProvidersLook; hub: Look<HubLook>; sightings: Sightings },
  ): Promise<Judged> {
    const { answered } = all.providers;
    const servers = mapped(all.providers.servers, (some) => some.filter((server) => server.name === name));
    const [server] = serversOf({ servers: seenIn(servers) ?? [] });
    const { machine, drift, pinned } = await this.#lookAtMachine(name, { server, answered });
    const hub = this.#hubOf(name, { ...all, machine });
    const at = this.#cli.now().toISOString();
    const report = machine.is === "seen" || hub.is !== "seen" ? undefined : await this.#reportOf(name);
    const seen: Seen = { name, servers, machine, hub, report, drift, pinned, at };
    return { seen, judgement: judge(seen) };
  }

  async #lookAtMachine(
    name: string,
    at: { server: Server | undefined; answered: ProvidersLook["answered"] },
  ) {
    const config = this.#config;
    if (config instanceof Fault) {
      const machine = { is: "not-asked", why: config.message } as const;
      return { machine, drift: [], pinned: pinnedHere(this.#cli) };
    }
    return lookAtMachine(this.#cli, { name, ...at, config, provisioning: this.#provisioning });
  }

  async #lookAtHub(): Promise<Look<HubLook>> {
    const { world } = this.#cli;
    const config = this.#config;
    if (config instanceof Fault) return { is: "not-asked", why: config.message };
    return ask(world.clock, { seconds: hubSeconds, what: "the hub" }, async () => {
      await using open = await world.openLedger(config);
      return await lookAtHub(open.repo, { names: this.#names, config, now: this.#cli.now() });
    });
  }

  async #reportOf(name: string): Promise<MachineReport | undefined> {
    const { world } = this.#cli;
    const config = this.#config;
    const worker = NodeName.safeParse(name);
    if (config instanceof Fault || !worker.success) return undefined;
    const reports = await world.machineReports(config);
    const asked = { seconds: reportSeconds, what: "the hub" };
    return seenIn(await ask(world.clock, asked, () => reports.read(worker.data)));
  }

  #hubOf(
    name: string,
    { hub, machine, sightings }: { hub: Look<HubLook>; machine: Look<MachineSeen>; sightings: Sightings },
  ): Look<HubSeen> {
    const config = this.#config;
    if (config instanceof Fault || hub.is !== "seen") return hub as Exclude<typeof hub, { is: "seen" }>;
    const workerNowMs = seenIn(machine)?.lines.nowMs;
    const { seen, sighting } = hubSeen(hub.value, {
      name,
      workerNowMs,
      before: sightings[name],
      config,
      now: this.#cli.now(),
    });
    if (sighting) sightings[name] = sighting;
    return { ...hub, value: seen };
  }
}

function namesIn(servers: Look<readonly Server[]>, hub: Look<HubLook>, known: readonly string[]): string[] {
  const names = [
    ...known,
    ...(seenIn(servers) ?? []).filter(({ ours }) => ours).map(({ name }) => name),
    ...(seenIn(hub)?.beats.keys() ?? []),
  ];
  return [...new Set<string>(names)].toSorted();
}

/** One that was left out on purpose is missed only where no other can say anything. */
function unheardOf(...looks: readonly Look<unknown>[]): string[] {
  const isDeaf = looks.every(({ is }) => is !== "seen");
  const missed = looks.filter(({ is }) => is === "unreachable" || (isDeaf && is === "not-asked"));
  return [...new Set(missed.flatMap((look) => (look.is === "seen" ? [] : [look.why])))];
}

function mapped<From, To>(look: Look<From>, of: (value: From) => To): Look<To> {
  return look.is === "seen" ? { ...look, value: of(look.value) } : look;
}
