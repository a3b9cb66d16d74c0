import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { SharedRepo, Snapshot } from "../../../src/ports/shared-repo.ts";
import { pidsWith } from "../../support/processes.ts";
import { Repos } from "../../support/repos.ts";

const breakages: Record<string, (cache: string) => void> = {
  "an empty object": (cache) => objectsIn(cache).forEach((path) => overwrite(path, "")),
  "garbled objects": (cache) => objectsIn(cache).forEach((path) => overwrite(path, "garbage, not zlib")),
  "missing objects": (cache) => objectsIn(cache).forEach((path) => rmSync(path)),
  "an empty ref": (cache) => truncateSync(join(cache, "refs/remotes/origin/main")),
  "a garbled ref": (cache) => overwrite(join(cache, "refs/remotes/origin/main"), "what is this\n"),
  "a ref to nothing": (cache) => overwrite(join(cache, "refs/remotes/origin/main"), `${"1".repeat(40)}\n`),
  "no refs": (cache) => rmSync(join(cache, "refs"), { recursive: true }),
  "half a list of packed refs": (cache) => {
    pack(cache);
    cut(join(cache, "packed-refs"));
  },
  "a garbled list of packed refs": (cache) => {
    pack(cache);
    overwrite(join(cache, "packed-refs"), "what is this\n");
  },
  "no HEAD": (cache) => rmSync(join(cache, "HEAD")),
  "an empty HEAD": (cache) => truncateSync(join(cache, "HEAD")),
  "a broken config": (cache) => overwrite(join(cache, "config"), "[core\nbare"),
  "an empty config": (cache) => truncateSync(join(cache, "config")),
  "no config": (cache) => rmSync(join(cache, "config")),
  "a garbled list of shallow commits": (cache) => overwrite(join(cache, "shallow"), "no commit\n"),
  "an empty list of shallow commits": (cache) => truncateSync(join(cache, "shallow")),
  "a pack without its index": (cache) => {
    pack(cache);
    for (const path of objectsIn(cache)) if (path.endsWith(".idx")) rmSync(path);
  },
  "half a pack": (cache) => {
    pack(cache);
    for (const path of objectsIn(cache)) if (path.endsWith(".pack")) cut(path);
  },
  "no folder at all": (cache) => rmSync(cache, { recursive: true }),
};

describe("a cache", { tags: ["slow"] }, () => {
  test.each(Object.keys(breakages))("with %s is made anew and nobody notices", async (name) => {
    await using repos = await Repos.make();
    repos.plant({ "a/NOTE.md": "a note\n" });
    await (await repos.open("ada"))[Symbol.asyncDispose]();
    const ada = await repos.open("ada");
    await ada.fetch();
    breakages[name]?.(repos.cacheOf("ada"));
    await worksWith(ada, repos);
  });

  test.each(Object.keys(breakages))("with %s is made anew at the next start", async (name) => {
    await using repos = await Repos.make();
    repos.plant({ "a/NOTE.md": "a note\n" });
    const former = await repos.open("ada");
    await former.fetch();
    await former[Symbol.asyncDispose]();
    breakages[name]?.(repos.cacheOf("ada"));
    await worksWith(await repos.open("ada"), repos);
  });

  const halves: [string, RegExp][] = [
    ["objects", /\/[0-9a-f]{38}$/],
    ["packs", /\.pack$/],
    ["objects and packs", /\/[0-9a-f]{38}$|\.pack$/],
  ];

  test("with half of its objects sets off no chain of gits without an end", async () => {
    await using repos = await halved(/\/[0-9a-f]{38}$/);
    await worksWith(await repos.open("ada"), repos);
  });

  test.each(halves)("with half of its %s is mended when git has not ended in time", async (_of, which) => {
    await using repos = await halved(which);
    // As on systems on which the chain has no end.
    const env = { GIT_CONFIG_PARAMETERS: "'pawl.ballast='" };
    await worksWith(await repos.open("ada", { deadlineSeconds: { fetch: 3 }, env }), repos);
  });

  test("with only the first lines of its settings, with which git fetches nothing, is made anew at the next start", async () => {
    await using repos = await Repos.make();
    const former = await repos.open("ada");
    await former.fetch();
    await former[Symbol.asyncDispose]();
    const config = join(repos.cacheOf("ada"), "config");
    overwrite(config, readFileSync(config, "utf8").replace(/\tfetch = [^]*/, ""));
    await worksWith(await repos.open("ada"), repos);
  });

  test.each(["emptied", "removed"])(
    "whose shallow list was %s tells the whole history all the same",
    async (how) => {
      await using repos = await Repos.make();
      for (const name of ["a", "b", "c"]) repos.plant({ [name]: name });
      const ada = await repos.open("ada");
      await ada.fetch();
      const list = join(repos.cacheOf("ada"), "shallow");
      if (how === "emptied") truncateSync(list);
      else rmSync(list);
      expect(await all(ada.history())).toHaveLength(4);
    },
  );

  test("of whose history a part is lost is made anew when that is asked for", async () => {
    await using repos = await Repos.make();
    for (const name of ["a", "b", "c"]) repos.plant({ [name]: name });
    const ada = await repos.open("ada");
    await ada.fetch();
    expect(await all(ada.history())).toHaveLength(4);
    for (const path of objectsIn(repos.cacheOf("ada"))) rmSync(path);
    expect(await all(ada.history())).toHaveLength(4);
  });

  test("is made anew under a snapshot, which can still be read and built upon", async () => {
    await using repos = await Repos.make();
    repos.plant({ "a/NOTE.md": "a note\n" });
    const ada = await repos.open("ada");
    const snapshot = await ada.fetch();
    for (const path of objectsIn(repos.cacheOf("ada"))) overwrite(path, "garbage");
    expect(await snapshot.read("a/NOTE.md")).toBe("a note\n");
    for (const path of objectsIn(repos.cacheOf("ada"))) overwrite(path, "garbage");
    expect(await publish(ada, snapshot)).toMatchObject({ kind: "accepted" });
  });

  test("that breaks while somebody else publishes makes an old proposal outdated", async () => {
    await using repos = await Repos.make();
    const ada = await repos.open("ada");
    const snapshot = await ada.fetch();
    repos.plant({ "NEWER.md": "newer\n" });
    rmSync(repos.cacheOf("ada"), { recursive: true });
    expect(await publish(ada, snapshot)).toEqual({ kind: "outdated" });
  });

  test("is freed of what a killed git left behind", async () => {
    await using repos = await Repos.make();
    const former = await repos.open("ada");
    await former.fetch();
    await former[Symbol.asyncDispose]();
    const cache = repos.cacheOf("ada");
    const stale = [
      "refs/remotes/origin/main.lock",
      "packed-refs.lock",
      "shallow.lock",
      "objects/pack/pack-1.keep",
      "objects/pack/tmp_pack_Xyz",
      "objects/17/tmp_obj_Xyz",
    ].map((path) => join(cache, path));
    for (const path of stale) {
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, "");
    }
    const ada = await repos.open("ada");
    repos.plant({ "NEWER.md": "newer\n" });
    expect(await (await ada.fetch()).read("NEWER.md")).toBe("newer\n");
    expect(stale.filter((path) => existsSync(path))).toEqual([]);
  });

  test("is not left half made by a node that was killed meanwhile", async () => {
    await using repos = await Repos.make();
    mkdirSync(join(repos.folder, "ada.cache.new", "objects"), { recursive: true });
    const ada = await repos.open("ada");
    expect((await ada.fetch()).commit).toBe(repos.head());
    expect(readdirSync(repos.folder).toSorted()).toEqual(["ada.cache", "ada.cache.seen", "hub.git"]);
  });

  test("of another remote is replaced", async () => {
    await using repos = await Repos.make();
    await using others = await Repos.make({ "OTHER.md": "other\n" });
    const former = await repos.open("ada");
    await former.fetch();
    await former[Symbol.asyncDispose]();
    const ada = await repos.open("ada", { remote: others.hub });
    expect(await (await ada.fetch()).list("")).toEqual(["OTHER.md"]);
  });

  test("never takes the place of something else", async () => {
    await using repos = await Repos.make();
    mkdirSync(repos.cacheOf("ada"));
    writeFileSync(join(repos.cacheOf("ada"), "thesis.tex"), "ten years of work");
    await expect(repos.open("ada")).rejects.toMatchObject({ code: "FILE_IN_THE_WAY" });
    expect(readFileSync(join(repos.cacheOf("ada"), "thesis.tex"), "utf8")).toBe("ten years of work");
  });

  test("does what it should whatever stands in the user's own git configuration", async () => {
    await using repos = await Repos.make();
    const global = join(repos.folder, "gitconfig");
    writeFileSync(
      global,
      "[fetch]\nprune = true\nshowForcedUpdates = false\n[push]\nfollowTags = true\ngpgSign = true\n" +
        "[core]\nhooksPath = /nowhere\n[color]\nui = always\n[transfer]\nfsckObjects = true\n",
    );
    const ada = await repos.open("ada", { env: { GIT_CONFIG_GLOBAL: global } });
    await worksWith(ada, repos);
    repos.rewind();
    await expect(ada.fetch()).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
  });

  test("that holds too many loose objects is packed, and not made anew", async () => {
    await using repos = await Repos.make();
    repos.plant({ "a/NOTE.md": "a note\n" });
    const former = await repos.open("ada");
    await publish(former, await former.fetch());
    repos.plant({ "a/OTHER.md": "another\n" });
    await former.fetch();
    await former[Symbol.asyncDispose]();
    const crowd = join(repos.cacheOf("ada"), "objects", "17");
    mkdirSync(crowd, { recursive: true });
    for (let n = 0; n < 30; n++) writeFileSync(join(crowd, `no-object-${n}`), "");
    const witness = join(repos.cacheOf("ada"), "witness");
    writeFileSync(witness, "");
    await worksWith(await repos.open("ada"), repos);
    expect(existsSync(join(repos.cacheOf("ada"), "packed-refs"))).toBe(true);
    expect(existsSync(witness)).toBe(true);
  });

  test("does not read a file of more than 16 MiB", async () => {
    await using repos = await Repos.make();
    repos.plant({ "huge.md": Buffer.alloc(16 * 1024 * 1024 + 1), "small.md": "small\n" });
    const snapshot = await (await repos.open("ada")).fetch();
    await expect(snapshot.read("huge.md")).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
    expect(await snapshot.read("small.md")).toBe("small\n");
  });

  test("does without git's process for reading when that was killed", async () => {
    await using repos = await Repos.make();
    const ada = await repos.open("ada");
    const snapshot = await ada.fetch();
    const pids = pidsWith(`GIT_DIR=${repos.cacheOf("ada")}`);
    expect(pids).toHaveLength(1);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    expect(await snapshot.read("README.md")).toBe("# Ledger\n");
  });
});

/** With a cache of ada's of which halves are lost. */
async function halved(which: RegExp): Promise<Repos> {
  const repos = await Repos.make();
  repos.plant({ "a/NOTE.md": "a note\n" });
  const former = await repos.open("ada");
  await publish(former, await former.fetch());
  await former[Symbol.asyncDispose]();
  for (const path of objectsIn(repos.cacheOf("ada"))) if (which.test(path)) cut(path);
  return repos;
}

/** Sees what others did, and others see what it did. */
async function worksWith(node: SharedRepo, repos: Repos): Promise<void> {
  repos.plant({ "NEWS.md": "news\n" });
  expect((await node.look()).head).toBe(repos.head());
  const snapshot = await node.fetch();
  expect(await snapshot.read("NEWS.md")).toBe("news\n");
  expect(await publish(node, snapshot)).toMatchObject({ kind: "accepted" });
  expect(Buffer.from(repos.bytes("MINE.md")).toString()).toBe("mine\n");
  const parent = await node.fetch();
  expect(await parent.read("MINE.md")).toBe("mine\n");
}

function publish(node: SharedRepo, parent: Snapshot) {
  return node.publish({ parent, message: "mine\n", files: new Map([["MINE.md", "mine\n"]]) });
}

function objectsIn(cache: string): string[] {
  const entries = readdirSync(join(cache, "objects"), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** As it is after the housekeeping that comes with years of use. */
function pack(cache: string): void {
  const { status, stderr } = spawnSync("git", ["--git-dir", cache, "gc", "--quiet"]);
  if (status !== 0) throw new Error(`git gc: ${stderr.toString()}`);
}

function cut(path: string): void {
  chmodSync(path, 0o644);
  truncateSync(path, statSync(path).size >> 1);
}

function overwrite(path: string, text: string): void {
  chmodSync(path, 0o644);
  writeFileSync(path, text);
}
