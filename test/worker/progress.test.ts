import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { blanker } from "../../src/format/secrets.ts";
import { Progress } from "../../worker/progress.ts";

describe("the progress of a task", () => {
  let folder: string;
  let file: string;
  let progress: Progress;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-progress-"));
    file = join(folder, "progress");
    progress = new Progress(file, blanker(["hunter2-secret"]));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is unknown as long as the task says nothing", () => {
    progress.hear(Buffer.from("just talking ::progress not at the beginning\n"));
    expect(progress.latest()).toBeUndefined();
  });

  test("is the last progress line on standard output, however it was cut", () => {
    for (const piece of ["::progress on", "e\ntalk\n::prog", "ress two\nmore talk", "\n::progress thr"]) {
      progress.hear(Buffer.from(piece));
    }
    expect(progress.latest()).toBe("two");
  });

  test("is the last line of the progress file that says something", () => {
    writeFileSync(file, "one\ntwo\n\n");
    expect(progress.latest()).toBe("two");
  });

  test("is whatever was said last, in either place", () => {
    writeFileSync(file, "in the file\n");
    expect(progress.latest()).toBe("in the file");
    progress.hear(Buffer.from("::progress on standard output\n"));
    expect(progress.latest()).toBe("on standard output");
    writeFileSync(file, "in the file again\n");
    expect(progress.latest()).toBe("in the file again");
    rmSync(file);
    expect(progress.latest()).toBe("in the file again");
  });

  test("has no colours, control characters or hidden directions in it", () => {
    progress.hear(Buffer.from("::progress \u001b[31mred\u001b[0m\u0007 \u202ealert\tdone\r\n"));
    expect(progress.latest()).toBe("red alert done");
  });

  test("has no secret in it, even one with colours inside", () => {
    progress.hear(Buffer.from("::progress key hunter2\u001b[1m-secret!\n"));
    expect(progress.latest()).toBe("key [secret]!");
  });

  test("is at most 200 characters long", () => {
    progress.hear(Buffer.from(`::progress ${"long ".repeat(100)}\n`));
    expect(progress.latest()).toMatch(/^(long )+long…$/);
    expect(progress.latest()?.length).toBeLessThanOrEqual(200);
  });

  test("is not read from where a link leads", () => {
    writeFileSync(join(folder, "elsewhere"), "private\n");
    symlinkSync(join(folder, "elsewhere"), file);
    expect(progress.latest()).toBeUndefined();
  });
});
