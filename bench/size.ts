import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { Repos } from "../test/support/repos.ts";
import { round } from "./support/figures.ts";
import { writePast } from "./support/past.ts";
import type { Report } from "./support/report.ts";

/** What the repository of a hub weighs for each finished task, after git's housekeeping. */
export async function size(tasks: number): Promise<Report> {
  await using repos = await Repos.make({});
  await writePast(repos.hub, tasks);
  const writtenBytes = await bytesIn(repos.hub);
  repos.git(["gc", "--quiet"]);
  const bytes = await bytesIn(repos.hub);
  const parts = partsOf(repos);
  const packed = parts.reduce((sum, [, found]) => sum + found.bytes, 0);
  return {
    bench: "size",
    tables: [
      {
        title: `${tasks} finished tasks`,
        rows: [
          {
            what: "repository after gc",
            MiB: round(bytes / 2 ** 20, 2),
            "bytes a task": Math.round(bytes / tasks),
          },
          {
            what: "as written",
            MiB: round(writtenBytes / 2 ** 20, 2),
            "bytes a task": Math.round(writtenBytes / tasks),
          },
        ],
      },
      {
        title: "What it consists of after gc",
        rows: [
          ...parts.map(([what, found]) => ({
            what,
            objects: found.objects,
            MiB: round(found.bytes / 2 ** 20, 2),
            "bytes a task": Math.round(found.bytes / tasks),
          })),
          {
            what: "indexes, commit-graph and the rest",
            objects: "",
            MiB: round((bytes - packed) / 2 ** 20, 2),
            "bytes a task": Math.round((bytes - packed) / tasks),
          },
        ],
      },
    ],
    notes: [
      "three commits a task and one for each 50 results that move to the archive; results of about 1 KB",
    ],
  };
}

type Part = { objects: number; bytes: number };

function partsOf(repos: Repos): [string, Part][] {
  const paths = new Map(
    repos
      .git(["rev-list", "--objects", "--all"])
      .toString()
      .split("\n")
      .map((line) => [line.slice(0, 40), line.slice(41)] as const),
  );
  const parts = new Map<string, Part>();
  const checked = repos.git([
    "cat-file",
    "--batch-all-objects",
    "--batch-check=%(objectname) %(objecttype) %(objectsize:disk)",
  ]);
  for (const line of checked.toString().trim().split("\n")) {
    const [oid = "", kind = "", bytes = "0"] = line.split(" ");
    const what = kind === "blob" ? placeOf(paths.get(oid) ?? "") : kind === "tree" ? "trees" : "commits";
    const part = parts.get(what) ?? { objects: 0, bytes: 0 };
    parts.set(what, { objects: part.objects + 1, bytes: part.bytes + Number(bytes) });
  }
  return Array.from(parts).toSorted(([, a], [, b]) => b.bytes - a.bytes);
}

function placeOf(path: string): string {
  if (path.startsWith("worker/RESULTS/")) return "results";
  return path.startsWith("worker/ARCHIVE/") ? "day files of the archive" : "queue";
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(entries.map(async (name) => stat(join(folder, name))));
  return sizes.reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0);
}
