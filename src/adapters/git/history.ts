import { access } from "node:fs/promises";
import { join } from "node:path";

import type { HistoryEntry } from "../../ports/shared-repo.ts";
import type { Cache } from "./cache.ts";
import { gitFault } from "./faults.ts";
import { trackingRef } from "./make-cache.ts";

const pageSize = 200;

/** Page by page, so that who only wants the last few commits does not wait for all of them. */
export async function* readHistory(cache: Cache, since?: string): AsyncGenerator<HistoryEntry, void> {
  const head = await cache.use(async () => (await cache.reader.read(trackingRef(cache.place.branch)))?.oid);
  if (head === undefined) return;
  const { range, first } = await begin(cache, head, since);
  for (let page = first, skip = 0; ; page = await readPage(cache, range, skip)) {
    yield* page;
    if (page.length < pageSize) return;
    skip += pageSize;
  }
}

/** The cache begins with the newest commit of its day. Only who asks for what is older pays for getting it. */
async function begin(
  cache: Cache,
  head: string,
  since?: string,
): Promise<{ range: string[]; first: HistoryEntry[] }> {
  const ranges = since === undefined ? [[head]] : [[head, `^${since}`], [head]];
  if (since !== undefined) {
    const known = await readPage(cache, [head, `^${since}`], 0).catch(() => undefined);
    if (known) return { range: [head, `^${since}`], first: known };
  }
  await deepen(cache);
  for (const range of ranges) {
    const first = await readPage(cache, range, 0).catch((error: unknown) => {
      if (range === ranges.at(-1)) throw error;
    });
    if (first) return { range, first };
  }
  return { range: [head], first: [] };
}

async function readPage(cache: Cache, range: string[], skip: number): Promise<HistoryEntry[]> {
  // Daemons never read history, so they need not hold simple-git in memory.
  const { simpleGitIn } = await import("./simple.ts");
  const git = simpleGitIn(cache.place.folder, { ...cache.env, GIT_ALLOW_PROTOCOL: "none" });
  const text = await git.raw([
    "log",
    "-z",
    "--no-show-signature",
    "--no-mailmap",
    "--format=%H%n%P%n%an%n%cI%n%B",
    `--max-count=${pageSize}`,
    `--skip=${skip}`,
    "--end-of-options",
    ...range,
    "--",
  ]);
  return text.split("\0").filter(Boolean).map(parseEntry);
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
