import type { MachineFacts } from "../facts.ts";
import type { Runtime } from "../places.ts";
import type { Action, Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";
import { longScript, onMachine, right, rightBut, shortScript, work } from "./verdicts.ts";

/** Measured up to four minutes on a small machine, with a slow registry several times that. */
const npmSeconds = 3600;

type About = Pick<Step, "sentence" | "isAsked" | "after" | "codes">;

/** What is to be said of each, in the order in which they are installed. */
export const runtimes: Readonly<Record<Runtime, About>> = {
  node: {
    sentence: ({ versions }) => `Node ${versions.node.version}`,
    after: ["system.packages"],
    codes: ["NODE_HASH", "OS_UNSUPPORTED", "LOW_DISK", "STEP_FAILED"],
  },
  openclaw: {
    sentence: ({ versions }) => `OpenClaw ${versions.openclaw}`,
    isAsked: ({ versions }) => versions.openclaw !== undefined,
    after: ["runtime.node", "system.swap", "system.memory"],
    codes: ["NPM_FAILED", "NPM_OOM", "LOW_DISK", "STEP_FAILED"],
  },
  pawl: {
    sentence: ({ versions }) => `pawl ${versions.pawl}, as it is here`,
    after: ["runtime.node", "system.swap"],
    codes: ["NPM_FAILED", "NPM_OOM", "LOW_DISK", "STEP_FAILED"],
  },
};

export const runtimeNames = Object.keys(runtimes) as Runtime[];

export const runtimeSteps: readonly Step[] = runtimeNames.map((runtime) => ({
  ...runtimes[runtime],
  id: `runtime.${runtime}`,
  phase: "runtime",
  risk: "free",
  check: onMachine((machine, wanted) => checkRuntime(runtime, machine, wanted)),
  apply: bring(runtime),
}));

export function wantedVersion(runtime: Runtime, { versions }: Wanted): string | undefined {
  return runtime === "node" ? versions.node.version : versions[runtime];
}

/** All that are asked for, in the order in which they are installed. */
export function askedRuntimes(wanted: Wanted): Runtime[] {
  return runtimeNames.filter((runtime) => wantedVersion(runtime, wanted) !== undefined);
}

/** Whether there is nothing left to install. */
export function hasRuntimes(machine: MachineFacts, wanted: Wanted): boolean {
  return askedRuntimes(wanted).every((runtime) => machine[runtime].current !== undefined);
}

/** What another version that is in use means is for `--upgrade` to decide: somebody may have rolled back to it. */
function checkRuntime(runtime: Runtime, machine: MachineFacts, wanted: Wanted): Verdict {
  const { current, installed } = machine[runtime];
  const version = wantedVersion(runtime, wanted);
  if (current !== undefined) {
    return current === version ? right : rightBut(`it is ${current}; --upgrade brings ${version}`);
  }
  return work(
    version !== undefined && installed.includes(version) ? "it is there but not in use" : "it is not there",
  );
}

function bring(runtime: Runtime): Step["apply"] {
  return ({ machine }, wanted) => {
    const version = wantedVersion(runtime, wanted);
    if (!machine || version === undefined) return [];
    const isThere = machine[runtime].installed.includes(version);
    return [
      ...(isThere ? [] : [install(runtime, machine, wanted)]),
      shortScript({ name: "switch", values: { runtime, version } }),
    ];
  };
}

/** Beside what is there: nothing changes for a worker that runs. */
export function install(runtime: Runtime, machine: MachineFacts, { versions, npmRegistry }: Wanted): Action {
  if (runtime === "pawl") return { do: "upload-pawl" };
  if (runtime === "openclaw") {
    const values = { version: versions.openclaw ?? "", registry: npmRegistry };
    return longScript({ name: "openclaw", values }, npmSeconds);
  }
  const { x86_64, aarch64 } = versions.node.downloads;
  const { version, url, sha256 } = machine.os.arch === "aarch64" ? aarch64 : x86_64;
  return longScript({ name: "node", values: { version, url, sha256 } }, 1200);
}
