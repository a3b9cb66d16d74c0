import { hash } from "node:crypto";

import type { Facts, MachineFacts } from "./facts.ts";
import { places } from "./places.ts";
import { fileText, type Asked, type OwnedFile } from "./scripts.ts";
import type { Wanted } from "./wanted.ts";

/** Files that are right or wrong together, since one step writes them. */
export type FileGroup = keyof typeof groups;

const groups = {
  upgrades: ({ target }: Wanted) => [
    root(
      "0644",
      places.upgrades,
      // When somebody's own machine boots is for its own settings to say.
      fileText("etc/upgrades.conf", {}) + (target.kind === "host" ? "" : neverReboot),
    ),
  ],
  journald: () => [root("0644", places.journald, fileText("etc/journald.conf", {}))],
  sshd: (wanted: Wanted, facts: Facts) => [
    root(
      "0644",
      places.sshd,
      fileText("etc/sshd.conf", {}) + (mayRootComeIn(wanted, facts) ? rootByKey : ""),
    ),
  ],
  bwrap: () => [root("0644", places.bwrapProfile, fileText("etc/bwrap-profile", {}))],
  "known-hosts": (wanted: Wanted, facts: Facts) => [
    root("0644", places.knownHosts, lines(knownHostsFor(wanted, facts) ?? [])),
  ],
  config: ({ config, openclawConfig }: Wanted) => [
    ofGroup("0640", places.config, config),
    ...(openclawConfig === undefined ? [] : [ofGroup("0640", places.openclawConfig, openclawConfig)]),
  ],
  units: () => [
    root("0755", places.launcher, fileText("etc/launch-worker", {})),
    unit(places.worker, fileText("units/openclaw-worker.service", {})),
    unit(places.report, fileText("units/pawl-heartbeat.service", {})),
    unit(places.reportTimer, fileText("units/pawl-heartbeat.timer", {})),
  ],
} as const satisfies Record<string, (wanted: Wanted, facts: Facts) => OwnedFile[]>;

const neverReboot = 'Unattended-Upgrade::Automatic-Reboot "false";\n';
const rootByKey = "PermitRootLogin prohibit-password\n";

/** Nobody switches on for root what the machine's owner has switched off, or what we do not need. */
function mayRootComeIn({ target }: Wanted, { machine }: Facts): boolean {
  return target.kind === "cloud" || (target.user === "root" && machine?.sshd["permitrootlogin"] !== "no");
}

/** The files as they are to be. */
export function ownedFiles(group: FileGroup, wanted: Wanted, facts: Facts): OwnedFile[] {
  return groups[group](wanted, facts);
}

/** The keys of the host that git reaches; nothing while nobody has told them, as not every API does. */
export function knownHostsFor({ repository }: Wanted, facts: Facts): readonly string[] | undefined {
  const told = facts.repository?.knownHosts ?? [];
  return told.length > 0 ? told : repository.knownHosts;
}

export function credentialPath(name: string): string {
  return `${places.credentials}/${name}`;
}

/** Hands a credential to the worker. A file of its own, so that a run that does not name it leaves it as it is. */
export function credentialUnit(name: string): OwnedFile {
  return unit(`${places.worker}.d/credential-${name}.conf`, fileText("units/credential.conf", { name }));
}

/** Packages of the distribution that a worker needs. */
export const packages: readonly string[] = [
  "git",
  "python3",
  "curl",
  "ufw",
  "bubblewrap",
  "xz-utils",
  "ca-certificates",
  "unattended-upgrades",
  "cron",
];

/** What the probe has to look at so that every step can be checked: they cannot drift apart. */
export function askedOf(wanted: Wanted): Asked {
  const files = (Object.keys(groups) as FileGroup[]).flatMap((group) => ownedFiles(group, wanted, {}));
  const credentials = (wanted.credentials ?? []).flatMap(({ name }) => [
    credentialPath(name),
    credentialUnit(name).path,
  ]);
  return {
    files: [...files.map(({ path }) => path), ...credentials, places.switching],
    packages,
    units: [places.worker, places.report, places.reportTimer],
    remote: wanted.repository.remote,
    branch: wanted.repository.branch,
  };
}

/** Paths whose file on the machine is missing, or is another one than it should be. */
export function wrongFiles(files: readonly OwnedFile[], machine: MachineFacts): string[] {
  return files
    .filter(({ path, owner, mode, text }) => {
      const found = machine.files[path];
      return found?.sha256 !== hash("sha256", text) || found.owner !== owner || found.mode !== mode;
    })
    .map(({ path }) => path);
}

function root(mode: string, path: string, text: string): OwnedFile {
  return { path, owner: "root:root", mode, text };
}

/** Only root writes it; the worker reads it. */
function ofGroup(mode: string, path: string, text: string): OwnedFile {
  return { path, owner: `root:${places.user}`, mode, text };
}

function unit(name: string, text: string): OwnedFile {
  return root("0644", `/etc/systemd/system/${name}`, text);
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}
