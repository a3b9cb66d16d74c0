import { mkdtemp, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { JsonSpool } from "../../../src/adapters/files/json-spool.ts";
import { tryLockFile } from "../../../src/adapters/files/lock-file.ts";
import { lockOrRefuse, tryLock } from "../../../src/adapters/files/lock.ts";
import { ndjsonLog } from "../../../src/adapters/files/ndjson-log.ts";
import { touchWakeFile, watchWakeFiles } from "../../../src/adapters/files/wake.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a spool in a file", () => {
  test("gives back what was written last, to the next life as well", async () => {
    const path = join(folder, "deep", "spool.json");
    expect(await new JsonSpool(path).read()).toBeUndefined();
    await new JsonSpool(path).write({ n: 1 });
    await new JsonSpool(path).write({ n: 2 });
    expect(await new JsonSpool(path).read()).toEqual({ n: 2 });
  });

  test("passes over the draft of a life that was cut off", async () => {
    const path = join(folder, "spool.json");
    await new JsonSpool(path).write({ n: 1 });
    await writeFile(`${path}.new`, '{"n"');
    expect(await new JsonSpool(path).read()).toEqual({ n: 1 });
    await new JsonSpool(path).write({ n: 3 });
    expect(await new JsonSpool(path).read()).toEqual({ n: 3 });
  });

  test("is whole when several write at once, and leaves no drafts", async () => {
    const path = join(folder, "spool.json");
    const values = Array.from({ length: 20 }, (_, n) => ({ n, text: "x".repeat(n * 1000) }));
    await Promise.all(values.map((value) => new JsonSpool(path).write(value)));
    expect(values).toContainEqual(await new JsonSpool(path).read());
    expect(await readdir(folder)).toEqual(["spool.json"]);
  });

  test("removes drafts of former lives, and none that somebody may be working on", async () => {
    const path = join(folder, "spool.json");
    await writeFile(`${path}.1-0.new`, '{"n"');
    await writeFile(`${path}.2-0.new`, '{"n"');
    await utimes(`${path}.1-0.new`, 0, 0);
    await new JsonSpool(path).write({ n: 1 });
    expect((await readdir(folder)).toSorted()).toEqual(["spool.json", "spool.json.2-0.new"]);
  });

  test.each(["", '{"n": ', "\0\0\0\0"])("names a broken file (%j) and leaves it as it is", async (text) => {
    const path = join(folder, "spool.json");
    await writeFile(path, text);
    await expect(new JsonSpool(path).read()).rejects.toMatchObject({
      code: "SPOOL_BROKEN",
      message: `${path} holds no JSON`,
      hint: expect.stringContaining("move it away"),
    });
    expect(await readFile(path, "utf8")).toBe(text);
  });

  test("names what cannot be read at all", async () => {
    await expect(new JsonSpool(folder).read()).rejects.toMatchObject({
      code: "SPOOL_BROKEN",
      message: expect.stringMatching(`${folder} cannot be read: EISDIR`),
    });
  });

  test("cannot be read by other users", async () => {
    const path = join(folder, "spool.json");
    await new JsonSpool(path).write({});
    expect((await stat(path)).mode & 0o077).toBe(0);
  });
});

describe("the lock of a folder", () => {
  test("is had by one at a time, and says by which process", async () => {
    const lock = await lockOrRefuse(folder, "main desk");
    await expect(lockOrRefuse(folder, "main desk")).rejects.toMatchObject({
      code: "ALREADY_RUNNING",
      message: `main desk is running already (process ${process.pid}); it holds ${folder}`,
    });
    await lock[Symbol.asyncDispose]();
    expect(await tryLock(folder)).toMatchObject({ kind: "locked" });
  });

  test("is free again after a crash where it has to be a file", async () => {
    // The largest number a process can have is smaller.
    await writeFile(join(folder, "lock"), "99999999");
    const answer = await tryLockFile(folder);
    expect(answer).toMatchObject({ kind: "locked" });
    expect(await tryLockFile(folder)).toEqual({ kind: "taken", by: `process ${process.pid}` });
  });
});

describe("a wake file", () => {
  test("wakes whoever watches it, and nobody else's files do", async () => {
    const path = join(folder, "wake");
    const woken = Promise.withResolvers<void>();
    using _watch = watchWakeFiles([path, join(folder, "no", "such", "folder")], () => woken.resolve());
    expect(await touchWakeFile(path)).toBe(true);
    await woken.promise;
  });

  test("is not made where no node has run", async () => {
    expect(await touchWakeFile(join(folder, "nobody", "wake"))).toBe(false);
  });

  test("that cannot be written wakes nobody, and is no trouble", async () => {
    await symlink("/dev/full", join(folder, "wake"));
    expect(await touchWakeFile(join(folder, "wake"))).toBe(false);
  });
});

describe("the log of events", () => {
  test("has a line of JSON for each, and puts a large file aside", async () => {
    const path = join(folder, "events.ndjson");
    ndjsonLog(path)({ kind: "one" });
    await truncate(path, 10_000_001);
    const log = ndjsonLog(path);
    log({ kind: "two", text: "a\nb" });
    expect(await readFile(path, "utf8")).toBe('{"kind":"two","text":"a\\nb"}\n');
    expect((await stat(`${path}.1`)).size).toBe(10_000_001);
  });

  test("begins a new line after half a one of a former life", async () => {
    const path = join(folder, "events.ndjson");
    await writeFile(path, '{"kind":"one"}\n{"ki');
    const log = ndjsonLog(path);
    log({ kind: "two" });
    log({ kind: "three" });
    expect(await readFile(path, "utf8")).toBe('{"kind":"one"}\n{"ki\n{"kind":"two"}\n{"kind":"three"}\n');
  });

  test("outlives a full disk, and says afterwards how much it lacks", async () => {
    const path = join(folder, "events.ndjson");
    await symlink("/dev/full", path);
    const log = ndjsonLog(path);
    log({ kind: "one" });
    log({ kind: "two" });
    await rm(path);
    log({ kind: "three" });
    log({ kind: "four" });
    expect(await readFile(path, "utf8")).toBe('{"kind":"three","dropped":2}\n{"kind":"four"}\n');
  });

  test("does without a folder that cannot be made", async () => {
    await writeFile(join(folder, "file"), "");
    expect(() => ndjsonLog(join(folder, "file", "events.ndjson"))({ kind: "one" })).not.toThrow();
  });
});
