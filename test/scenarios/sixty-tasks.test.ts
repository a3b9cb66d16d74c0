import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { must, Town } from "../support/town.ts";

const each = 20;

describe("one main node and three workers, as real processes on a real hub", { tags: ["slow"] }, () => {
  test(
    "end sixty tasks from three doors, each exactly once, and lose nothing that a person wrote",
    { timeout: 240_000 },
    async () => {
      await using town = await Town.make();
      const diary = join(town.village.folder, "diary");
      await town.start("main", "main");
      for (const worker of ["worker-1", "worker-2", "worker-3"]) await town.start(worker, "worker");

      await Promise.all([submitByCommand(town, diary), editByHand(town, diary), dropIntoInbox(town, diary)]);
      await allEnded(town, 3 * each);

      const results = await resultsOf(town);
      expect(results.map(({ state }) => state)).toEqual(Array(3 * each).fill("succeeded"));
      const runs = (await readFile(diary, "utf8")).trim().split("\n").toSorted();
      const wanted = ["command", "hand", "inbox"].flatMap((door) =>
        Array.from({ length: each }, (_, n) => `${door}-${n}`),
      );
      expect(runs).toEqual(wanted.toSorted());

      const queue = await town.git("show", "main:worker/QUEUE.md");
      expect(queue).not.toContain("## T-");
      for (let n = 0; n < each; n++) expect(queue).toContain(`A note of mine, number ${n}.`);
      expect(must(await town.pawl("audit", "--json")).stdout).toContain('"legal": true');
      for (const node of ["worker-1", "worker-2", "worker-3", "main"]) expect(await town.end(node)).toBe(0);
    },
  );
});

/** One task for each `pawl submit`. */
async function submitByCommand(town: Town, diary: string): Promise<void> {
  for (let n = 0; n < each; n++) must(await town.pawl("submit", `echo command-${n} >> ${diary}`));
}

/** A person who edits QUEUE.md in an ordinary clone, and pushes again when a node was faster. */
async function editByHand(town: Town, diary: string): Promise<void> {
  const { folder, git } = await town.clone("by-hand");
  const queue = join(folder, "worker/QUEUE.md");
  for (let n = 0; n < each; n++) {
    await pushed(git, async () => {
      const text = await readFile(queue, "utf8");
      await writeFile(queue, text.replace("# ", `A note of mine, number ${n}.\n\n# `));
      await appendFile(queue, `- [ ] echo hand-${n} >> ${diary}\n`);
    });
  }
}

async function dropIntoInbox(town: Town, diary: string): Promise<void> {
  const { folder, git } = await town.clone("dropping");
  for (let n = 0; n < each; n++) {
    await pushed(git, async () => {
      await mkdir(join(folder, "worker/INBOX"), { recursive: true });
      await writeFile(
        join(folder, `worker/INBOX/task-${n}.md`),
        `# Task ${n}\n\necho inbox-${n} >> ${diary}\n`,
      );
    });
  }
}

/** Makes an edit on the newest commit and pushes it; whoever is too late does it again on the newer one. */
async function pushed(
  git: (...args: string[]) => Promise<{ code: number | null }>,
  edit: () => Promise<void>,
) {
  for (;;) {
    await git("fetch", "--quiet");
    await git("reset", "--quiet", "--hard", "origin/main");
    await edit();
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "By hand");
    if ((await git("push", "--quiet")).code === 0) return;
  }
}

async function allEnded(town: Town, count: number): Promise<void> {
  while ((await resultsOf(town)).length < count) await sleep(1000);
}

async function resultsOf(town: Town): Promise<{ id: string; state: string }[]> {
  const { stdout } = must(await town.pawl("results", "--json", "--limit", "1000"));
  return (JSON.parse(stdout) as { results: { id: string; state: string }[] }).results;
}
