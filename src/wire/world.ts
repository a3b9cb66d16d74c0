import type { Surroundings } from "../config/surroundings.ts";
import type { Config } from "../config/settle.ts";
import type { Announce } from "../core/event.ts";
import type { GuildSetUp } from "../adapters/discord/set-up-guild.ts";
import type { Pauses } from "../main/clockwork.ts";
import type { AgentProgram } from "../ports/agent-program.ts";
import type { AgentTool } from "../ports/agent-tool.ts";
import type { Channel } from "../ports/channel.ts";
import type { Chance } from "../ports/chance.ts";
import type { Clock } from "../ports/clock.ts";
import type { SharedRepo } from "../ports/shared-repo.ts";
import type { Spool } from "../ports/spool.ts";
import type { Timetable } from "../ports/timetable.ts";
import type { MachineReports } from "./machine-report.ts";
import type { Probe } from "./probe.ts";
import type { Provisioning } from "./provisioning.ts";
import type { RoutingDesk } from "./routing-files.ts";
import type { Seeded, Seeding } from "./seed.ts";

/** Where text goes that people or programs read. */
export type Screen = {
  write(text: string): void;
  /** Resolves when all of it has left this process; rejects when nobody takes it. */
  written(): Promise<void>;
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
};

export type Input = {
  readonly isTerminal: boolean;
  text(): Promise<string>;
  /** One line that somebody types; empty at the end of the input. */
  line(): Promise<string>;
  /** Single keys, while the listener is not disposed of; nothing where there is no terminal. */
  keys(pressed: (key: string) => void): Disposable;
};

/** The open branch of one remote, with a cache that is ours until it is disposed of. */
export type OpenLedger = AsyncDisposable & { repo: SharedRepo; cache: string };

export type DaemonSignals = { drain: AbortSignal; stop: AbortSignal };

/** What commands need from outside. `src/wire.ts` makes the real one. */
export type World = {
  out: Screen;
  err: Screen;
  input: Input;
  around: Surroundings;
  user: string;
  version(): string;
  clock: Clock;
  chance: Chance;
  /** Ends this process at once. */
  exit(code: number): void;
  onSignal(name: NodeJS.Signals, heard: () => void): Disposable;
  openLedger(config: Config): Promise<OpenLedger>;
  spool<Value>(config: Config, name: string): Promise<Spool<Value>>;
  /** Calls `wake` when this machine hears of a change before the next poll. */
  watchWake(config: Config, wake: () => void): Promise<Disposable>;
  /** Makes the nodes on this machine look at once; answers whether there was anything to touch. */
  poke(config: Config): Promise<boolean>;
  /** Lets the nodes on this machine go on with a history that was replaced and has this head; answers which they are. */
  acceptHistory(config: Config, head: string): Promise<string[]>;
  serve(role: "main" | "worker", serving: Serving): Promise<void>;
  makeHub(folder: string): Promise<void>;
  seed(seeding: Seeding): Promise<Seeded>;
  probe(): Promise<Probe>;
  machineReports(config: Config): Promise<MachineReports>;
  /** What main on this machine knows about routing, and the way to ask something of it. */
  routing(config: Config): Promise<RoutingDesk>;
  /** Answers an agent on standard input and output until it hangs up. */
  serveMcp(tools: readonly AgentTool[]): Promise<void>;
  /** The `openclaw` of this machine; its profile, if not the usual one. */
  openclaw(profile?: string): AgentProgram;
  /** Schedules that a person has stopped, for the main node of this configuration. */
  schedulePauses(config: Config): Promise<Spool<Pauses>>;
  /** The way to each destination, by its name. */
  channels(config: Config): Promise<Map<string, Channel>>;
  /** Creates or finds Discord's six channels. */
  setUpGuild(config: Config): Promise<GuildSetUp>;
  /** The prompt with which an ended task was submitted, from the ledger's history. */
  pastPrompt(config: Config, id: string): Promise<string | undefined>;
  /** The ways to machines, and to those who provide them and their keys. */
  provisioning(config: Config | undefined): Promise<Provisioning>;
  /** What this machine does by itself at set times. */
  timetable(): Promise<Timetable>;
};

export type Serving = {
  config: () => Config;
  around: Surroundings;
  version: string;
  announce: Announce;
  /** Is handed a way to announce what is to stand in the node's log too. */
  onLog?: (announce: Announce) => void;
  /** Is handed what refuses, by a fault, a configuration that does not fit what runs already. */
  onReread?: (refuse: (read: Config) => void) => void;
  signals: DaemonSignals;
};
