import { access } from "node:fs/promises";
import { join } from "node:path";

import { Fault } from "../../fault.ts";
import type { HistoryEntry } from "../../ports/shared-repo.ts";
import type { Cache } from "./cache.ts";
import { trackingRef } from "./begin-cache.ts";
import { gitFault, onlyCache, rewound } from "./faults.ts";
import { runGit } from "./run-git.ts";

const firstPage = 200;
const longestPage = 10_000;

/** Page by page, so that who only wants the last few commits does not wait for all of them; git walks over the skipped. */
export async function* readHistory(cache: Cache, since?: string): AsyncGenerator<HistoryEntry, void> {
  const { range, first } = await cache.use(() => begin(cache, since));
  let page = first;
  for (let [size, skip] = [firstPage, 0]; ; page = await readOn(cache, range, { size, skip })) {
    yield* page;
    if (page.length < size) return;
    skip += size;
    size = Math.min(4 * size, longestPage);
  }
}

/** The cache begins with the newest commit of its day. Only who asks for what is older pays for getting it. */
async function begin(cache: Cache, since?: string): Promise<{ range: string[]; first: HistoryEntry[] }> {
  if (cache.lost) throw rewound(cache.lost);
  const head = (await cache.reader.read(trackingRef(cache.place.branch)))?.oid;
  if (head === undefined) return { range: [], first: [] };
  const range = since === undefined ? [head] : [head, `^${since}`];
  if (since !== undefined) {
    const known = await readPage(cache, range).catch(() => undefined);
    if (known) return { range, first: known };
  }
  await deepen(cache);
  const first = await readPage(cache, range).catch(async (error: unknown) => {
    // Only when all else can be read it is `since` that git does not know.
    if (since === undefined || !(await readPage(cache, [head]).catch(() => undefined))) throw error;
    throw noSuchCommit(since);
  });
  return { range, first };
}

type Part = { size: number; skip: number };

function readOn(cache: Cache, range: string[], part: Part): Promise<HistoryEntry[]> {
  return cache.use(async (fresh) => {
    if (fresh) await deepen(cache);
    return readPage(cache, range, part);
  });
}

async function readPage(
  cache: Cache,
  range: string[],
  { size, skip }: Part = { size: firstPage, skip: 0 },
): Promise<HistoryEntry[]> {
  const { folder, remote, env, deadlineMs } = cache.place;
  // What is missing here stays missing: a commit fetched by itself would bring a history that begins in its middle.
  const local = { ...env, GIT_DIR: folder, GIT_ALLOW_PROTOCOL: "none", GIT_NO_LAZY_FETCH: "1" };
  // Not simple-git's: main reads history at each new head, and need not hold 9 MiB more in memory for it.
  const log = await runGit(
    [
      "log",
      "-z",
      "--no-show-signature",
      "--no-mailmap",
      "--format=%H%n%P%n%an%n%cI%n%B",
      `--max-count=${size}`,
      `--skip=${skip}`,
      "--end-of-options",
      ...range,
      "--",
    ],
    { env: local, deadlineMs },
  );
  if (log.code === null) throw gitFault({ verb: "local", remote, cache: folder }, log);
  if (log.code !== 0) {
    throw new Fault("CACHE_BROKEN", `Git could not read the history in ${folder}`, {
      hint: onlyCache(folder),
      cause: new Error(log.stderr.trim()),
    });
  }
  return log.stdout.split("\0").filter(Boolean).map(parseEntry);
}

function parseEntry(text: string): HistoryEntry {
  const [commit = "", parents = "", author = "", at = "", ...message] = text.split("\n");
  return {
    commit,
    parents: parents.split(" ").filter(Boolean),
    author,
    at: new Date(at).toISOString(),
    message: message.join("\n").trimEnd(),
  };
}

/** With all but the large files, since who asks for old commits may want to read each of them. */
async function deepen(cache: Cache): Promise<void> {
  const { folder, remote, deadlineMs } = cache.place;
  const isWhole = await access(join(folder, "shallow")).then(
    () => false,
    () => true,
  );
  if (isWhole) return;
  const exit = await cache.git(
    ["fetch", "--unshallow", "--filter=blob:limit=64k", "--no-tags", "--no-write-fetch-head", "origin"],
    deadlineMs,
  );
  if (exit.code !== 0) throw gitFault({ verb: "fetch", remote, cache: folder }, exit);
}

function noSuchCommit(given: string): Fault {
  return new Fault("FILE_NOT_FOUND", `There is no commit ${given} in the ledger, or there are several`, {
    hint: "`git log` in a clone of the ledger tells what there is; seven characters of an id are enough.",
  });
}
