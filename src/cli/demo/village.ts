import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { run, type Ran, type Surroundings } from "./commands.ts";

/** The folder in which the whole demonstration takes place, and what a person types in it. */
export class Village {
  readonly folder: string;
  readonly hub: string;
  readonly #pawl: readonly [string, ...string[]];
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, pawl: readonly [string, ...string[]], env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.hub = join(folder, "hub.git");
    this.#pawl = pawl;
    // Its own home: nothing of the user's git or Pawl settings gets in, and nothing is left behind.
    this.#env = {
      PATH: env["PATH"],
      LANG: env["LANG"] ?? "C.UTF-8",
      HOME: join(folder, "home"),
      GIT_CONFIG_NOSYSTEM: "1",
      NO_COLOR: "1",
    };
  }

  /** Writes the configuration of one node: a machine each, as far as Pawl can tell. */
  async configure(node: string, worker = "slots: 2"): Promise<Surroundings> {
    const cwd = join(this.folder, node);
    await mkdir(cwd, { recursive: true });
    await mkdir(join(this.folder, "home"), { recursive: true });
    const config = [
      `remote: ${JSON.stringify(this.hub)}`,
      `name: ${node}`,
      `state: ${JSON.stringify(join(this.folder, node, "state"))}`,
      "poll: 2s",
      "render: 1s",
      "defaults: { executor: command }",
      "executors: { command: { mode: shell } }",
      `worker: { ${worker} }`,
      // Nobody wants to wait at the end for results that come in one post.
      "routing: { rules: [{ name: results, when: { category: result.subagent }, to: results }, { include: defaults }] }",
      "",
    ];
    await writeFile(join(cwd, "pawl.config.yaml"), config.join("\n"));
    return { cwd, env: this.#env };
  }

  pawl(args: readonly string[], cwd: string = this.folder): Promise<Ran> {
    const [node, ...before] = this.#pawl;
    return run(node, [...before, ...args], { cwd, env: this.#env });
  }

  git(args: readonly string[], cwd: string): Promise<Ran> {
    const person = ["-c", "user.name=Aaron", "-c", "user.email=aaron@example.org"];
    return run("git", [...person, ...args], { cwd, env: this.#env });
  }

  /** A page of main's channels; empty as long as there is none. */
  async page(name: string): Promise<string> {
    for await (const path of glob(`main/state/*/channels/${name}`, { cwd: this.folder })) {
      return readFile(join(this.folder, path), "utf8");
    }
    return "";
  }

  get command(): { program: string; before: readonly string[] } {
    const [program, ...before] = this.#pawl;
    return { program, before };
  }
}
