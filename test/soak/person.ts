import { spawn } from "node:child_process";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { parseQueue } from "../../src/format/queue.ts";
import { must } from "../support/town.ts";
import type { Random } from "../support/random.ts";
import type { Scene } from "./scene.ts";

/** `pawl submit`, a line in QUEUE.md, a file in INBOX/. */
export type Door = "command" | "line" | "inbox";

/** Leaves tasks at every door, edits and merges by hand, takes tasks back and mends what needs a person. */
export class Person {
  readonly #scene: Scene;
  readonly #random: Random;
  /** What was left at some door; each label stands in its task's title. */
  readonly submitted: string[] = [];
  /** Lines of the person's own in QUEUE.md. */
  readonly notes: string[] = [];
  cancelled = 0;
  retried = 0;
  killedCommands = 0;
  conflicts = 0;
  #labels = 0;

  constructor(scene: Scene, random: Random) {
    this.#scene = scene;
    this.#random = random;
  }

  async begin(): Promise<void> {
    must(await this.#git("clone", "--quiet", this.#scene.hub, this.#clone));
    must(await this.#git("-C", this.#clone, "remote", "set-url", "origin", this.#scene.remote));
  }

  /** Another task. Two at once must come through the command line. */
  async leaveTask(door: Door): Promise<void> {
    const label = `label-${door}-${this.#labels++}`;
    const script = this.#script(label);
    if (door === "command") await this.#submit(label, script);
    else if (door === "inbox") {
      await this.#edit(async (folder) => {
        await mkdir(join(folder, "worker/INBOX"), { recursive: true });
        await writeFile(join(folder, `worker/INBOX/${label}.md`), `# ${label}\n\n${script}\n`);
      });
    } else {
      const note = `A note of mine, number ${this.notes.length}.`;
      await this.#edit(async (folder) => {
        const queue = join(folder, "worker/QUEUE.md");
        await writeFile(queue, (await readFile(queue, "utf8")).replace("# ", `${note}\n\n# `));
        await appendFile(queue, `- [ ] ${script}\n`);
      });
      this.notes.push(note);
    }
    this.submitted.push(label);
  }

  /** Takes back a task that is open, if there is one. */
  async cancelOne(): Promise<void> {
    const open = await this.#open();
    if (open.length === 0) return;
    const { code } = await this.#scene.pawl("cancel", this.#random.pick(open).id);
    if (code === 0) this.cancelled++;
  }

  /** What only a person can do about tasks that were lost too often. */
  async retryWhatNeedsMe(): Promise<void> {
    for (const { id, state } of await this.#open()) {
      if (state.kind !== "needs-human") continue;
      if ((await this.#scene.pawl("retry", id)).code === 0) this.retried++;
    }
  }

  /** What is left of the work that was submitted. */
  async openTasks(): Promise<string[]> {
    const queue = parseQueue(await this.#scene.ask("show", "main:worker/QUEUE.md"));
    const inbox = await this.#scene.ask("ls-tree", "--name-only", "main", "worker/INBOX/");
    return [
      ...queue.tasks.map(({ task }) => `${task.id} ${task.state.kind}`),
      ...queue.bad.map(({ line, reason }) => `line ${line}: ${reason}`),
      ...(queue.inbox?.items ?? []).map(({ text }) => text),
      ...inbox.split("\n").filter((path) => path.includes("/label-")),
    ];
  }

  async #open() {
    return parseQueue(await this.#scene.ask("show", "main:worker/QUEUE.md")).tasks.map(({ task }) => task);
  }

  #script(label: string): string {
    const line = (word: string) =>
      `echo "${word} $PAWL_TASK_ID $PAWL_ATTEMPT_NUMBER" >> "${this.#scene.diary}"`;
    const seconds = (0.1 + 1.9 * this.#random.next()).toFixed(2);
    return `: ${label}; ${line("start")}; sleep ${seconds}; ${line("end")}; echo ${label}`;
  }

  /** The key makes it safe to say it again, whatever became of the command. */
  async #submit(label: string, script: string): Promise<void> {
    if (this.#random.next() < 0.2) {
      this.killedCommands++;
      const command = this.#scene.command("submit", script, "--key", label);
      const child = spawn(command.program, command.args, { ...command.at, stdio: "ignore" });
      await sleep(200 + this.#random.below(600));
      child.kill("SIGKILL");
    }
    while ((await this.#scene.pawl("submit", script, "--key", label)).code !== 0) await sleep(200);
  }

  /** An edit in an ordinary clone, merged with what others did meanwhile; done again where git finds a conflict. */
  async #edit(change: (folder: string) => Promise<void>): Promise<void> {
    for (;;) {
      await change(this.#clone);
      must(await this.#git("-C", this.#clone, "add", "--all"));
      must(await this.#git("-C", this.#clone, "commit", "--quiet", "--message", "By hand"));
      if (await this.#delivered()) return;
      this.conflicts++;
      must(await this.#git("-C", this.#clone, "merge", "--abort"));
      must(await this.#git("-C", this.#clone, "reset", "--quiet", "--hard", "origin/main"));
    }
  }

  /** Pushes and pulls until the commit is in. False when it cannot be merged. */
  async #delivered(): Promise<boolean> {
    for (;;) {
      const at = ["-C", this.#clone] as const;
      if ((await this.#git(...at, "push", "--quiet", "origin", "HEAD:main")).code === 0) return true;
      const pull = await this.#git(...at, "pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main");
      if (pull.code === 0) continue;
      const unmerged = (await this.#git(...at, "ls-files", "--unmerged")).stdout;
      if (unmerged !== "") return false;
    }
  }

  #git(...args: string[]) {
    return this.#scene.git(this.#scene.folder, ...args);
  }

  get #clone(): string {
    return join(this.#scene.folder, "clone");
  }
}
