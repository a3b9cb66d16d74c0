import { checkFiles, fileStep, writeFiles } from "./file-step.ts";
import { credentialPath, credentialUnit, wrongFiles } from "../owned-files.ts";
import { places } from "../places.ts";
import type { Facts, MachineFacts } from "../facts.ts";
import type { Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";
import { impossible, longScript, onMachine, right, rightBut, shortScript, work } from "./verdicts.ts";

/** A worker that ends by itself does so sooner. */
const staySeconds = 5;

const units = [places.worker, places.report, places.reportTimer];

export const serviceSteps: readonly Step[] = [
  fileStep("config", {
    id: "service.config",
    phase: "service",
    sentence: () => `the worker's settings in ${places.folder}`,
    after: ["system.user"],
  }),
  {
    id: "service.credentials",
    phase: "service",
    sentence: ({ credentials = [] }) =>
      `credentials ${credentials.map(({ name }) => name).join(", ")}, which only root and the worker can read`,
    isAsked: ({ credentials = [] }) => credentials.length > 0,
    after: ["system.user"],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine((machine, wanted) => {
      const wrong = wrongCredentials(machine, wanted);
      return wrong.length === 0 ? right : work(`missing or another value: ${wrong.join(", ")}`);
    }),
    apply: ({ machine }, wanted) =>
      machine ? [{ do: "store-credentials", names: wrongCredentials(machine, wanted) }] : [],
  },
  {
    id: "service.bwrap",
    phase: "service",
    sentence: () => "tasks can be kept in a room of their own: bwrap works for the worker's user",
    after: ["system.packages", "system.user"],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine(checkBwrap),
    apply: (facts, wanted) => [writeFiles("bwrap", facts, wanted)],
  },
  fileStep(
    "units",
    {
      id: "service.units",
      phase: "service",
      sentence: () => `the units ${units.join(", ")}`,
      after: ["system.user", "runtime.pawl", "service.config"],
    },
    (machine) => {
      const strange = units.filter((unit) => machine.units[unit]?.load !== "loaded");
      if (strange.length > 0) return work(`systemd does not know ${strange.join(", ")}`);
      const stale = units.filter((unit) => machine.units[unit]?.needsReload);
      return stale.length > 0 ? work(`systemd has not read ${stale.join(", ")} again`) : right;
    },
  ),
  {
    id: "service.heartbeat",
    phase: "service",
    sentence: () => "a timer that tells every 5 minutes how the machine is",
    after: ["service.units"],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine((machine) => checkRuns(machine, places.reportTimer)),
    apply: () => [shortScript({ name: "enable", values: { units: [places.reportTimer] } })],
  },
];

/** Last of all: a worker that runs takes tasks. */
export const startSteps: readonly Step[] = [
  {
    id: "service.started",
    phase: "service",
    sentence: () => `${places.worker} runs, now and after the next boot`,
    isAsked: ({ start }) => start,
    after: [
      "service.units",
      "service.bwrap",
      "identity.reachable",
      "runtime.openclaw",
      "service.credentials",
    ],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine((machine) => {
      if (!machine.held) return checkRuns(machine, places.worker);
      return impossible(
        "STEP_FAILED",
        `Somebody holds the worker back with the file ${places.hold}`,
        `Remove that file when it may run again, or leave out --start.`,
      );
    }),
    apply: () => [longScript({ name: "enable", values: { units: [places.worker], staySeconds } }, 180)],
  },
];

/** The profile is for systems that keep users from namespaces; where there is one all the same, it has to be ours. */
function checkBwrap(machine: MachineFacts, wanted: Wanted, facts: Facts): Verdict {
  if (machine.bwrap !== "works")
    return work(`bwrap ${machine.bwrap === "absent" ? "is absent" : "is refused"}`);
  if (!machine.files[places.bwrapProfile]) return right;
  return checkFiles("bwrap", machine, wanted, facts);
}

function checkRuns(machine: MachineFacts, name: string): Verdict {
  const unit = machine.units[name];
  const found = unit ? `${unit.enabled || "not enabled"}, ${unit.active} (${unit.sub})` : "there is none";
  const isUp = unit?.active === "active" || (unit?.active === "activating" && !endsAgain(unit));
  if (unit?.enabled !== "enabled" || !isUp) return work(found);
  return unit.restarts > 0 ? rightBut(`it was restarted ${unit.restarts} times`) : right;
}

/** It ended by itself and waits to be started again, as one does for ever that ends as soon as it begins. */
function endsAgain({ sub }: MachineFacts["units"][string]): boolean {
  return sub.startsWith("auto-restart");
}

function wrongCredentials(machine: MachineFacts, { credentials = [] }: Wanted): string[] {
  return credentials
    .filter(({ name, sha256 }) => {
      const found = machine.files[credentialPath(name)];
      const isStored = found?.sha256 === sha256 && found.owner === "root:root" && found.mode === "0600";
      return !isStored || wrongFiles([credentialUnit(name)], machine).length > 0;
    })
    .map(({ name }) => name);
}
