import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { ask } from "./commands.ts";

export type FirstDisk = {
  name: string;
  authorizedKey: string;
  userData?: string;
  sshDelaySeconds?: number;
  holdAptLockSeconds?: number;
  aptProxy?: string;
};

/** Writes what a cloud, or a person with a screen, put on a machine's disk before it first started. */
export async function prepareDisk(root: string, disk: FirstDisk): Promise<void> {
  const write = async (path: string, text: string, mode = 0o644) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { mode });
  };
  await write("/etc/hostname", `${disk.name}\n`);
  await write("/etc/hosts", `127.0.0.1 localhost\n127.0.1.1 ${disk.name}\n`);
  await write("/root/.ssh/authorized_keys", `${disk.authorizedKey.trim()}\n`, 0o600);
  await chmod(join(root, "/root/.ssh"), 0o700);
  await ask("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(root, hostKeyPath)]);
  if (disk.aptProxy !== undefined) {
    await write("/etc/apt/apt.conf.d/00-proxy", `Acquire::http::Proxy "${disk.aptProxy}";\n`);
  }
  if (disk.sshDelaySeconds)
    await write("/etc/systemd/system/ssh.service.d/late.conf", late(disk.sshDelaySeconds));
  if (disk.holdAptLockSeconds) {
    await write("/etc/hold-apt-locks", locksHolder(disk.holdAptLockSeconds), 0o755);
    await write("/etc/systemd/system/hold-apt-locks.service", holdLocks);
    await write("/etc/systemd/system/ssh.service.d/after-locks.conf", afterLocks);
  }
  if (disk.userData === undefined) return write("/etc/cloud/cloud-init.disabled", "");
  const seed = "/var/lib/cloud/seed/nocloud";
  await write(`${seed}/user-data`, disk.userData, 0o600);
  await write(`${seed}/meta-data`, metaData(disk), 0o600);
  await write("/etc/cloud/cloud.cfg.d/99-seed.cfg", cloudConfig);
}

const hostKeyPath = "/etc/ssh/ssh_host_ed25519_key";

export async function publicHostKey(root: string): Promise<string> {
  return readFile(join(root, `${hostKeyPath}.pub`), "utf8");
}

function metaData({ name, authorizedKey }: FirstDisk): string {
  return JSON.stringify({
    "instance-id": `seed-${name}`,
    "local-hostname": name,
    "public-keys": [authorizedKey.trim()],
  });
}

const cloudConfig = `datasource_list: [NoCloud]
network: {config: disabled}
disable_root: false
locale: false
`;

/** Only at the first start: when sshd is restarted later, nobody waits again. */
function late(seconds: number): string {
  return `[Service]
TimeoutStartSec=infinity
ExecStartPre=/bin/sh -c '[ -e /run/was-late ] || { touch /run/was-late; sleep ${seconds}; }'
`;
}

const holdLocks = `[Unit]
Description=Holds the locks of apt as unattended-upgrades does on a first boot
[Service]
Type=forking
ExecStart=/etc/hold-apt-locks
`;

/** So that they are held as soon as anybody gets in. */
const afterLocks = `[Unit]
Wants=hold-apt-locks.service
After=hold-apt-locks.service
`;

/** In Perl, which every Debian has: dpkg's locks are fcntl's, and flock(1) does not take those. */
function locksHolder(seconds: number): string {
  return `#!/usr/bin/perl
use strict; use warnings; use Fcntl;
pipe(my $told, my $tell);
if (fork) { close $tell; exit(defined(readline $told) ? 0 : 1) }
$0 = "unattended-upgr";
my @held;
for my $path ("/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/lib/apt/lists/lock") {
  open(my $file, ">", $path) or die "$path: $!";
  my $whole = pack("s s x4 q q l x4", F_WRLCK, 0, 0, 0, 0);
  fcntl($file, F_SETLKW, $whole) or die "$path: $!";
  push @held, $file;
}
print $tell "held\n";
close $tell;
sleep ${seconds};
`;
}
