import { mkdirSync, readdirSync, statSync, utimesSync, watch, writeFileSync } from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { makeHub, wakeFile } from "../../../src/adapters/git/hub.ts";
import { janitor } from "../../../src/adapters/git/janitor.ts";
import { Repos } from "../../support/repos.ts";

describe("a hub", { tags: ["slow"] }, () => {
  test("syncs to disk what it accepts, and checks it", async () => {
    await using repos = await Repos.make();
    expect(setting(repos, "core.fsync")).toBe("all");
    expect(setting(repos, "transfer.fsckObjects")).toBe("true");
  });

  test("stays as it is when it is made again, and gets a lost setting back", async () => {
    await using repos = await Repos.make();
    const head = repos.head();
    repos.git(["config", "receive.denyDeletes", "false"]);
    await makeHub(repos.hub);
    expect(repos.head()).toBe(head);
    expect(setting(repos, "receive.denyDeletes")).toBe("true");
  });

  test.each([
    ["a folder with files in it", "notes.md"],
    ["the .git of somebody's work tree", ".git"],
  ])("does not settle in %s", async (_, name) => {
    await using repos = await Repos.make();
    const home = join(repos.folder, "home");
    mkdirSync(home);
    if (name === ".git") spawnSync("git", ["init", "--quiet", home]);
    else writeFileSync(join(home, name), "mine\n");
    const folder = name === ".git" ? join(home, name) : home;
    const before = readdirSync(folder);
    await expect(makeHub(folder)).rejects.toMatchObject({ code: "FILE_IN_THE_WAY" });
    expect(readdirSync(folder)).toEqual(before);
  });

  test.each([
    ["a forced push", "+HEAD~1:refs/heads/main"],
    ["the deletion of the branch", ":refs/heads/main"],
  ])("refuses %s", async (_, spec) => {
    await using repos = await Repos.make();
    repos.plant({ "a.md": "a\n" });
    const head = repos.head();
    const clone = join(repos.folder, "clone");
    spawnSync("git", ["clone", "--quiet", repos.hub, clone]);
    expect(spawnSync("git", ["-C", clone, "push", "--quiet", "origin", spec]).status).toBe(1);
    expect(repos.head()).toBe(head);
  });

  test("wakes who watches it when a push was accepted", async () => {
    await using repos = await Repos.make();
    const ada = await repos.open("ada");
    for (const text of ["one", "two"]) {
      if (text === "two") utimesSync(join(repos.hub, wakeFile), 0, 0);
      const watcher = watch(repos.hub);
      const woken = new Promise((resolve) => {
        watcher.on("change", (_, name) => name === wakeFile && resolve(name));
      });
      await ada.publish({ parent: await ada.fetch(), message: text, files: new Map([["a.md", text]]) });
      expect(await woken).toBe(wakeFile);
      watcher.close();
      expect(statSync(join(repos.hub, wakeFile)).mtimeMs).toBeGreaterThan(0);
    }
  });
});

describe("the janitor", { tags: ["slow"] }, () => {
  test("removes old locks of refs and HEAD, and no young ones", async () => {
    await using repos = await Repos.make();
    mkdirSync(join(repos.hub, "refs/worker/w1"), { recursive: true });
    const names = ["HEAD.lock", "packed-refs.lock", "refs/heads/main.lock", "refs/worker/w1/heartbeat.lock"];
    for (const name of names) oldFile(join(repos.hub, name));
    writeFileSync(join(repos.hub, "refs/heads/young.lock"), "");
    const removed = await janitor(repos.hub, new Date());
    expect(removed.toSorted()).toEqual(names.map((name) => join(repos.hub, name)).toSorted());
    expect(await janitor(repos.hub, new Date())).toEqual([]);
  });

  test("keeps its hands off while somebody pushes", async () => {
    await using repos = await Repos.make();
    const lock = join(repos.hub, "refs/heads/main.lock");
    oldFile(lock);
    const receiver = spawn("git", ["receive-pack", repos.hub], { stdio: ["pipe", "pipe", "ignore"] });
    await once(receiver.stdout, "data");
    expect(await janitor(repos.hub, new Date())).toEqual([]);
    receiver.stdin.end("0000");
    await once(receiver, "exit");
    expect(await janitor(repos.hub, new Date())).toEqual([lock]);
  });
});

function setting(repos: Repos, name: string): string {
  return repos.git(["config", name]).toString().trim();
}

function oldFile(path: string): void {
  writeFileSync(path, "");
  utimesSync(path, 1, 1);
}
