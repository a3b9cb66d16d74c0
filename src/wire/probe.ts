import { gitVersion, hubRefuses, isTracked, pushProbe } from "../adapters/git/probe.ts";
import { watchdogHere } from "../adapters/watchdog/watchdog.ts";
import type { Config } from "../config/settle.ts";
import type { Surroundings } from "../config/surroundings.ts";
import type { Watchdog } from "../core/watchdog.ts";
import { forkedNodes } from "./accept-history.ts";
import { sshCommandOf } from "./ssh-command.ts";
import { driverSeen, type Seen } from "./task-driver.ts";

/** What `pawl doctor` asks of git and of this machine. */
export type Probe = {
  gitVersion(): Promise<string>;
  /** Rejects with the fault that a push would meet. Nothing is pushed; the cache must have been fetched. */
  push(config: Config, cache: string): Promise<void>;
  hubRefuses(folder: string): Promise<{ force: boolean; deletes: boolean }>;
  /** Whether a file is part of the repository it lies in. */
  isTracked(file: string): Promise<boolean>;
  /** The nodes of this machine that stand still because history was replaced, and why. */
  forkedNodes(config: Config): Promise<{ node: string; why: string }[]>;
  /** What a worker here would run its tasks with. */
  driver(config: Config, around: Surroundings): Promise<Seen>;
  /** What would end a worker that is started here when it hangs. */
  watchdog(config: Config, around: Surroundings): Watchdog;
};

export const gitProbe: Probe = {
  gitVersion,
  push: ({ remote, branch, ssh }, cache) =>
    pushProbe({ remote, branch, cache, sshCommand: sshCommandOf(ssh) }),
  hubRefuses,
  isTracked,
  forkedNodes,
  driver: driverSeen,
  watchdog: ({ pace }, { env }) => watchdogHere(pace, env),
};
