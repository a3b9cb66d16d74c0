import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeHub } from "../../../src/adapters/git/hub.ts";
import { readNote, writeNote } from "../../../src/adapters/git/note.ts";

const folder = mkdtempSync(join(tmpdir(), "pawl-note-test-"));
const remote = join(folder, "hub.git");
const place = { remote, ref: "refs/worker/ada/machine" };
const author = { name: "ada", email: "ada@pawl.invalid" };

describe("a note beside the ledger", { tags: ["slow"] }, () => {
  beforeAll(() => makeHub(remote));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is not there before it was written", async () => {
    expect(await readNote({ ...place, ref: "refs/worker/eve/machine" })).toBeUndefined();
  });

  test("is read as it was written, and each one replaces the last without any history", async () => {
    await writeNote(place, "first\n", author);
    await writeNote(place, '{"free":"12 GB"}\n', author);
    expect((await readNote(place))?.trimEnd()).toBe('{"free":"12 GB"}');
    const log = git("log", "--format=%an %P", place.ref);
    expect(log).toBe("ada \n");
    expect(git("ls-tree", place.ref)).toBe("");
  });

  test("says the same twice", async () => {
    await writeNote(place, "the same\n", author);
    await writeNote(place, "the same\n", author);
    expect(await readNote(place)).toContain("the same");
  });

  test("leaves nothing on this machine", async () => {
    const before = leftovers();
    await writeNote(place, "x\n", author);
    await expect(
      writeNote({ ...place, remote: join(folder, "gone.git") }, "x\n", author),
    ).rejects.toMatchObject({
      code: "REMOTE_NOT_FOUND",
    });
    expect(leftovers()).toEqual(before);
  });
});

function git(...args: string[]): string {
  return execFileSync("git", ["--git-dir", remote, ...args], { encoding: "utf8" });
}

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^pawl-note-(?!test)/.test(name));
}
