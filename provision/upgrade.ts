import { allSteps } from "./all-steps.ts";
import type { MachineFacts } from "./facts.ts";
import { places, type Runtime } from "./places.ts";
import type { Step, Verdict } from "./step.ts";
import { askedRuntimes, install, runtimeNames, runtimes, wantedVersion } from "./steps/runtime.ts";
import { longScript, onMachine, right, rightBut, shortScript, work } from "./steps/verdicts.ts";
import type { Wanted } from "./wanted.ts";

/**
 * Tasks may take ten minutes to end, and a worker two to start and five to give a sign of life; on the way back tasks end
 * once more. The trials before take up to six, and who is cut off leaves the worker stopped.
 */
const switchSeconds = 2700;
const watchSeconds = 300;

/**
 * Everything that makes a worker, then the versions of this release: each installed beside the one in use, then all
 * switched at once by a script that switches back by itself. What the last upgrade switched away from is kept.
 */
export const upgradeSteps: readonly Step[] = [
  ...allSteps,
  ...runtimeNames.map(installStep),
  {
    id: "upgrade.switched",
    phase: "upgrade",
    sentence: () => "the worker uses the versions of this release",
    after: ["upgrade.node", "upgrade.openclaw", "upgrade.pawl", "service.units", "identity.reachable"],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine((machine, wanted) => {
      const others = askedRuntimes(wanted).filter(
        (runtime) => machine[runtime].current !== wantedVersion(runtime, wanted),
      );
      if (others.length === 0) return wasCutOff(machine) ? work(cutOff) : right;
      return work(others.map((runtime) => `${runtime} is ${machine[runtime].current ?? "none"}`).join(", "));
    }),
    apply: (_, { versions, repository, name }) => {
      const { node, openclaw, pawl } = versions;
      const beatRef = `refs/worker/${name}/heartbeat`;
      const values = { node: node.version, openclaw, pawl, remote: repository.remote, beatRef, watchSeconds };
      return [longScript({ name: "upgrade", values }, switchSeconds)];
    },
  },
  {
    id: "upgrade.pruned",
    phase: "upgrade",
    sentence: () => "no versions are kept but those in use and those before the upgrade",
    after: ["upgrade.switched"],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine((machine, wanted) => {
      const spare = askedRuntimes(wanted).flatMap((runtime) =>
        spareVersions(machine, runtime, wanted).map((version) => `${runtime} ${version}`),
      );
      return spare.length === 0 ? right : work(`there is ${spare.join(", ")}`);
    }),
    apply: ({ machine }, wanted) =>
      askedRuntimes(wanted).flatMap((runtime) => {
        if (!machine || spareVersions(machine, runtime, wanted).length === 0) return [];
        const { previous } = machine[runtime];
        const keep = previous === undefined ? [] : [previous];
        return [shortScript({ name: "prune", values: { runtime, keep } })];
      }),
  },
];

/** Back to the versions before the last upgrade. They are still on the machine, so that it needs nothing else. */
export const rollbackSteps: readonly Step[] = [
  {
    id: "upgrade.rolled-back",
    phase: "upgrade",
    sentence: () => "the worker uses the versions from before the last upgrade",
    after: [],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine(checkRollback),
    apply: () => [longScript({ name: "rollback", values: {} }, switchSeconds)],
  },
];

/** What a rollback switched away from is still there, and is not fetched again. */
function installStep(runtime: Runtime): Step {
  const { sentence, ...about } = runtimes[runtime];
  return {
    ...about,
    id: `upgrade.${runtime}`,
    phase: "upgrade",
    sentence: (wanted) => `${sentence(wanted)}, beside what is in use`,
    after: ["runtime.node", "system.swap"],
    risk: "free",
    check: onMachine((machine, wanted) => {
      const version = wantedVersion(runtime, wanted);
      return version === undefined || machine[runtime].installed.includes(version)
        ? right
        : work("it is not there");
    }),
    apply: ({ machine }, wanted) => (machine ? [install(runtime, machine, wanted)] : []),
  };
}

function spareVersions(machine: MachineFacts, runtime: Runtime, wanted: Wanted): string[] {
  const { installed, current, previous } = machine[runtime];
  const kept = [current, previous, wantedVersion(runtime, wanted)];
  return installed.filter((version) => !kept.includes(version));
}

/** Or another run is at it right now, which this one then follows. */
function wasCutOff({ files }: MachineFacts): boolean {
  return files[places.switching] !== undefined;
}

const cutOff = "the worker was stopped to switch, and that has not ended";

function checkRollback(machine: MachineFacts, wanted: Wanted): Verdict {
  const back = askedRuntimes(wanted).filter((runtime) => machine[runtime].previous !== undefined);
  if (back.length > 0) {
    return work(
      back
        .map((name) => `${name} ${machine[name].current ?? "none"} to ${machine[name].previous}`)
        .join(", "),
    );
  }
  if (wasCutOff(machine)) return work(cutOff);
  const now = askedRuntimes(wanted).map((name) => `${name} ${machine[name].current ?? "none"}`);
  return rightBut(`nothing earlier is kept; in use: ${now.join(", ")}`);
}
