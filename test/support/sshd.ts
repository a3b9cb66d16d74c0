import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type Sshd = AsyncDisposable & {
  folder: string;
  /** Address of a repository on this machine. */
  address(path: string): string;
  /** What to call in place of ssh, with a key that is let in and the host's key known. */
  command: string;
  /** The same with another file of known hosts or another key. */
  commandWith(files: { knownHosts?: string; key?: string }): string;
  knownHostsLine: string;
  port: number;
  pid: number;
};

/**
 * An sshd of our own on a loopback port: it lets in whoever runs the tests, with one key.
 *
 * @param settings further lines for its configuration; the first of a name counts
 */
export async function startSshd(settings: readonly string[] = []): Promise<Sshd> {
  const folder = await mkdtemp(join(tmpdir(), "pawl-sshd-"));
  const [hostKey, key, knownHosts] = ["host", "user", "known_hosts"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  makeKey(hostKey);
  makeKey(key);
  await writeFile(join(folder, "authorized_keys"), await readFile(`${key}.pub`));
  await chmod(join(folder, "authorized_keys"), 0o600);
  const port = await freePort();
  await writeFile(join(folder, "sshd_config"), [...settings, configuration(folder, port)].join("\n"));
  if (userInfo().uid === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });

  const daemon = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", join(folder, "sshd_config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  daemon.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  await answering(port, () => (daemon.exitCode === null ? undefined : log));

  const [type, blob] = (await readFile(`${hostKey}.pub`, "utf8")).split(" ");
  const knownHostsLine = `[127.0.0.1]:${port} ${type} ${blob}\n`;
  await writeFile(knownHosts, knownHostsLine);
  const commandWith: Sshd["commandWith"] = (files) =>
    `ssh -F none -i ${files.key ?? key} -o IdentitiesOnly=yes -o IdentityAgent=none ` +
    `-o UserKnownHostsFile=${files.knownHosts ?? knownHosts} -o GlobalKnownHostsFile=none`;
  return {
    folder,
    address: (path) => `ssh://${userInfo().username}@127.0.0.1:${port}${path}`,
    command: commandWith({}),
    commandWith,
    knownHostsLine,
    port,
    pid: daemon.pid ?? 0,
    async [Symbol.asyncDispose]() {
      daemon.kill();
      if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, "exit");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function makeKey(path: string): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "pawl-test", "-f", path]);
}

/** With SHLVL set, bash does not read a .bashrc that may be slow for each connection. */
function configuration(folder: string, port: number): string {
  return `ListenAddress 127.0.0.1
Port ${port}
HostKey ${join(folder, "host")}
AuthorizedKeysFile ${join(folder, "authorized_keys")}
StrictModes no
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
LogLevel ERROR
SetEnv SHLVL=2
`;
}

export async function freePort(host = "127.0.0.1"): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

/** Waits for a server; `failure`: why there will be none, once that is known. */
export async function answering(
  port: number,
  failure: () => string | undefined,
  host = "127.0.0.1",
): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const log = failure();
    if (log !== undefined) throw new Error(`sshd did not start: ${log}`);
    const socket = connect(port, host);
    const isUp = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    await sleep(50);
  }
  throw new Error("sshd does not answer");
}
