import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { tryLock } from "../../../src/adapters/files/lock.ts";
import { ask } from "./commands.ts";

/** What the image of a cloud has on its first day, and no Node: to bring that is what is tested. */
const packages =
  "systemd systemd-sysv systemd-timesyncd dbus libpam-systemd openssh-server sudo ca-certificates iproute2 cron curl git " +
  "python3 ufw bubblewrap unattended-upgrades apt-utils xz-utils procps netbase tzdata cloud-init";

/** What `bare` machines lack; the packages that need these go with them. */
export const absentWhenBare =
  "git curl cron ufw bubblewrap unattended-upgrades cloud-init python3-minimal xz-utils";

const settings = [
  "--variant=minbase",
  "--components=main",
  `--include=${packages.replaceAll(" ", ",")}`,
  "--dpkgopt=force-unsafe-io",
  ...["doc", "man", "locale", "info"].map((share) => `--dpkgopt=path-exclude=/usr/share/${share}/*`),
  '--customize-hook=rm -f "$1"/etc/ssh/ssh_host_*',
  '--customize-hook=: > "$1"/etc/machine-id',
  // Nobody answers there, and at once: a machine reaches what a test opens for it, by address.
  '--customize-hook=echo nameserver 127.0.0.1 > "$1"/etc/resolv.conf',
];

export type Base = { root: string; mountPoint: string };

/** Where tests keep what is costly to make, outside of the checkout. */
export function cacheFolder(): string {
  return process.env["PAWL_CI_CACHE"] ?? join(homedir(), ".cache", "pawl-ci");
}

/** The root that every machine begins with; made once, from the mirror that this host itself uses. */
export async function machineBase(): Promise<Base> {
  const folder = await madeOnce("machine", settings.join("\n"), async (into) => {
    await mkdir(join(into, "mnt"));
    const sources = await debianSources();
    const suite = sources[0]?.split(" ")[2] ?? "";
    await ask("mmdebstrap", ["--quiet", ...settings, suite, join(into, "root"), ...sources]);
  });
  return { root: join(folder, "root"), mountPoint: join(folder, "mnt") };
}

/** A folder of the cache that `make` fills unless it is there; one process at a time, and never half of it. */
export async function madeOnce(
  kind: string,
  recipe: string,
  make: (into: string) => Promise<void>,
): Promise<string> {
  const digest = createHash("sha256").update(recipe).digest("hex").slice(0, 12);
  const folder = join(cacheFolder(), `${kind}-${digest}`);
  if (existsSync(folder)) return folder;
  await using _alone = await alone(`${folder}.lock`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await make(partial);
  await rename(partial, folder);
  return folder;
}

/** Waits until no other process of ours is in there. */
export async function alone(folder: string): Promise<AsyncDisposable> {
  for (;;) {
    const answer = await tryLock(folder);
    if (answer.kind === "locked") return answer.lock;
    await sleep(200);
  }
}

/** Lines of sources.list, as this host has them. */
export async function debianSources(): Promise<string[]> {
  const known = await knownSources();
  if (known.length > 0) return known;
  await ask("apt-get", ["update", "-qq"]);
  const found = await knownSources();
  if (found.length === 0) throw new Error("apt on this host knows no mirror of Debian");
  return found;
}

async function knownSources(): Promise<string[]> {
  const format = "$(ORIGIN)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)";
  const lines = await ask("apt-get", ["indextargets", "--format", format, "Created-By: Packages"]);
  return lines.split("\n").flatMap((line) => /^Debian\|(deb .* main)$/.exec(line)?.[1] ?? []);
}
