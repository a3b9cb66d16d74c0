import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { credentialUnit } from "../../../provision/owned-files.ts";
import { places } from "../../../provision/places.ts";
import { fileText, manifest, type OwnedFile } from "../../../provision/scripts.ts";
import { packPackage } from "../../../src/adapters/npm/pack.ts";
import { cacheFolder } from "../../support/machine/base.ts";
import { type GitHost, openGitHost } from "../../support/machine/git-host.ts";
import { Machine } from "../../support/machine/machine.ts";
import { openOutside, type Outside } from "../../support/machine/outside.ts";
import { SteppedMachine } from "./stepped-machine.ts";

/** A machine on which the steps' scripts have installed a worker for a hub on this host, by nobody's hand but the test's. */
export class InstalledWorker extends SteppedMachine implements AsyncDisposable {
  readonly #hub: string;
  readonly #folder: string;
  readonly #undo: AsyncDisposableStack;

  private constructor(machine: Machine, hub: string, folder: string, undo: AsyncDisposableStack) {
    super(machine);
    this.#hub = hub;
    this.#folder = folder;
    this.#undo = undo;
  }

  static async make(): Promise<InstalledWorker> {
    await using undo = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "pawl-installed-worker-"));
    undo.defer(() => rm(folder, { recursive: true, force: true }));
    const outside = undo.use(await openOutside());
    const gitHost = undo.use(await openGitHost(outside.address));
    const hub = await gitHost.create("ada", "coordination");
    const machine = undo.use(await Machine.boot({ name: "w1", authorizedKey: "none" }));
    const worker = new InstalledWorker(machine, hub, folder, undo.move());
    await worker.#install(outside, gitHost);
    return worker;
  }

  /** What `pawl show` tells of a task of the worker that ran this shell script. */
  async task(lines: string): Promise<Record<string, unknown>> {
    const { id } = JSON.parse(await this.#pawl("submit", "--executor", "command", "--json", lines)) as {
      id: string;
    };
    for (let tries = 0; tries < 240; tries++) {
      const shown = JSON.parse(await this.#pawl("show", id, "--json")) as Record<string, unknown>;
      if (!["queued", "running"].includes(String(shown["state"]))) return shown;
      await sleep(500);
    }
    throw new Error(
      `${id} did not end: ${await this.machine.exec(`journalctl -u ${places.worker} -o cat | tail`)}`,
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#undo.disposeAsync();
  }

  async #install(outside: Outside, gitHost: GitHost): Promise<void> {
    const { version } = process;
    const pawl = (JSON.parse(await readFile("package.json", "utf8")) as { version: string }).version;
    const tarball = await packPackage(process.cwd(), {
      cache: join(cacheFolder(), "pawl"),
      env: process.env,
    });
    await this.step("user", {});
    await this.step("node", {
      version: version.slice(1),
      url: `${outside.nodeMirror}/${version}/node-${version}-linux-${process.arch}.tar.xz`,
      sha256: outside.nodeSha256,
    });
    await this.step("switch", { runtime: "node", version: version.slice(1) });
    await this.step("pawl", { version: pawl, registry: outside.registry }, tarball);
    await this.step("switch", { runtime: "pawl", version: pawl });
    await gitHost.admit(await this.step("deploy-key", { comment: "it's w1's" }));
    await this.machine.exec(`umask 077; printf canary-key >${places.credentials}/CANARY_KEY`);
    await this.step("write-files", {}, manifest(workersFiles(gitHost)));
    await writeFile(
      join(this.#folder, "pawl.config.yaml"),
      `remote: ${this.#hub}\nname: desk\nstate: state\n`,
    );
    await this.#pawl("init", join(this.#folder, "coordination"), "--remote", this.#hub);
  }

  async #pawl(...args: string[]): Promise<string> {
    const bin = join(process.cwd(), "bin", "pawl.ts");
    const config = join(this.#folder, "pawl.config.yaml");
    const { stdout } = await promisify(execFile)(process.execPath, [bin, "--config", config, ...args]);
    return stdout;
  }
}

function workersFiles(gitHost: GitHost): OwnedFile[] {
  const root = (mode: string, path: string, text: string) => ({ path, owner: "root:root", mode, text });
  const unit = (name: string, text: string) => root("0644", `/etc/systemd/system/${name}`, text);
  const config = `remote: ${gitHost.remote("ada", "coordination")}
name: w1
state: ${places.state}
ssh: { key: ${places.deployKey}, knownHosts: ${places.knownHosts} }
poll: 2s
worker: { executors: [command], sandbox: required, drainTimeout: 1s }
executors: { command: { keys: [CANARY_KEY] } }
`;
  return [
    root("0755", places.launcher, fileText("etc/launch-worker", {})),
    unit(places.worker, fileText("units/openclaw-worker.service", {})),
    credentialUnit("CANARY_KEY"),
    unit(places.report, fileText("units/pawl-heartbeat.service", {})),
    unit(places.reportTimer, fileText("units/pawl-heartbeat.timer", {})),
    root("0644", places.knownHosts, gitHost.knownHostsLine),
    { path: places.config, owner: "root:pawl", mode: "0640", text: config },
  ];
}
