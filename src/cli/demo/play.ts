import { mkdir, readFile, appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Fault } from "../../fault.ts";
import { Daemon, type Ran } from "./commands.ts";
import type { Stage } from "./stage.ts";
import { bareLine, inboxFile, submitted } from "./tasks.ts";
import type { Village } from "./village.ts";

export type Ended = { id: string; state: string };

/** The main job from the beginning to the end, with two real processes and real git. */
export async function play(village: Village, stage: Stage, stop: AbortSignal): Promise<Ended[]> {
  stage.heading("1. A hub, and in it a coordination repository");
  await show(stage, "pawl hub init hub.git", village.pawl(["hub", "init", village.hub]));
  const repository = join(village.folder, "coordination");
  await show(
    stage,
    "pawl init coordination --remote hub.git",
    village.pawl(["init", repository, "--remote", village.hub]),
  );

  stage.heading("2. A main node and a worker, each a process of its own");
  const main = await start(village, stage, "main", ["main"]);
  const worker = await start(village, stage, "worker-1", ["worker"]);
  try {
    await submitThreeWays(village, stage, repository);
    const ended = await allEnded(village, 3, stop);
    stage.heading("5. What came home");
    await showLedger(village, stage, repository);
    stage.heading("6. What people see: a page here, with a token the same as a post on Discord");
    stage.file(...(await pageWith(village, ended, stop)));
    return ended;
  } finally {
    stage.heading("7. Both are told to go");
    const codes = [await worker.end(), await main.end()];
    stage.said(`exit codes: worker ${codes[0]}, main ${codes[1]}`);
  }
}

async function start(village: Village, stage: Stage, node: string, args: string[]): Promise<Daemon> {
  const at = await village.configure(node);
  stage.typed(node === "main" ? "pawl main &" : "worker-poll &");
  const { program, before } = village.command;
  return new Daemon(program, [...before, ...args], at, (line) => stage.daemon(node, line));
}

async function submitThreeWays(village: Village, stage: Stage, repository: string): Promise<void> {
  stage.heading("3. Three tasks, three ways");
  const at = join(village.folder, "main");
  const submit = ["submit", submitted.prompt, "--title", submitted.title, "--by", "agent"];
  await show(stage, `pawl submit --title ${JSON.stringify(submitted.title)} ...`, village.pawl(submit, at));

  const git = (...args: string[]) => village.git(args, repository);
  await must(git("pull", "--quiet", "--rebase"));
  await appendFile(join(repository, "worker/QUEUE.md"), `- [ ] ${bareLine}\n`);
  stage.typed("echo '- [ ] for n in 1 2 3; ...' >> worker/QUEUE.md");
  await mkdir(join(repository, "worker/INBOX"), { recursive: true });
  await writeFile(join(repository, "worker/INBOX", inboxFile.name), inboxFile.text);
  stage.typed(`cp ~/${inboxFile.name} worker/INBOX/`);
  await must(git("add", "--all"));
  await must(git("commit", "--quiet", "--message", "Two more tasks, by hand"));
  stage.typed("git add --all && git commit -m 'Two more tasks, by hand' && git pull --rebase && git push");
  await pushByHand(git);
  stage.heading("4. They are claimed, run and finished");
}

/** As a person does it: pull, push, and again if a node was faster. */
async function pushByHand(git: (...args: string[]) => Promise<Ran>): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    await must(git("pull", "--quiet", "--rebase"));
    if ((await git("push", "--quiet")).code === 0) return;
  }
  throw new Fault("BUSY", "The push by hand lost twenty races in a row", { hint: "Run `npm start` again." });
}

async function allEnded(village: Village, count: number, stop: AbortSignal): Promise<Ended[]> {
  const at = join(village.folder, "main");
  const deadline = AbortSignal.any([stop, AbortSignal.timeout(55_000)]);
  for (;;) {
    stop.throwIfAborted();
    if (deadline.aborted) {
      throw new Fault("BUSY", "The three tasks did not end within a minute", {
        hint: "The machine may be very busy; `pawl demo --keep` leaves the folder to look into.",
      });
    }
    const { stdout } = await must(village.pawl(["results", "--json"], at));
    const { results } = JSON.parse(stdout) as { results: Ended[] };
    if (results.length >= count) return results.map(({ id, state }) => ({ id, state }));
    await sleep(1000, undefined, { signal: deadline }).catch(() => undefined);
  }
}

async function showLedger(village: Village, stage: Stage, repository: string): Promise<void> {
  await must(village.git(["pull", "--quiet", "--rebase"], repository));
  const listed = await must(village.git(["ls-files", "worker/RESULTS/T-*.md"], repository));
  for (const name of listed.stdout.trim().split("\n")) {
    stage.file(name, await readFile(join(repository, name), "utf8"));
  }
  stage.typed("pawl results");
  stage.said((await must(village.pawl(["results"], join(village.folder, "main")))).stdout);
  stage.typed("git log --oneline");
  const log = await must(village.git(["log", "--format=%h  %<(9,trunc)%an %s"], repository));
  stage.said(log.stdout);
}

/** Name and text of the page of results, once main has told of all of them, or as it is after ten seconds. */
async function pageWith(
  village: Village,
  ended: readonly Ended[],
  stop: AbortSignal,
): Promise<[string, string]> {
  const name = "#sub-agent-results.md";
  const deadline = AbortSignal.any([stop, AbortSignal.timeout(10_000)]);
  for (;;) {
    const text = await village.page(name);
    if (deadline.aborted || ended.every(({ id }) => text.includes(id))) {
      return [name, text.replaceAll(/<!--.*-->\n/g, "")];
    }
    await sleep(250, undefined, { signal: deadline }).catch(() => undefined);
  }
}

async function show(stage: Stage, typed: string, running: Promise<Ran>): Promise<void> {
  stage.typed(typed);
  const { stdout, stderr } = await must(running);
  // What a person would have to do next, the demonstration does.
  stage.said((stdout + stderr).replace(/\n+Next:\n[^]*$/, ""));
}

async function must(running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.code === 0) return ran;
  throw new Fault(
    "GIT_FAILED",
    `A command of the demonstration failed: ${ran.stderr.trim() || `exit ${ran.code}`}`,
    {
      hint: "`pawl demo --keep` leaves the folder to look into; `pawl doctor` checks this machine.",
    },
  );
}
