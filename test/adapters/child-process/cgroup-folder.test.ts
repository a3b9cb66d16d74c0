import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { CgroupFolder } from "../../../src/adapters/child-process/cgroup-folder.ts";
import { roomAt, takeRoom } from "../../../src/adapters/child-process/room.ts";

/** A folder with files of the right names: what the kernel would do about them is not seen here. */
let path: string;
let folder: CgroupFolder;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "pawl-cgroup-"));
  folder = new CgroupFolder(path);
});
afterEach(() => rmSync(path, { recursive: true }));

describe("a cgroup", () => {
  test("is given limits as the kernel wants them written", () => {
    expect(folder.limit({ memoryBytes: 1_300_000_000, processes: 400, cpuPercent: 150 })).toBe(true);
    expect(contents()).toEqual({
      "memory.max": "1300000000",
      "memory.oom.group": "1",
      "memory.swap.max": "0",
      "pids.max": "400",
      "cpu.max": "150000 100000",
    });
  });

  test("is left as it is when nothing is to be limited", () => {
    expect(folder.limit({})).toBe(true);
    expect(contents()).toEqual({});
  });

  test("says so when a limit cannot be held", () => {
    const gone = new CgroupFolder(join(path, "gone"));
    expect(gone.limit({ processes: 400 })).toBe(false);
    expect(gone.limit({})).toBe(true);
  });

  test("tells how much memory was used, and whether that was too much", () => {
    write("memory.peak", "996147200\n");
    write("memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 3\noom_group_kill 1\n");
    expect(folder.usage()).toEqual({ peakMemoryBytes: 996_147_200, ranOutOfMemory: true });
  });

  test("tells nothing that it does not know", () => {
    expect(folder.usage()).toEqual({});
    write("memory.peak", "4096\n");
    write("memory.events", "oom 0\noom_kill 0\noom_group_kill 0\n");
    expect(folder.usage()).toEqual({ peakMemoryBytes: 4096 });
  });
});

describe("the room for attempts", () => {
  const self = 4711;

  test("is ours alone: we move aside, so that the kernel can measure the attempts beside us", () => {
    write("cgroup.controllers", "cpuset cpu io memory pids\n");
    write("cgroup.procs", `${self}\n`);
    const { home, seat } = takeRoom(new AfterTheMove(path), self);
    expect([home.name, seat.name]).toEqual([basename(path), "supervisor"]);
    expect(contents("supervisor")).toEqual({ "cgroup.procs": String(self) });
  });

  test("is shared with others: everybody stays", () => {
    write("cgroup.controllers", "memory pids\n");
    write("cgroup.procs", `${self}\n4712\n`);
    const room = takeRoom(folder, self);
    expect(room.seat).toBe(room.home);
    expect(readdirSync(path)).not.toContain("supervisor");
  });

  test("is measured already: nothing is changed", () => {
    write("cgroup.controllers", "cpu memory pids\n");
    write("cgroup.subtree_control", "cpu memory pids\n");
    write("cgroup.procs", `${self}\n4712\n`);
    expect(takeRoom(folder, self).seat).toBe(folder);
    expect(contents()["cgroup.subtree_control"]).toBe("cpu memory pids\n");
  });

  test("cannot be measured: nothing is changed", () => {
    write("cgroup.controllers", "hugetlb\n");
    expect(takeRoom(folder, self).seat).toBe(folder);
    expect(Object.keys(contents())).toEqual(["cgroup.controllers"]);
  });

  test("is above the seat of whoever sits on one already", () => {
    mkdirSync(join(path, "supervisor"));
    const { home, seat } = roomAt(new CgroupFolder(join(path, "supervisor")));
    expect([home.children().map(({ name }) => name), seat.name]).toEqual([["supervisor"], "supervisor"]);
  });
});

/** Controls its children as soon as nobody is in it any more, as the kernel does. */
class AfterTheMove extends CgroupFolder {
  override control(): boolean {
    return readdirSync(path).includes("supervisor");
  }
}

function write(file: string, text: string): void {
  writeFileSync(join(path, file), text);
}

function contents(below = "."): Record<string, string> {
  const files = readdirSync(join(path, below), { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(path, below, name), "utf8")]));
}
