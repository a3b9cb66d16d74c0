import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { NodeName } from "../../../src/core/ids.ts";
import type { SharedRepo, Snapshot } from "../../../src/ports/shared-repo.ts";
import { Repos } from "../../support/repos.ts";

const w1 = NodeName.parse("w1");

/** What may become of a cache between two lives. */
const losses: Record<string, (cache: string) => void> = {
  "was removed": (cache) => rmSync(cache, { recursive: true }),
  "was damaged": (cache) => truncateSync(join(cache, "refs/remotes/origin/main")),
  "has settings of another version": (cache) => writeFileSync(join(cache, "config"), "\n", { flag: "a" }),
};

describe("a node whose cache is lost", { tags: ["slow"] }, () => {
  test.each(Object.keys(losses))("because it %s does not follow a branch that was rewound", async (how) => {
    await using repos = await Repos.make();
    const older = repos.head()!;
    const ada = await lifeAfter(repos, () => {
      losses[how]?.(repos.cacheOf("ada"));
      repos.rewindTo(older);
    });
    for (let time = 0; time < 2; time++) await refuses(ada);
    expect(await ada.restore(older)).toBe("outdated");
    expect(repos.head()).toBe(older);
  });

  test("in the middle of a life in which it only read does not follow either", async () => {
    await using repos = await Repos.make();
    const older = repos.head()!;
    const ada = await repos.open("ada");
    await ada.fetch();
    repos.plant({ "NEWER.md": "newer\n" });
    await ada.fetch();
    repos.rewindTo(older);
    rmSync(repos.cacheOf("ada"), { recursive: true });
    await refuses(ada);
  });

  test("follows a branch that went on meanwhile, be it by a thousand commits", async () => {
    await using repos = await Repos.make();
    const ada = await lifeAfter(repos, () => {
      rmSync(repos.cacheOf("ada"), { recursive: true });
      plantMany(repos, 1100);
    });
    expect((await ada.fetch()).commit).toBe(repos.head());
    expect(existsSync(`${repos.cacheOf("ada")}.lineage`)).toBe(false);
  });

  test("still beats while it does not follow, publishes nothing, and knows it after another start", async () => {
    await using repos = await Repos.make();
    const older = repos.head()!;
    const before = await lostAt(repos, older);
    await before[Symbol.asyncDispose]();
    const ada = await repos.open("ada");
    const told = ada.history()[Symbol.asyncIterator]();
    await expect(told.next()).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
    await refuses(ada);
    expect(await ada.beat(w1, "stands still")).toBe("accepted");
    const { beats } = await ada.look();
    expect(await ada.readBeat(w1, beats.get(w1)!)).toBe("stands still");
    const bob = await repos.open("bob");
    expect(await publish(ada, await bob.fetch())).toEqual({ kind: "outdated" });
  });

  test("goes on by itself once another node has put back what both have seen", async () => {
    await using repos = await Repos.make();
    const older = repos.head()!;
    const bob = await repos.open("bob");
    await bob.fetch();
    const ada = await lostAt(repos, older, async () => void (await bob.fetch()));
    expect(await bob.restore(older)).toBe("accepted");
    const snapshot = await ada.fetch();
    expect(await snapshot.read("MINE.md")).toBe("mine\n");
    accepted(await publish(ada, snapshot));
  });

  test("goes on with what a person has accepted, and what came on top of it", async () => {
    await using repos = await Repos.make();
    const older = repos.head()!;
    const ada = await lostAt(repos, older);
    repos.plant({ "THEIRS.md": "theirs\n" });
    const theirs = repos.head()!;
    repos.plant({ "MORE.md": "more\n" });
    await refuses(ada);
    expect((await ada.accept(theirs)).commit).toBe(repos.head());
    accepted(await publish(ada, await ada.fetch()));
    await ada[Symbol.asyncDispose]();
    rmSync(repos.cacheOf("ada"), { recursive: true });
    expect((await (await repos.open("ada")).fetch()).commit).toBe(repos.head());
  });

  test("forgets nothing when what a person has accepted is gone again", async () => {
    await using repos = await Repos.make();
    const older = repos.head()!;
    const ada = await lostAt(repos, older);
    repos.plant({ "THEIRS.md": "theirs\n" });
    const theirs = repos.head()!;
    repos.rewind();
    await expect(ada.accept(theirs)).rejects.toMatchObject({ code: "REMOTE_REWOUND" });
    await refuses(ada);
    await expect(ada.fetch()).rejects.toThrow(seenBy(repos));
  });

  test.each([
    ["is missing", (path: string) => rmSync(path)],
    ["cannot be read", (path: string) => truncateSync(path, 30)],
    [
      "is of another remote",
      (path: string) => writeFileSync(path, readFileSync(path, "utf8").replace("hub.git", "old.git")),
    ],
  ])("begins anew when the file that tells what it has seen %s", async (_, lose) => {
    await using repos = await Repos.make();
    const older = repos.head()!;
    const ada = await lifeAfter(repos, () => {
      rmSync(repos.cacheOf("ada"), { recursive: true });
      lose(`${repos.cacheOf("ada")}.seen`);
      repos.rewindTo(older);
    });
    expect((await ada.fetch()).commit).toBe(older);
  });
});

/** A node that begins after a life in which it published, and after what came between. */
async function lifeAfter(repos: Repos, between: () => Promise<void> | void): Promise<SharedRepo> {
  const former = await repos.open("ada");
  accepted(await publish(former, await former.fetch()));
  await former[Symbol.asyncDispose]();
  await between();
  return repos.open("ada");
}

/** Without its cache while the branch was rewound. */
async function lostAt(repos: Repos, older: string, before = async () => {}): Promise<SharedRepo> {
  const ada = await lifeAfter(repos, async () => {
    await before();
    rmSync(repos.cacheOf("ada"), { recursive: true });
    repos.rewindTo(older);
  });
  await refuses(ada);
  return ada;
}

async function refuses(node: SharedRepo): Promise<void> {
  await expect(node.fetch()).rejects.toMatchObject({ code: "REMOTE_REWOUND", hint: /accept-history/ });
}

function seenBy(repos: Repos): string {
  return (JSON.parse(readFileSync(`${repos.cacheOf("ada")}.seen`, "utf8")) as { head: string }).head;
}

function publish(node: SharedRepo, parent: Snapshot) {
  return node.publish({ parent, message: "mine\n", files: new Map([["MINE.md", "mine\n"]]) });
}

function accepted({ kind }: { kind: string }): void {
  expect(kind).toBe("accepted");
}

function plantMany(repos: Repos, count: number): void {
  const commits = Array.from({ length: count }, (_, n) => {
    const from = n === 0 ? `from ${repos.head()}\n` : "";
    return `commit refs/heads/main\ncommitter Somebody <else@pawl.test> 1790000000 +0000\ndata 0\n${from}\n`;
  });
  repos.git(["fast-import", "--quiet"], Buffer.from(commits.join("")));
}
