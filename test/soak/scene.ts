import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { run, type Ran } from "../../src/cli/demo/commands.ts";
import { startGitHttp, type GitHttp } from "../support/git-http.ts";
import { must } from "../support/town.ts";
import { startCuttingProxy, type CuttingProxy } from "./cutting-proxy.ts";
import { Victim } from "./victim.ts";

const workers = ["worker-1", "worker-2", "worker-3"];

/** Short enough that leases run out while one watches, and as safe as the usual ones. */
export const leaseMs = 6000;

/** A hub that speaks HTTP behind a proxy, a main node and three workers, and a person with a command line and clones. */
export class Scene implements AsyncDisposable {
  readonly folder: string;
  readonly nodes: readonly Victim[];
  readonly proxy: CuttingProxy;
  keep = false;
  readonly #host: GitHttp;

  private constructor(folder: string, host: GitHttp, proxy: CuttingProxy) {
    this.folder = folder;
    this.#host = host;
    this.proxy = proxy;
    this.nodes = ["main", ...workers].map(
      (name) =>
        new Victim({
          name,
          role: name === "main" ? "main" : "worker",
          folder: join(folder, name),
          command: pawlCommand,
          env: environment(folder),
        }),
    );
  }

  static async open(): Promise<Scene> {
    const folder = await mkdtemp(join(tmpdir(), "pawl-soak-"));
    const host = await startGitHttp(folder);
    const { hostname, port } = new URL(host.address);
    const scene = new Scene(folder, host, await startCuttingProxy({ host: hostname, port: Number(port) }));
    await mkdir(join(folder, "home"), { recursive: true });
    await mkdir(scene.#notes);
    must(await scene.pawl("hub", "init", scene.hub));
    must(await scene.pawl("init", join(folder, "first"), "--remote", scene.hub));
    for (const name of ["main", "person", ...workers]) await scene.#configure(name);
    return scene;
  }

  get hub(): string {
    return join(this.folder, "hub.git");
  }

  /** Where tasks write down that they begin and end. */
  get diary(): string {
    return join(this.#notes, "diary");
  }

  /** The one place outside of their workspaces where tasks may write. */
  get #notes(): string {
    return join(this.folder, "notes");
  }

  /** Runs a command as on a machine of its own that reaches the hub as the nodes do. */
  pawl(...args: string[]): Promise<Ran> {
    const { program, args: all, at } = this.command(...args);
    return run(program, all, at);
  }

  command(...args: string[]) {
    const [program, ...before] = pawlCommand;
    const cwd = args[0] === "hub" || args[0] === "init" ? this.folder : join(this.folder, "person");
    return { program, args: [...before, ...args], at: { cwd, env: environment(this.folder) } };
  }

  /** Runs git as a person. */
  git(cwd: string, ...args: string[]): Promise<Ran> {
    const person = ["-c", "user.name=Aaron", "-c", "user.email=aaron@example.org", "-c", "gc.auto=0"];
    return run("git", [...person, ...args], { cwd, env: environment(this.folder) });
  }

  /** Asks the hub itself, past the proxy. */
  async ask(...args: string[]): Promise<string> {
    return must(await this.git(this.folder, "--git-dir", this.hub, ...args)).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node.killAll();
    await this.proxy[Symbol.asyncDispose]();
    await this.#host[Symbol.asyncDispose]();
    if (!this.keep) await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get remote(): string {
    return `${this.proxy.address}/hub.git`;
  }

  async #configure(name: string): Promise<void> {
    const folder = join(this.folder, name);
    await mkdir(folder, { recursive: true });
    const config = [
      `remote: ${JSON.stringify(this.remote)}`,
      "profile: own-hub",
      `name: ${name}`,
      `state: ${JSON.stringify(join(folder, "state"))}`,
      "poll: 1s",
      "beat: 1s",
      `lease: ${leaseMs / 1000}s`,
      "render: 2s",
      "keepResults: 30",
      "defaults: { executor: command }",
      "executors: { command: { mode: shell } }",
      // Without a sandbox there are more ways to leave something behind, and a diary can be kept.
      "worker: { slots: 2, keep: 1s, executors: [command], sandbox: off }",
      "",
    ];
    await writeFile(join(folder, "pawl.config.yaml"), config.join("\n"));
  }
}

const pawlCommand: readonly [string, ...string[]] = [
  process.execPath,
  resolve(import.meta.dirname, "../../bin/pawl.ts"),
];

/** Nothing of the user's own settings gets in, and nothing is left behind in the home. */
function environment(folder: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    LANG: "C.UTF-8",
    HOME: join(folder, "home"),
    GIT_CONFIG_NOSYSTEM: "1",
    NO_COLOR: "1",
    // Nodes start twice as fast, and start often.
    NODE_COMPILE_CACHE: join(folder, "compiled"),
  };
}
