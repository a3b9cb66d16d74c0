import { join, resolve } from "node:path";

import type { ChildRights } from "../core/child.ts";
import { NodeName } from "../core/ids.ts";
import type { ModelRule } from "../core/model-choice.ts";
import type { Pace } from "../core/pace.ts";
import type { Request } from "../core/request.ts";
import { Fault } from "../fault.ts";
import type { Routing } from "../routing/rules/settings.ts";
import type { Schedule } from "../schedules/schedule.ts";
import { defaultSlots } from "./default-slots.ts";
import { executorsOf, type ExecutorConfig } from "./executors.ts";
import { modelsOf } from "./models.ts";
import { paceOf } from "./pace.ts";
import { isPath, profileOf, type Profile } from "./profile.ts";
import type { ConfigFile } from "./schema.ts";
import { settleSchedules } from "./schedules.ts";
import { settleRouting } from "./settle-routing.ts";
import { stateFolder } from "./state-folder.ts";
import type { Surroundings } from "./surroundings.ts";

/** The configuration with everything filled in; folders are absolute, times are seconds. */
export type Config = {
  /** The file it comes from. */
  source: string | undefined;
  remote: string;
  branch: string;
  name: NodeName;
  /** Folder for all that this machine keeps about this branch of this remote. */
  state: string;
  profile: Profile;
  pollSeconds: number;
  pace: Pace;
  keepResults: number;
  defaultExecutor: string;
  /** What the file says that a task gets; an executor only if the file names one. */
  defaults: Request;
  worker: WorkerConfig;
  executors: Record<string, ExecutorConfig>;
  models: ModelRule[];
  routing: Routing;
  schedules: Schedule[];
  secrets: { env: string[]; files: string[] };
  /** `remote`: as workers elsewhere reach it. */
  provision: { remote: string };
  ssh: { key: string | undefined; knownHosts: string | undefined };
};

export type WorkerConfig = {
  name: NodeName;
  slots: number;
  capabilities: string[];
  /** Undefined: all whose program is there. */
  executors: string[] | undefined;
  drainSeconds: number;
  keepSeconds: number;
  logLimitBytes: number;
  passEnv: string[];
  timeoutSeconds: number;
  /** The paths are absolute. */
  sandbox: { mode: "auto" | "off" | "required"; readOnly: string[]; writable: string[] };
  budget: { perDay: number } | undefined;
  children: ChildRights;
  limits: { memoryBytes: number | undefined; processes: number | undefined; cpuPercent: number | undefined };
};

type Place = { source: string | undefined; folder: string; around: Surroundings };

export function settle(file: ConfigFile, { source, folder, around }: Place): Config {
  const at = (path: string) => resolve(folder, path.replace(/^~(?=\/|$)/, around.home));
  const remote = remoteOf(file, at);
  const branch = file.branch ?? "main";
  const profile = file.profile === undefined || file.profile === "auto" ? profileOf(remote) : file.profile;
  const name = file.name ?? nameFrom(around.hostname);
  const root = file.state === undefined ? usualState(around) : at(file.state);
  const state = stateFolder(root, remote, branch);
  const routing = settleRouting(file, { at, state, around });
  const config: Config = {
    source,
    remote,
    branch,
    name,
    profile,
    state,
    pollSeconds: file.poll ?? 5,
    pace: paceOf(file, profile),
    keepResults: file.keepResults ?? 150,
    defaultExecutor: file.defaults?.executor ?? "openclaw",
    defaults: { ...file.defaults },
    worker: workerOf(file, { name, at, around }),
    executors: executorsOf(file.executors),
    models: modelsOf(file.models),
    routing,
    schedules: settleSchedules(file.schedules, { timezone: routing.timezone, at }),
    secrets: { env: file.secrets?.env ?? [], files: (file.secrets?.files ?? []).map(at) },
    provision: { remote: file.provision?.remote ?? remote },
    ssh: {
      key: file.ssh?.key && at(file.ssh.key),
      knownHosts: file.ssh?.knownHosts && at(file.ssh.knownHosts),
    },
  };
  refuseUnknownExecutor(config);
  return config;
}

function remoteOf({ remote }: ConfigFile, at: (path: string) => string): string {
  if (remote !== undefined) return isPath(remote) && !remote.startsWith("file:") ? at(remote) : remote;
  throw new Fault("CONFIG_MISSING", "Nothing says where the coordination repository is", {
    hint: "Run `pawl init <folder>` to make one, or write `remote: <address or path>` into pawl.config.yaml.",
  });
}

function workerOf(
  { worker = {}, defaults }: ConfigFile,
  { name, at, around }: { name: NodeName; at: (path: string) => string; around: Surroundings },
): WorkerConfig {
  const sandbox = typeof worker.sandbox === "string" ? { mode: worker.sandbox } : (worker.sandbox ?? {});
  const memoryBytes = worker.limits?.memory;
  return {
    name: worker.name ?? name,
    slots: worker.slots ?? (around.machine ? defaultSlots(around.machine, memoryBytes) : 1),
    capabilities: worker.capabilities ?? [],
    executors: worker.executors,
    drainSeconds: worker.drainTimeout ?? 300,
    keepSeconds: worker.keep ?? 48 * 3600,
    logLimitBytes: worker.logLimit ?? 20e6,
    passEnv: worker.passEnv ?? [],
    timeoutSeconds: defaults?.timeout ?? 1800,
    sandbox: {
      mode: sandbox.mode ?? "auto",
      readOnly: (sandbox.readOnly ?? []).map(at),
      writable: (sandbox.writable ?? []).map(at),
    },
    budget: worker.budget,
    children: childrenOf(worker.children),
    limits: { memoryBytes, processes: worker.limits?.processes, cpuPercent: worker.limits?.cpu },
  };
}

/** Where nothing is said, a task that somebody submitted may have a few, and those none. */
function childrenOf(given: NonNullable<ConfigFile["worker"]>["children"] = {}): ChildRights {
  const { most = 8, depth = 1, executors = [], models = [], needs = [], categories = [] } = given;
  return { most, depth, executors, models, needs, categories };
}

function refuseUnknownExecutor({ worker, executors, models }: Config): void {
  const named = {
    "worker.executors": worker.executors ?? [],
    "worker.children.executors": worker.children.executors,
    models: models.flatMap(({ when }) => when.executor ?? []),
  };
  for (const [where, names] of Object.entries(named)) {
    const unknown = names.find((name) => !(name in executors));
    if (unknown === undefined) continue;
    throw new Fault("CONFIG_INVALID", `${where} names "${unknown}", which is not configured`, {
      hint: `Add it under executors; known are ${Object.keys(executors).join(", ")}.`,
    });
  }
}

/** Where everything is kept unless a configuration says otherwise. */
export function usualState({ env, home }: Surroundings): string {
  return join(env["XDG_STATE_HOME"] || join(home, ".local", "state"), "pawl");
}

/** What a host name has to offer, within the narrow alphabet of node names. */
export function nameFrom(hostname: string): NodeName {
  const [first = ""] = hostname.toLowerCase().split(".");
  const name = first
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 40);
  return NodeName.parse(name || "node");
}
