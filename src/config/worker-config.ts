import { parse, stringify } from "yaml";

import { readConfigText } from "./read-config-text.ts";

export type WorkerPlace = {
  name: string;
  /** As git on the worker reaches it. */
  remote: string;
  branch: string;
  /** Absolute paths on the worker. */
  state: string;
  key: string;
  knownHosts: string;
  openclawConfig: string;
};

/** What of the main machine's configuration holds for a worker elsewhere; no chat, no token, no path of this machine. */
const shared = ["profile", "poll", "beat", "lease", "defaults", "models"] as const;
const ofWorker = [
  "capabilities",
  "executors",
  "passEnv",
  "budget",
  "drainTimeout",
  "keep",
  "logLimit",
  "limits",
] as const;

const usualOpenclaw = {
  model: "anthropic/claude-sonnet-4-6",
  keys: ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"],
};

const heading = `# Made by provision-worker from the main machine's configuration. What is changed here it changes back: change it there,
# and run it again. \`pawl config schema\` lists all keys.
`;

export type WorkerConfig = {
  text: string;
  /** Variables that the worker hands to one of its executors, or to all its tasks. */
  variables: string[];
  /** Whether it has a use for OpenClaw. */
  runsOpenclaw: boolean;
};

/**
 * A worker's configuration. It has the same text for the same main machine, so that a second run finds it as it is.
 *
 * @param main the text of the main machine's configuration; undefined when there is none
 */
export function workerConfig(main: string | undefined, place: WorkerPlace): WorkerConfig {
  const from = written(main);
  const worker = pick(blockOf(from["worker"]), ofWorker);
  const routing = pick(blockOf(from["routing"]), ["timezone"]);
  const secrets = pick(blockOf(from["secrets"]), ["env"]);
  const { openclaw, ...executors } = blockOf(from["executors"]);
  const { bin: _bin, stateDir: _stateDir, config: _config, ...ofOpenclaw } = blockOf(openclaw);
  const text = stringify(
    {
      remote: place.remote,
      branch: place.branch,
      name: place.name,
      state: place.state,
      ssh: { key: place.key, knownHosts: place.knownHosts },
      ...pick(from, shared),
      ...some("secrets", secrets),
      ...some("routing", routing),
      // Beside the deploy key and the credentials no task runs without one; that it works there is a step of its own.
      worker: { ...worker, sandbox: "required" },
      executors: {
        openclaw: { config: place.openclawConfig, ...usualOpenclaw, ...ofOpenclaw },
        ...executors,
      },
    },
    { lineWidth: 0 },
  );
  // What we write ourselves has to be what a worker takes.
  const read = readConfigText(text, "the worker's pawl.config.yaml");
  const keys = Object.values(read.executors ?? {}).flatMap((one) => (one as { keys?: string[] }).keys ?? []);
  return {
    text: heading + text,
    variables: [...new Set([...keys, ...(read.worker?.passEnv ?? [])])],
    runsOpenclaw: read.worker?.executors?.includes("openclaw") ?? true,
  };
}

type Block = Record<string, unknown>;

/** As it was written: what reading it makes of durations and sizes cannot be written again. */
function written(main: string | undefined): Block {
  if (main === undefined) return {};
  readConfigText(main, "pawl.config.yaml");
  return blockOf(parse(main));
}

function blockOf(value: unknown): Block {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function pick(block: Block, keys: readonly string[]): Block {
  return Object.fromEntries(keys.flatMap((key) => (block[key] === undefined ? [] : [[key, block[key]]])));
}

function some(key: string, block: Block): Block {
  return Object.keys(block).length === 0 ? {} : { [key]: block };
}
