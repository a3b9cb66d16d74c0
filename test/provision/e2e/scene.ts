import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import type { Progress } from "../../../provision/progress.ts";
import { openclawVersion } from "../../../provision/pins.ts";
import { packPackage } from "../../../src/adapters/npm/pack.ts";
import { type DigitalOceanServer, digitalOceanServer } from "../../support/digitalocean-server/server.ts";
import type { FakeRepo } from "../../support/github-server/answers.ts";
import { type GithubServer, startGithub } from "../../support/github-server/server.ts";
import { alone, cacheFolder } from "../../support/machine/base.ts";
import { ask } from "../../support/machine/commands.ts";
import { type GitHost, openGitHost } from "../../support/machine/git-host.ts";
import { Machine, type MachineOrder } from "../../support/machine/machine.ts";
import { openOutside, type Outside } from "../../support/machine/outside.ts";
import { standIn } from "../../support/machine/stand-in.ts";

/** To be looked for in everything that is printed or stored. */
export const plantedSecrets = {
  cloud: "dop_v1_planted_cloud_token_5ecre7",
  github: "github_pat_planted_5ecre7_of_github",
  model: "sk-ant-planted-5ecre7-of-a-model",
};

export type Ended = {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** What `--json` told, in order. */
  events: Progress[];
};

export type Typed = {
  env?: NodeJS.ProcessEnv;
  input?: string;
  /** Called with each event; may end the run with `kill`. */
  onEvent?: (event: Progress, kill: (signal: NodeJS.Signals) => void) => void;
};

type SceneOptions = {
  /** How the machines behind new servers differ from usual ones. */
  machine?: Partial<MachineOrder>;
  /** A shell command that is part of OpenClaw's installation. */
  openclawInstalls?: string;
};

/**
 * Everything that a person has who makes a worker: a coordination repository at a GitHub, an account at a DigitalOcean
 * whose servers are real machines, a home folder with an ssh key, and this package's commands.
 */
export class Scene implements AsyncDisposable {
  readonly folder: string;
  readonly outside: Outside;
  readonly gitHost: GitHost;
  readonly github: GithubServer;
  readonly repository: FakeRepo;
  readonly digitalocean: DigitalOceanServer;
  /** The coordination repository's folder on this host. */
  readonly hub: string;
  /** Behind the servers, by their ids. */
  readonly machines: Map<number, Machine>;
  readonly #undo: AsyncDisposableStack;

  private constructor(
    parts: Pick<
      Scene,
      "folder" | "outside" | "gitHost" | "github" | "repository" | "digitalocean" | "hub" | "machines"
    >,
    undo: AsyncDisposableStack,
  ) {
    this.folder = parts.folder;
    this.outside = parts.outside;
    this.gitHost = parts.gitHost;
    this.github = parts.github;
    this.repository = parts.repository;
    this.digitalocean = parts.digitalocean;
    this.hub = parts.hub;
    this.machines = parts.machines;
    this.#undo = undo;
  }

  static async open({ machine = {}, openclawInstalls }: SceneOptions = {}): Promise<Scene> {
    await using undo = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "pawl-scene-"));
    undo.defer(() => rm(folder, { recursive: true, force: true }));
    const program = await readFile(join(import.meta.dirname, "openclaw-stand-in.mjs"), "utf8");
    const standIns = [await standIn("openclaw", openclawVersion, { program, postinstall: openclawInstalls })];
    const outside = undo.use(await openOutside({ standIns }));
    const gitHost = undo.use(await openGitHost(outside.address));
    const { authorizedKeys, hostKey } = gitHost;
    const github = undo.use(
      await startGithub({ token: plantedSecrets.github, hostKeys: [hostKey], authorizedKeys }),
    );
    const machines = new Map<number, Machine>();
    undo.defer(async () => {
      await Promise.all([...machines.values()].map((one) => one[Symbol.asyncDispose]()));
    });
    const digitalocean = undo.use(
      await digitalOceanServer({
        token: plantedSecrets.cloud,
        async onCreate({ id, name, userData, publicKeys }) {
          const booted = await Machine.boot({
            name,
            userData,
            authorizedKey: publicKeys.join("\n"),
            ...machine,
          });
          machines.set(id, booted);
          return { address: booted.address };
        },
        async onDestroy({ id }) {
          await machines.get(id)?.[Symbol.asyncDispose]();
          machines.delete(id);
        },
      }),
    );
    const repository = github.repo("aaron", "coordination");
    const hub = await gitHost.create("aaron", "coordination");
    const parts = { folder, outside, gitHost, github, repository, digitalocean, hub, machines };
    const scene = new Scene(parts, undo.move());
    try {
      await scene.#begin();
      return scene;
    } catch (error) {
      await scene[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The machine behind the only server. */
  get machine(): Machine {
    const [machine, ...more] = this.machines.values();
    if (machine === undefined || more.length > 0) throw new Error(`there are ${this.machines.size} machines`);
    return machine;
  }

  /** provision-worker as a process of its own, which tells its events. */
  provision(args: readonly string[], typed: Typed = {}): Promise<Ended> {
    return this.type("provision-worker", ["--json", ...args], typed);
  }

  /** One of our commands, as a process of its own. */
  async type(command: string, args: readonly string[], typed: Typed = {}): Promise<Ended> {
    const entry = join(import.meta.dirname, "command.ts");
    const child = spawn(process.execPath, [entry, command, ...args], {
      cwd: join(this.folder, "home"),
      env: { ...this.#environment(), ...typed.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => undefined).end(typed.input ?? "");
    const lines: string[] = [];
    const events: Progress[] = [];
    const reading = createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      const event = progressIn(line);
      if (event === undefined) return;
      events.push(event);
      typed.onEvent?.(event, (signal) => child.kill(signal));
    });
    const [stderr, [status, signal]] = await Promise.all([
      text(child.stderr),
      once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
      once(reading, "close"),
    ]);
    return { status, signal, stdout: lines.join("\n"), stderr, events };
  }

  /** `pawl` on the main machine. */
  pawl(...args: string[]): Promise<Ended> {
    return this.type("pawl", ["--config", join(this.folder, "main", "pawl.config.yaml"), ...args]);
  }

  /** A file of the coordination repository; nothing when it is not there. */
  async inHub(path: string): Promise<string | undefined> {
    return ask("git", ["-C", this.hub, "show", `main:${path}`]).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#undo.disposeAsync();
  }

  async #begin(): Promise<void> {
    const home = join(this.folder, "home");
    await mkdir(join(home, ".ssh"), { recursive: true, mode: 0o700 });
    await ask("ssh-keygen", [
      "-q",
      "-t",
      "ed25519",
      "-N",
      "",
      "-C",
      "aaron",
      "-f",
      join(home, ".ssh", "id_ed25519"),
    ]);
    const workers = join(home, ".local", "state", "pawl", "workers");
    await mkdir(workers, { recursive: true, mode: 0o700 });
    await symlink(await packedPackage(), join(workers, "package"));
    await this.gitHost.admit(await readFile(join(home, ".ssh", "id_ed25519.pub"), "utf8"));
    await writeFile(join(home, ".ssh", "known_hosts"), this.gitHost.knownHostsLine);
    const { owner, name } = this.repository;
    await writeFile(join(home, "pawl.config.yaml"), configuration(this.gitHost.remote(owner, name), home));
    const made = await this.type("pawl", ["init", join(this.folder, "main"), "--remote", this.hub]);
    if (made.status !== 0) throw new Error(made.stderr);
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env["PATH"],
      HOME: join(this.folder, "home"),
      LANG: "C.UTF-8",
      GIT_CONFIG_NOSYSTEM: "1",
      DO_API_TOKEN: plantedSecrets.cloud,
      DO_API_URL: this.digitalocean.url,
      GITHUB_TOKEN: plantedSecrets.github,
      GITHUB_API_URL: this.github.url,
      ANTHROPIC_API_KEY: plantedSecrets.model,
      NODE_DIST_URL: this.outside.nodeMirror,
      NPM_REGISTRY_URL: this.outside.registry,
      PAWL_TEST_NODE_SHA256: this.outside.nodeSha256,
    };
  }
}

/** Where provision-worker finds this package packed already, as after its first run: that takes a while. */
async function packedPackage(): Promise<string> {
  const cache = join(cacheFolder(), "package");
  await using _alone = await alone(`${cache}.lock`);
  await packPackage(join(import.meta.dirname, "../../.."), { cache, env: process.env });
  return cache;
}

/** The lease has room for the watchdog of the unit: a busy host may keep a worker waiting for longer than that of its beat. */
function configuration(remote: string, home: string): string {
  return `remote: ${remote}
name: main
ssh:
  key: ${home}/.ssh/id_ed25519
  knownHosts: ${home}/.ssh/known_hosts
poll: 1s
beat: 5s
lease: 80s
executors:
  openclaw:
    model: anthropic/claude-sonnet-4-6
    keys: [ANTHROPIC_API_KEY]
  shell:
    argv: [sh, -c, "{prompt}"]
`;
}

function progressIn(line: string): Progress | undefined {
  try {
    const value = JSON.parse(line) as Progress | { event?: unknown };
    return typeof value.event === "string" ? (value as Progress) : undefined;
  } catch {
    return undefined;
  }
}
