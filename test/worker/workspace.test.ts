import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  makeWorkspace,
  removeWorkspace,
  tidyWorkspaces,
  workspaceFor,
  type Workspace,
} from "../../worker/workspace.ts";
import { adasTask, anId } from "../support/tasks.ts";

const now = new Date("2026-11-21T10:00:00Z");
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

describe("a workspace", () => {
  let state: string;
  let workspace: Workspace;

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "pawl-workspace-"));
    workspace = workspaceFor(adasTask(), state);
  });
  afterEach(() => rmSync(state, { recursive: true }));

  test("is a folder nobody else may enter, with the prompt beside it", async () => {
    await makeWorkspace(workspace, "Count the sheep.");
    expect(readdirSync(workspace.workspace)).toEqual([]);
    expect(statSync(workspace.folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(workspace.promptFile, "utf8")).toBe("Count the sheep.");
  });

  test("is empty although there was one before", async () => {
    await makeWorkspace(workspace, "first");
    writeFileSync(workspace.resultFile, "of the first");
    await makeWorkspace(workspace, "second");
    expect(existsSync(workspace.resultFile)).toBe(false);
  });

  test("is removed without touching what links in it lead to", async () => {
    mkdirSync(join(state, "precious"));
    writeFileSync(join(state, "precious", "photo"), "");
    await makeWorkspace(workspace, "");
    symlinkSync(join(state, "precious"), join(workspace.workspace, "link"));
    await removeWorkspace(workspace.folder);
    expect(readdirSync(join(state, "work"))).toEqual([]);
    expect(readdirSync(join(state, "precious"))).toEqual(["photo"]);
  });

  test("is not removed through a link that stands in its parent's place", async () => {
    mkdirSync(join(state, "elsewhere", "1"), { recursive: true });
    mkdirSync(join(state, "work"));
    symlinkSync(join(state, "elsewhere"), join(state, "work", anId()));
    await removeWorkspace(workspace.folder);
    expect(existsSync(join(state, "elsewhere", "1"))).toBe(true);
  });

  test("is gone after its time, unless it is in use", async () => {
    const [old, young, busy] = [1, 2, 3].map((n) => workspaceFor({ id: anId(n), attempt: 1 }, state));
    for (const [place, age] of [
      [old, 25],
      [young, 23],
      [busy, 25],
    ] as const) {
      await makeWorkspace(place!, "");
      utimesSync(place!.folder, hoursAgo(age), hoursAgo(age));
    }
    await tidyWorkspaces(state, { now, keepHours: 24, busy: new Set([busy!.folder]) });
    expect(readdirSync(join(state, "work"))).toEqual([anId(2), anId(3)]);
  });

  test("shares its place with nothing that is removed because it is unknown", async () => {
    const notes = join(state, "work", "notes", "1");
    mkdirSync(notes, { recursive: true });
    utimesSync(notes, hoursAgo(1000), hoursAgo(1000));
    await tidyWorkspaces(state, { now, keepHours: 24, busy: new Set() });
    expect(existsSync(notes)).toBe(true);
  });

  test("leave no empty folder of a task, which a life that ended in the middle of it may have left", async () => {
    const [left, begun] = [join(state, "work", "T-20261121-00001"), join(state, "work", "T-20261121-00002")];
    for (const folder of [left, begun]) mkdirSync(folder, { recursive: true });
    await tidyWorkspaces(state, { now: new Date(), keepHours: 24, busy: new Set([join(begun, "1")]) });
    expect(existsSync(left)).toBe(false);
    expect(existsSync(begun)).toBe(true);
  });

  test("need not be there for tidying", async () => {
    await tidyWorkspaces(join(state, "none"), { now, keepHours: 24, busy: new Set() });
  });
});
