import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { blanker } from "../../../src/format/secrets.ts";
import { FileInbox } from "../../../worker/children/file-inbox.ts";
import { anId } from "../../support/tasks.ts";

const secret = "sk-ant-0123456789";

describe("a task's inbox", () => {
  let root: string;
  let folder: string;
  let inbox: FileInbox;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pawl-inbox-"));
    folder = join(root, "inbox");
    mkdirSync(folder);
    inbox = new FileInbox(folder, blanker([secret]));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("takes a file once it has stood still from one look to the next", () => {
    drop("a.md", "Ask Ac");
    expect(inbox.read()).toEqual([]);
    expect(inbox.isFilling).toBe(true);
    drop("a.md", "Ask Acme");
    expect(inbox.read()).toEqual([]);
    expect(inbox.read()).toMatchObject([{ name: "a.md", asked: { prompt: "Ask Acme" } }]);
    expect(inbox.isFilling).toBe(false);
  });

  test("is not looked into ahead of time for a file that never stands still", () => {
    const looks = Array.from({ length: 6 }, (_, n) => {
      drop("a.md", "x".repeat(n + 1));
      inbox.read();
      return inbox.isFilling;
    });
    expect(looks).toEqual([true, true, true, true, false, false]);
    inbox.read();
    drop("b.md", "Ask Bolt");
    inbox.read();
    expect(inbox.isFilling).toBe(true);
  });

  test("answers a hundred drops of one attempt and no more", () => {
    for (let n = 0; n < 100; n++) inbox.answer(`${n}.md`, { kind: "refused", why: "no" });
    drop("one-more.md", "Ask Acme");
    expect(inbox.readLast()).toEqual([]);
  });

  test("takes ten at a look, and what is over in the next", () => {
    for (let n = 0; n < 25; n++) drop(`${String(n).padStart(3, "0")}.md`, `Ask ${n}`);
    inbox.read();
    const first = inbox.read();
    expect(first.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, n) => `00${n}.md`));
    for (const { name } of first) inbox.answer(name, { kind: "refused", why: "no" });
    expect(inbox.read().map(({ name }) => name)[0]).toBe("010.md");
  });

  test("reads a file once for as long as it waits for its answer, and again when it has changed", () => {
    let reads = 0;
    const counting = { ...blanker([]), blank: (text: string) => (reads++, text) };
    inbox = new FileInbox(folder, counting);
    drop("a.md", "Ask Acme");
    for (let look = 0; look < 5; look++) inbox.read();
    expect(reads).toBe(1);
    drop("a.md", "Ask Acme and Bolt");
    expect(inbox.read()).toEqual([]);
    expect(inbox.read()).toMatchObject([{ asked: { prompt: "Ask Acme and Bolt" } }]);
    expect(reads).toBe(2);
  });

  test("refuses what is too much at the end of an attempt, without reading it", () => {
    for (let n = 0; n < 20; n++) drop(`${String(n).padStart(3, "0")}.md`, "x".repeat(60_000));
    const last = inbox.readLast();
    expect(last[16]).toMatchObject({ name: "016.md", asked: { request: {} } });
    expect(last[17]).toEqual({
      name: "017.md",
      asked: { problem: "with those before it, it is more than 1024 KB at the end of one attempt" },
    });
  });

  test("never takes more than may be answered", () => {
    for (let n = 0; n < 120; n++) drop(`${String(n).padStart(3, "0")}.md`, "x");
    expect(inbox.readLast()).toHaveLength(100);
  });

  test("leaves alone what the task has put where an answer might be drafted", () => {
    mkdirSync(join(folder, ".answer", "deep"), { recursive: true });
    inbox.answer("a.md", { kind: "refused", why: "no" });
    expect(existsSync(join(folder, ".answer", "deep"))).toBe(true);
    expect(existsSync(join(folder, "a.md.answer"))).toBe(true);
  });

  test("takes what there is when the task is over", () => {
    drop("b.md", "Ask Bolt");
    drop("a.md", "Ask Acme");
    expect(inbox.readLast().map(({ name }) => name)).toEqual(["a.md", "b.md"]);
  });

  test("has the answer in a file beside it, and does not ask again", () => {
    drop("a.md", "Ask Acme");
    inbox.answer("a.md", { kind: "queued", id: anId(), existing: false });
    expect(JSON.parse(readFileSync(join(folder, "a.md.answer"), "utf8"))).toEqual({
      kind: "queued",
      id: anId(),
      existing: false,
    });
    expect(inbox.readLast()).toEqual([]);
  });

  test("passes over what is meant for nobody: drafts, answers, other files", () => {
    for (const name of [".draft.md", "a.md.answer", "wait", "notes.txt", "README.md"]) drop(name, "text");
    expect(inbox.readLast()).toEqual([]);
  });

  test("does not follow links, wait at pipes or stumble over folders", () => {
    writeFileSync(join(root, "private.md"), "not the task's");
    symlinkSync(join(root, "private.md"), join(folder, "link.md"));
    execFileSync("mkfifo", [join(folder, "pipe.md")]);
    mkdirSync(join(folder, "folder.md"));
    expect(inbox.readLast()).toEqual([]);
  });

  test("does not write through a link that the task has put in the place of its answer", () => {
    const precious = join(root, "precious");
    writeFileSync(precious, "mine");
    symlinkSync(precious, join(folder, "a.md.answer"));
    symlinkSync(precious, join(folder, ".answer"));
    inbox.answer("a.md", { kind: "refused", why: "no" });
    expect(readFileSync(precious, "utf8")).toBe("mine");
    expect(JSON.parse(readFileSync(join(folder, "a.md.answer"), "utf8"))).toMatchObject({ kind: "refused" });
  });

  test("goes without an answer where a folder is in its place", () => {
    mkdirSync(join(folder, "a.md.answer"));
    inbox.answer("a.md", { kind: "refused", why: "no" });
    expect(readdirSync(folder)).toEqual(["a.md.answer"]);
  });

  test("is empty when the task has taken it away", () => {
    rmSync(folder, { recursive: true });
    expect(inbox.readLast()).toEqual([]);
    inbox.answer("a.md", { kind: "refused", why: "no" });
    expect(inbox.waitNote()).toBeUndefined();
  });

  test("refuses what is too long for a file that each push carries", () => {
    drop("a.md", "x".repeat(70_000));
    expect(inbox.readLast()).toEqual([{ name: "a.md", asked: { problem: "it is longer than 64 KB" } }]);
  });

  test("hands on no secret", () => {
    drop("a.md", `Log in with ${secret}`);
    drop("wait", `the key was ${secret}\n`);
    expect(JSON.stringify(inbox.readLast())).not.toContain(secret);
    expect(inbox.waitNote()).toBe("the key was [secret]");
  });

  test("knows whether the task wants to wait, with or without words", () => {
    expect(inbox.waitNote()).toBeUndefined();
    drop("wait", "");
    expect(inbox.waitNote()).toBe("");
  });

  function drop(name: string, text: string): void {
    writeFileSync(join(folder, name), text);
  }
});
