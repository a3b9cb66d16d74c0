import { spawnSync } from "node:child_process";

import { auditHistory } from "../src/ledger/audit.ts";
import { Repos } from "../test/support/repos.ts";
import { both, median, ratio, round } from "./support/figures.ts";
import { writePast } from "./support/past.ts";
import type { Report } from "./support/report.ts";

/** What it takes to check every commit of a long past, beside what git takes to hand the same commits and files over. */
export async function audit(tasks: number, rounds: number): Promise<Report> {
  await using repos = await Repos.make({});
  await writePast(repos.hub, tasks);
  repos.git(["gc", "--quiet"]);
  const deepenMs = await timed(async () => {
    await using repo = await repos.open("auditor");
    await repo.fetch();
    for await (const _ of repo.history());
  });
  const floors: number[] = [];
  const audits: number[] = [];
  let commits = 0;
  for (let n = 0; n < rounds; n++) {
    floors.push(await timed(() => gitAlone(repos.cacheOf("auditor"))));
    await using repo = await repos.open("auditor");
    await repo.fetch();
    audits.push(
      await timed(async () => {
        const found = await auditHistory(repo);
        if (found.illegal) throw new Error(`${found.illegal.commit}: ${found.illegal.reason}`);
        ({ commits } = found);
      }),
    );
  }
  return {
    bench: "audit",
    tables: [
      {
        title: `All commits, ms, median (minimum) of ${rounds}`,
        rows: [
          {
            commits,
            audit: both(audits, 0),
            "commits/s": round(commits / (median(audits) / 1000), 0),
            floor: both(floors, 0),
            "x floor": ratio(audits, floors),
            "clone and deepen before": round(deepenMs, 0),
          },
        ],
      },
    ],
    notes: [
      "floor: `git log --raw`, then `git cat-file --batch` of every commit, tree and file that can be reached",
      `${tasks} finished tasks as nodes make them: 300 a day, results of 1 KB, archived in fifties`,
    ],
  };
}

function gitAlone(cache: string): void {
  git(cache, ["log", "--raw", "-r", "--no-abbrev", "refs/remotes/origin/main"]);
  const objects = git(cache, ["rev-list", "--objects", "--no-object-names", "refs/remotes/origin/main"]);
  git(cache, ["cat-file", "--batch"], objects);
}

function git(cache: string, args: string[], input?: Buffer): Buffer {
  const { status, stdout, stderr } = spawnSync("git", ["--git-dir", cache, ...args], {
    input,
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr.toString()}`);
  return stdout;
}

async function timed(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
