import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeHub } from "../../../src/adapters/git/hub.ts";
import { answering, freePort, makeKey } from "../sshd.ts";

export type GitHost = AsyncDisposable & {
  /** As the worker's git reaches it: `ssh://git@address:port/owner/name.git`. */
  remote(owner: string, name: string): string;
  /** Makes a hub; where it lies on this host. */
  create(owner: string, name: string): Promise<string>;
  /** The keys that are let in, as sshd reads them at each connection; a fake GitHub may write it. */
  authorizedKeys: string;
  /** Lets a key in that no fake registered, such as a person's own. */
  admit(publicKey: string): Promise<void>;
  /** `ssh-ed25519 AAAA...` */
  hostKey: string;
  knownHostsLine: string;
};

/**
 * A real sshd in front of repositories, in namespaces of its own: there is a user `git` in there, and paths begin where
 * the repositories are, as with a host of repositories. `address`: one that the machines reach.
 */
export async function openGitHost(address: string): Promise<GitHost> {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "pawl-git-host-"));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  const authorizedKeys = at("authorized_keys");
  const port = await freePort(address);
  makeKey(at("host"));
  await mkdir(at("bin"));
  await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  for (const service of ["upload-pack", "receive-pack"]) {
    await writeFile(at(`bin/git-${service}`), `#!/bin/sh\nexec git ${service} "${at("repositories")}/$1"\n`);
    await chmod(at(`bin/git-${service}`), 0o755);
  }
  for (const file of [authorizedKeys, at("admitted_keys")]) await writeFile(file, "", { mode: 0o600 });
  await writeFile(at("passwd"), `${await readFile("/etc/passwd", "utf8")}git:*:0:0::${folder}:/bin/sh\n`);
  await writeFile(at("sshd_config"), configuration(address, port, folder));

  const inside =
    'mount --bind "$0/passwd" /etc/passwd; mount --bind "$0/bin" /usr/local/bin; exec /usr/sbin/sshd -D -e -f "$0/sshd_config"';
  const daemon = spawn(
    "setpriv",
    ["--pdeathsig", "KILL", "unshare", "--mount", "sh", "-ec", inside, folder],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  undo.defer(async () => {
    daemon.kill();
    if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, "exit");
  });
  let log = "";
  daemon.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  await answering(port, () => (daemon.exitCode === null ? undefined : log), address);

  const [type, blob] = (await readFile(at("host.pub"), "utf8")).split(" ");
  const kept = undo.move();
  return {
    remote: (owner, name) => `ssh://git@${address}:${port}/${owner}/${name}.git`,
    async create(owner, name) {
      const path = at(`repositories/${owner}/${name}.git`);
      await makeHub(path);
      return path;
    },
    authorizedKeys,
    admit: (publicKey) => appendFile(at("admitted_keys"), `${publicKey.trim()}\n`),
    hostKey: `${type} ${blob}`,
    knownHostsLine: `[${address}]:${port} ${type} ${blob}\n`,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function configuration(address: string, port: number, folder: string): string {
  return `ListenAddress ${address}
Port ${port}
HostKey ${join(folder, "host")}
AuthorizedKeysFile ${join(folder, "authorized_keys")} ${join(folder, "admitted_keys")}
StrictModes no
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AcceptEnv GIT_PROTOCOL
LogLevel ERROR
`;
}
