import { createHash } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { absentWhenBare, machineBase } from "./base.ts";
import { inNamespace, layCable, routeToOthers, type Cable } from "./cable.ts";
import { makeCgroups, removeCgroups } from "./cgroups.ts";
import { ask, run, type Ran } from "./commands.ts";
import { prepareDisk, publicHostKey, type FirstDisk } from "./first-disk.ts";

const supervisor = join(import.meta.dirname, "supervisor.sh");

export type MachineOrder = Omit<FirstDisk, "name"> & {
  name?: string;
  /** Without git, curl, python3, cron, ufw and what needs them; cloud-init is among these. */
  bare?: boolean;
  /** Size of its disk, which is in memory. */
  diskMb?: number;
};

/**
 * A Debian that was really booted: systemd as its first process, sshd, a network, a disk and host keys of its own. It has
 * the kernel, the clock and the memory of this host, and ends with the process that booted it.
 */
export class Machine implements AsyncDisposable {
  readonly name: string;
  readonly address: string;
  /** This host as the machine sees it. */
  readonly gateway: string;
  /** What systemd and the services said on the console. */
  console = "";
  readonly #process: ChildProcess;
  readonly #cable: Cable;
  readonly #cgroups: readonly string[];
  readonly #mountPoint: string;

  private constructor(parts: {
    name: string;
    process: ChildProcess;
    cable: Cable;
    cgroups: readonly string[];
    mountPoint: string;
  }) {
    this.name = parts.name;
    this.#process = parts.process;
    this.#cable = parts.cable;
    this.#cgroups = parts.cgroups;
    this.#mountPoint = parts.mountPoint;
    this.address = parts.cable.address;
    this.gateway = parts.cable.gateway;
    parts.process.stdout?.on("data", (chunk: Buffer) => (this.console += chunk.toString()));
    parts.process.stderr?.on("data", (chunk: Buffer) => (this.console += chunk.toString()));
  }

  /** Resolves when sshd answers; when that is to come late, as soon as the machine has begun to boot. */
  static async boot(order: MachineOrder): Promise<Machine> {
    const { name = "machine", bare = false, diskMb = 4096 } = order;
    const { root, mountPoint } = await machineBase();
    const label = `${name}-${++booted}`;
    const cgroups = await makeCgroups(label);
    const process = spawn(
      "setpriv",
      ["--pdeathsig", "KILL", "sh", supervisor, "enter", root, mountPoint, String(diskMb), label, ...cgroups],
      // Container and host agree on cgroup v2, which is what an image of today has.
      { stdio: "pipe", env: { PATH: pathOfRoot, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" } },
    );
    const ended = once(process, "close");
    await using undo = new AsyncDisposableStack();
    undo.defer(async () => {
      process.kill("SIGKILL");
      await ended;
      await removeCgroups(cgroups);
    });
    await prepared(process);
    const cable = undo.use(await layCable(insideOf(process)));
    const machine = new Machine({ name, process, cable, cgroups, mountPoint });
    if (bare) await machine.#strip();
    await prepareDisk(machine.#root(), { ...order, name });
    process.stdin.write("boot\n");
    if (!order.sshDelaySeconds) await machine.answersSsh();
    undo.move();
    return machine;
  }

  /** As `SHA256:...`. */
  async hostKey(): Promise<string> {
    const [, blob = ""] = (await publicHostKey(this.#root())).split(" ");
    return `SHA256:${createHash("sha256").update(blob, "base64").digest("base64").replace(/=+$/, "")}`;
  }

  /** Runs a shell script on it as root, not by ssh; what it printed, once it ended with 0. */
  exec(script: string, how: { input?: string | Buffer } = {}): Promise<string> {
    return ask("nsenter", this.#entering(script), how);
  }

  /** The same for scripts that may end with anything. */
  run(script: string, how: { input?: string | Buffer } = {}): Promise<Ran> {
    return run("nsenter", this.#entering(script), how);
  }

  /** What somebody finds there who comes after a rebuild, or instead of us: another host key. */
  async rekey(): Promise<string> {
    await this.exec(
      "rm -f /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key; systemctl restart ssh",
    );
    return this.hostKey();
  }

  /** Nobody gets in any more; who is in stays. */
  async stopSshd(): Promise<void> {
    await this.exec("systemctl stop ssh");
  }

  async startSshd(): Promise<void> {
    await this.exec("systemctl start ssh");
  }

  /** Ends every ssh connection that is open, in a way that both ends see; a pulled cable is silence. */
  async cutConnections(): Promise<void> {
    await this.exec("pkill -KILL -f '^sshd: [^/]' || true");
  }

  async pullCable(): Promise<void> {
    await inNamespace(this.#inside, "link set eth0 down");
  }

  async plugCable(): Promise<void> {
    await inNamespace(this.#inside, "link set eth0 up");
    await routeToOthers(this.#inside, this.gateway);
  }

  async reboot(): Promise<void> {
    const before = this.#leader;
    await this.run("systemctl reboot");
    await waitFor("the machine to reboot", () => this.#leader !== undefined && this.#leader !== before);
    await this.answersSsh();
  }

  async answersSsh(): Promise<void> {
    const answers = () => saysSsh(this.address);
    await waitFor("sshd to answer", answers).catch((error: unknown) => {
      throw new Error(`${String(error)}; its console ends with:\n${this.console.slice(-2000)}`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = hasEnded(this.#process) ? undefined : once(this.#process, "close");
    this.#process.kill("SIGKILL");
    await ended;
    await this.#cable[Symbol.asyncDispose]();
    await removeCgroups(this.#cgroups);
  }

  async #strip(): Promise<void> {
    const inside = [
      "--target",
      String(this.#inside),
      "--mount",
      "--",
      "chroot",
      join(this.#mountPoint, "root"),
    ];
    const purge = `DEBIAN_FRONTEND=noninteractive apt-get purge -qq -y --autoremove ${absentWhenBare}`;
    await ask("nsenter", [...inside, "sh", "-c", purge]);
  }

  #entering(script: string): string[] {
    if (this.#leader === undefined) throw new Error(`${this.name} is not running`);
    const spaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"];
    const environment = ["env", "-i", `PATH=${pathOfRoot}`, "HOME=/root", "LANG=C.UTF-8"];
    return ["--target", String(this.#leader), ...spaces, "--", ...environment, "sh", "-c", script];
  }

  /** Its disk as this host sees it. */
  #root(): string {
    return `/proc/${this.#inside}/root${join(this.#mountPoint, "root")}`;
  }

  get #inside(): number {
    return insideOf(this.#process);
  }

  /** systemd on the machine, by its number on this host: the child of nspawn, which is the supervisor's. */
  get #leader(): number | undefined {
    const container = childOf(this.#inside);
    const leader = container === undefined ? undefined : childOf(container);
    // Between two boots it is nspawn that still sets up the next.
    return leader !== undefined && nameOf(leader) === "systemd" ? leader : undefined;
  }
}

let booted = 0;
const pathOfRoot = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The supervisor in its namespaces, by its number on this host. */
function insideOf(process: ChildProcess): number {
  const inside = process.pid === undefined ? undefined : childOf(process.pid);
  if (inside === undefined) throw new Error("the machine is not running");
  return inside;
}

function childOf(pid: number): number | undefined {
  const path = `/proc/${pid}/task/${pid}/children`;
  const [first] = existsSync(path) ? readFileSync(path, "utf8").split(" ") : [];
  return first ? Number(first) : undefined;
}

function nameOf(pid: number): string {
  const path = `/proc/${pid}/comm`;
  return existsSync(path) ? readFileSync(path, "utf8").trim() : "";
}

async function prepared({ stdout, stderr }: ChildProcess): Promise<void> {
  let said = "";
  stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  for await (const chunk of stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += String(chunk);
    if (said.includes("prepared\n")) return;
  }
  throw new Error(`no namespaces for a machine: ${said}`);
}

async function saysSsh(address: string): Promise<boolean> {
  const socket = connect(22, address).setTimeout(1000, () => socket.destroy());
  const said = once(socket, "data").then(
    ([data]) => String(data).startsWith("SSH-2.0"),
    () => false,
  );
  const closed = once(socket, "close").then(
    () => false,
    () => false,
  );
  const answer = await Promise.race([said, closed]);
  socket.destroy();
  return answer;
}

async function waitFor(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await isSo()) return;
    await sleep(50);
  }
  throw new Error(`waited in vain for ${what}`);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
