import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";

import { Fault, type FaultCode } from "../src/fault.ts";
import { places, type Runtime } from "./places.ts";
import { assignments, type Value } from "./shell.ts";

/** What the probe is to look at on a machine. */
export type Asked = {
  /** Absolute paths of the files that are ours. */
  files: readonly string[];
  packages: readonly string[];
  units: readonly string[];
  /** Of the coordination repository, and its branch if not the remote's usual one. */
  remote?: string | undefined;
  branch?: string | undefined;
};

/** The steps' scripts, and what each has to be told. All are root's, idempotent, and leave no half-done thing behind. */
export type Scripts = {
  /** A swap file that is used now and after the next boot. */
  swap: { sizeMb: number };
  /** Waits for the first boot's own apt to end, ten minutes if not told otherwise, then installs what is missing. */
  packages: { packages: readonly string[]; patienceSeconds?: number };
  /** The worker's user and the folders of `places`. */
  user: Record<string, never>;
  timesync: Record<string, never>;
  /** Installs a version beside those that are there; `switch` makes it the current one. */
  node: { version: string; url: string; sha256: string };
  openclaw: { version: string; registry?: string | undefined };
  /** The package's tarball comes on standard input. */
  pawl: { version: string; registry?: string | undefined };
  /** Makes a complete version the current one, atomically. */
  switch: { runtime: Runtime; version: string };
  /**
   * Takes the worker from the current versions to these, which are complete: tried, drained, switched, started again if it
   * is to run, and watched. Unless a sign of life comes, the former ones are put back.
   */
  upgrade: {
    node: string;
    openclaw?: string | undefined;
    pawl: string;
    remote: string;
    beatRef: string;
    watchSeconds: number;
  };
  /** Takes the worker back to the versions before the last upgrade; without a network. */
  rollback: Record<string, never>;
  /** Removes versions other than these and the current one. */
  prune: { runtime: Runtime; keep: readonly string[] };
  /** Makes the worker's deploy key unless it is there; prints the public half. */
  "deploy-key": { comment: string };
  /** Makes the key that is to take its place, beside it; prints the public half. */
  "deploy-key-next": { comment: string };
  /** Pushes with that key to a reference of its own and takes it away again; then the key counts as proven. */
  "deploy-key-prove": { remote: string; ref: string; tries: number };
  /** Puts the proven key in the place of the other. */
  "deploy-key-switch": Record<string, never>;
  /** What `manifest` says comes on standard input. Tells systemd, sshd, AppArmor and journald what concerns them. */
  "write-files": Record<string, never>;
  /** Has these units start at boot and now; `staySeconds`: the worker is among them, and has to run on for so long. */
  enable: { units: readonly string[]; staySeconds?: number };
  /** Has the worker end in order, which may take as long as its tasks may drain, and not start again. */
  disable: { units: readonly string[] };
  /**
   * Lets in nothing but what its rules say. `open`, first of all: a port and a CIDR range or `any`; `close`: rules that go,
   * each by its verb, range, port, protocol, and the name of an application or `-`.
   */
  firewall: { open: readonly string[]; close: readonly string[] };
  /** Makes the host key that is to come; prints its public half. Nothing shows it yet. */
  "host-key-make": Record<string, never>;
  /** Makes that one the only host key. Connections that are open stay. */
  "host-key-switch": Record<string, never>;
  /** Takes all of ours off the machine; the worker's state and its deploy key, and the firewall, only where asked. */
  remove: { stateToo: boolean; firewallToo: boolean };
};
export type ScriptName = keyof Scripts;

/** What some scripts have in common. */
const helpers: Partial<Record<ScriptName, string>> = {
  openclaw: "install-beside.sh",
  pawl: "install-beside.sh",
  upgrade: "versions.sh",
  rollback: "versions.sh",
  enable: "versions.sh",
};

export function script<Name extends ScriptName>(name: Name, values: Scripts[Name]): string {
  const helper = helpers[name];
  return [
    assignments(statuses),
    settings(),
    text("prelude.sh"),
    ...(helper === undefined ? [] : [text(helper)]),
    assignments(values),
    text(`steps/${name}.sh`),
  ].join("\n");
}

export function probeScript(asked: Asked): string {
  const { remote, branch, ...lists } = asked;
  const values = { ...lists, remote, ref: branch === undefined ? "HEAD" : `refs/heads/${branch}` };
  return [settings(), assignments(values), text("probe.sh")].join("\n");
}

/** A file as it is to be on the worker. */
export type OwnedFile = { path: string; owner: string; mode: string; text: string };

/** Standard input of `write-files`: a line each. */
export function manifest(files: readonly OwnedFile[]): string {
  return files
    .map(({ path, owner, mode, text: content }) => {
      if (!plainPath.test(path)) throw new TypeError(`${path} cannot be in a manifest`);
      return `${mode} ${owner} ${path} ${Buffer.from(content).toString("base64")}\n`;
    })
    .join("");
}

/** The files that we bring along, and what has to be filled in. */
export type Files = {
  "units/openclaw-worker.service": Record<string, never>;
  /** Beside the unit; `name` of a file in `places.credentials`, which is the name of a variable. */
  "units/credential.conf": { name: string };
  "units/pawl-heartbeat.service": Record<string, never>;
  "units/pawl-heartbeat.timer": Record<string, never>;
  "etc/launch-worker": Record<string, never>;
  "etc/bwrap-profile": Record<string, never>;
  "etc/sshd.conf": Record<string, never>;
  "etc/journald.conf": Record<string, never>;
  "etc/upgrades.conf": Record<string, never>;
};

export function fileText<Name extends keyof Files>(name: Name, values: Files[Name]): string {
  const { name: variable = "" } = values as Partial<Files["units/credential.conf"]>;
  return text(name).replaceAll("@name@", variable);
}

/** Exit statuses of the steps' scripts, by the fault that each stands for. */
export const statuses = {
  APT_LOCKED: 41,
  BOOT_FAILED: 42,
  LOW_DISK: 43,
  LOW_MEMORY: 44,
  NODE_HASH: 45,
  NPM_FAILED: 46,
  NPM_OOM: 47,
  OS_UNSUPPORTED: 48,
  /** Something else that the script itself saw and said. */
  STEP_FAILED: 49,
  CLONE_DENIED: 50,
} as const satisfies Partial<Record<FaultCode, number>>;

const hints: Record<keyof typeof statuses, string> = {
  CLONE_DENIED: "Let that key write to the repository, then run the same again.",
  APT_LOCKED: "Wait until it has ended, then run the same again. Its locks are never removed by us.",
  BOOT_FAILED: "Look at /var/log/cloud-init-output.log on the machine, or destroy it and make another one.",
  LOW_DISK: "Make room on the machine, or take a larger one; then run the same again.",
  LOW_MEMORY: "Take a larger machine.",
  NODE_HASH: "Somebody or something changed it on the way: look at the mirror, if one is set, and try again.",
  NPM_FAILED: "Most often the registry was out of reach for a moment: run the same again.",
  NPM_OOM: "Add swap or take a larger machine; then run the same again.",
  OS_UNSUPPORTED: "Take Debian 12 or 13, or Ubuntu 22.04 or newer.",
  STEP_FAILED: "Mend what it says on the machine, then run the same again; finished steps are not repeated.",
};

/** A script that ended with this status, as a fault: in its own words if it had any, else the last that was printed. */
export function stepFault(step: string, { status, output }: { status: number; output: string }): Fault {
  const code = knownCodes.find((known) => statuses[known] === status) ?? "STEP_FAILED";
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const own = lines.findLast((line) => line.startsWith(ownWords))?.slice(ownWords.length);
  const said = own ?? (lines.slice(-3).join(" | ") || "it said nothing");
  const message = own === undefined ? `${step} ended with status ${status}: ${said}` : `${step}: ${said}`;
  return new Fault(code, message, { hint: hints[code] });
}

const knownCodes = Object.keys(statuses) as (keyof typeof statuses)[];

/** What the prelude's `stop` begins its line with. */
const ownWords = "pawl: ";

const plainPath = /^\/[\w.@/+-]+$/;

function settings(): string {
  const { runtimes, ...rest } = places;
  const values: Record<string, Value> = {
    ...rest,
    ...Object.fromEntries(Object.entries(runtimes).map(([name, at]) => [`${name}Root`, at])),
  };
  return assignments(values);
}

const filesFolder = join(dirname(findPackageJSON("..", import.meta.url) ?? "."), "provision", "files");

function text(name: string): string {
  return readFileSync(join(filesFolder, name), "utf8");
}
