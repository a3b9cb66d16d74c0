import { posix } from "node:path";

import { packages } from "../owned-files.ts";
import { systemNamed, systems } from "../pins.ts";
import { places } from "../places.ts";
import type { MachineFacts } from "../facts.ts";
import type { Step, Verdict } from "../step.ts";
import type { Wanted } from "../wanted.ts";
import { fileStep } from "./file-step.ts";
import { hasRuntimes } from "./runtime.ts";
import { impossible, longScript, onMachine, right, rightBut, shortScript, work } from "./verdicts.ts";

/** Machines of 4 GB tell a little less. */
const enoughMemoryMb = 3800;
const swapMb = 2048;
/** Packages, Node, OpenClaw and a first clone. */
const roomMb = 3072;

export const systemSteps: readonly Step[] = [
  {
    id: "system.os",
    phase: "system",
    sentence: () => "a system that we know",
    after: ["contact.first-boot"],
    risk: "free",
    codes: ["OS_UNSUPPORTED"],
    check: onMachine(checkSystem),
    apply: () => [],
  },
  {
    id: "system.memory",
    phase: "system",
    sentence: (wanted) => `at least ${leastMemoryMb(wanted)} MB of memory`,
    after: ["contact.first-boot"],
    risk: "free",
    codes: ["LOW_MEMORY"],
    check: onMachine(checkMemory),
    apply: () => [],
  },
  {
    id: "system.disk",
    phase: "system",
    sentence: () => "room on the disk for all that is to come",
    after: ["contact.first-boot"],
    risk: "free",
    codes: ["LOW_DISK"],
    check: onMachine(checkDisk),
    apply: () => [],
  },
  {
    id: "system.swap",
    phase: "system",
    sentence: () => "2 GB of swap where there is less than 4 GB of memory",
    after: ["system.os", "system.disk"],
    risk: "free",
    codes: ["LOW_DISK"],
    check: onMachine((machine) =>
      needsSwap(machine) ? work(`${machine.memoryMb} MB of memory, ${machine.swapMb} MB of swap`) : right,
    ),
    apply: () => [shortScript({ name: "swap", values: { sizeMb: swapMb } })],
  },
  {
    id: "system.packages",
    phase: "system",
    sentence: () => `packages ${packages.join(", ")}`,
    after: ["system.os", "system.disk"],
    risk: "free",
    codes: ["APT_LOCKED", "LOW_DISK", "BOOT_FAILED", "STEP_FAILED"],
    check: onMachine((machine) => {
      const missing = missingPackages(machine);
      return missing.length === 0 ? right : work(`missing: ${missing.join(", ")}`);
    }),
    apply: ({ machine }) => [
      longScript(
        { name: "packages", values: { packages: machine ? missingPackages(machine) : packages } },
        1800,
      ),
    ],
  },
  {
    id: "system.user",
    phase: "system",
    sentence: () => `user ${places.user}, without any rights of root's, and its folders`,
    after: ["system.os"],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine(checkUser),
    apply: () => [shortScript({ name: "user", values: {} })],
  },
  {
    id: "system.time",
    phase: "system",
    sentence: () => "its clock is kept right",
    after: ["system.packages"],
    risk: "free",
    codes: ["STEP_FAILED"],
    check: onMachine(({ timeSynced }) => (timeSynced ? right : work("no time server has answered it"))),
    apply: () => [longScript({ name: "timesync", values: {} }, 600)],
  },
  fileStep("upgrades", {
    id: "system.upgrades",
    phase: "system",
    sentence: ({ target }) =>
      `security updates come by themselves${target.kind === "cloud" ? ", and never a reboot" : ""}`,
    after: ["system.packages"],
  }),
  fileStep("journald", {
    id: "system.journal",
    phase: "system",
    sentence: () => "the journal keeps to 200 MB",
    // On somebody's own machine it holds what is not ours to throw away.
    isAsked: ({ target }) => target.kind === "cloud",
    after: ["system.os"],
  }),
];

/** As the probe tells of them. */
export const workerFolders: readonly string[] = [
  `root:root 0755 ${places.folder}`,
  `root:root 0700 ${places.credentials}`,
  `${places.user}:${places.user} 0700 ${places.home}`,
  `${places.user}:${places.user} 0700 ${posix.dirname(places.deployKey)}`,
];

function checkUser({ user, folders }: MachineFacts): Verdict {
  if (!user.exists) return work("there is none");
  if (user.home !== places.home) {
    return impossible(
      "STEP_FAILED",
      `The machine has a user ${places.user} with the home ${user.home ?? "of nobody"}, expected ${places.home}`,
      `It is somebody else's: rename it, or move its home with \`usermod -d ${places.home} ${places.user}\`.`,
    );
  }
  const wrong = workerFolders.filter((folder) => !folders.includes(folder));
  return wrong.length === 0 ? right : work(`it is not so: ${wrong.join(", ")}`);
}

function checkSystem({ os }: MachineFacts): Verdict {
  const found = `${os.id} ${os.version} on ${os.arch}`;
  const isKnown = systemNamed(os) !== undefined && ["x86_64", "aarch64"].includes(os.arch);
  if (isKnown) return right;
  const known = systems.map(({ id, version }) => `${id} ${version}`).join(", ");
  return impossible(
    "OS_UNSUPPORTED",
    `The machine runs ${found}`,
    `Take one of ${known}, on x86_64 or aarch64.`,
  );
}

function checkMemory({ memoryMb }: MachineFacts, wanted: Wanted): Verdict {
  const least = leastMemoryMb(wanted);
  if (memoryMb >= least) {
    return wanted.versions.openclaw !== undefined && memoryMb < 1900
      ? rightBut("OpenClaw will live off swap much of the time: 2 GB are better")
      : right;
  }
  return impossible(
    "LOW_MEMORY",
    `The machine has ${memoryMb} MB of memory, ${least} MB are needed`,
    "Take a larger size (--size), or a larger machine.",
  );
}

/** Nominal 1 GB and 512 MB: the kernel keeps some for itself. */
function leastMemoryMb({ versions }: Wanted): number {
  return versions.openclaw === undefined ? 440 : 900;
}

/** What is installed already needs no more room. */
function checkDisk(machine: MachineFacts, wanted: Wanted): Verdict {
  const needed = (needsSwap(machine) ? swapMb : 0) + (hasRuntimes(machine, wanted) ? 0 : roomMb);
  const { diskFreeMb } = machine;
  if (diskFreeMb < needed) {
    return impossible(
      "LOW_DISK",
      `The machine has ${diskFreeMb} MB free on its disk, ${needed} MB are needed`,
      "Make room, or take a larger machine.",
    );
  }
  return diskFreeMb < 1024 ? rightBut(`only ${diskFreeMb} MB are free`) : right;
}

function needsSwap({ memoryMb, swapMb: found }: MachineFacts): boolean {
  // A swap file's first page is not for swap.
  return memoryMb < enoughMemoryMb && found < swapMb - 1;
}

function missingPackages(machine: MachineFacts): string[] {
  return packages.filter((name) => machine.packages[name] === undefined);
}
