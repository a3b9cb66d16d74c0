import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { DropFolder } from "../../../src/adapters/files/drop-folder.ts";
import { stateFolder } from "../../../src/config/state-folder.ts";
import type { RoutingRequest } from "../../../src/routing/request.ts";
import { queueText } from "../../support/ledgers.ts";
import { type Files, Repos } from "../../support/repos.ts";
import { startDiscord, type DiscordServer } from "../../support/discord-server/server.ts";
import { startTelegram, type TelegramServer } from "../../support/telegram-server/server.ts";

const owner = 4242;
const channels = ["briefings", "alerts", "sub-agent-results", "system", "memory-updates", "chat"];

/** A main node in a process of its own, between a Telegram and a Discord on this machine. */
export class PostMain implements AsyncDisposable {
  readonly telegram: TelegramServer;
  readonly discord: DiscordServer;
  readonly owner = owner;
  readonly folder: string;
  readonly #program: string;
  readonly #repos: Repos;
  #child: ChildProcess | undefined;
  #words = "";
  #lifeBegan = 0;
  kills = 0;

  private constructor(
    program: string,
    { repos, telegram, discord }: { repos: Repos; telegram: TelegramServer; discord: DiscordServer },
  ) {
    this.#program = program;
    this.#repos = repos;
    this.folder = join(repos.folder, "main");
    this.telegram = telegram;
    this.discord = discord;
  }

  /** @param program `pawl`, from the checkout if nothing else is named */
  static async make(program = resolve("bin/pawl.ts")): Promise<PostMain> {
    const repos = await Repos.make({ "worker/QUEUE.md": queueText([]) });
    const telegram = await startTelegram();
    telegram.people.start(owner);
    const discord = await startDiscord();
    const main = new PostMain(program, { repos, telegram, discord });
    await mkdir(main.folder);
    const ids = channels.map((name) => [name, discord.world.addRoom({ name }).id] as const);
    await writeFile(join(main.folder, "pawl.config.yaml"), main.#config(ids));
    return main;
  }

  /** All that the process has written to the terminal. */
  get words(): string {
    return this.#words;
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** It has come as far as to say that it works. */
  get isAtWork(): boolean {
    return this.isUp && this.#words.includes('"node-started"', this.#lifeBegan);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  start(): void {
    const child = spawn(process.execPath, [this.#program, "main", "--json"], {
      cwd: this.folder,
      env: {
        PATH: process.env["PATH"],
        HOME: this.folder,
        TELEGRAM_API_ROOT: this.telegram.apiRoot,
        TELEGRAM_BOT_TOKEN: this.telegram.token,
        DISCORD_API_ROOT: this.discord.root,
        DISCORD_BOT_TOKEN: this.discord.world.token,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#lifeBegan = this.#words.length;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (this.#words += chunk.toString()));
    }
    child.once("exit", () => {
      if (this.#child === child) this.#child = undefined;
    });
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (!child) return;
    if (signal === "SIGKILL") this.kills++;
    this.#child = undefined;
    child.kill(signal);
    await once(child, "exit");
  }

  /** As a command of this machine asks something of main. */
  async ask(request: RoutingRequest): Promise<void> {
    const box = new DropFolder<RoutingRequest>(this.#requests, () => {
      throw new Error("only main takes them out");
    });
    await box.drop(request);
    await writeFile(join(this.#state, "wake"), "poked\n").catch(() => undefined);
  }

  /** Somebody else's commit in the ledger. */
  plant(files: Files): void {
    this.#repos.plant(files);
  }

  /** A file of the ledger as the hub has it. */
  read(path: string): string {
    return this.#repos.git(["show", `main:${path}`]).toString();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill("SIGTERM");
    await this.telegram[Symbol.asyncDispose]();
    await this.discord[Symbol.asyncDispose]();
    await this.#repos[Symbol.asyncDispose]();
  }

  get #state(): string {
    return stateFolder(join(this.folder, "state"), this.#repos.hub, "main");
  }

  get #requests(): string {
    return join(this.#state, "main-main", "requests");
  }

  #config(ids: readonly (readonly [string, string])[]): string {
    return `
remote: ${this.#repos.hub}
name: main
profile: own-hub
state: ${join(this.folder, "state")}
telegram: { owner: ${owner} }
discord:
  guild: "${this.discord.world.guild}"
  owner: "${this.discord.world.owner}"
  channels: { ${ids.map(([name, id]) => `${JSON.stringify(name)}: "${id}"`).join(", ")} }
routing: { timezone: Europe/Berlin, quietHours: off, budget: { telegram: 1000 }, flood: { perMinute: 1000 } }
`;
  }
}
