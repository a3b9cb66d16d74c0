import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { blanker } from "../../src/format/secrets.ts";
import { OutputLog } from "../../worker/output-log.ts";

describe("the log of a task's output", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "pawl-log-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test("has both channels in the order in which they came", () => {
    expect(
      logged((log) => {
        log.stdout(Buffer.from("one\n"));
        log.stderr(Buffer.from("two\n"));
        log.stdout(Buffer.from("three\n"));
      }),
    ).toBe("one\ntwo\nthree\n");
  });

  test("has no secret in it, even one that comes in two pieces with the other channel in between", () => {
    const text = logged((log) => {
      log.stdout(Buffer.from("key hunter"));
      log.stderr(Buffer.from("busy\n"));
      log.stdout(Buffer.from("2-secret\n"));
    });
    expect(text).toBe("key busy\n[secret]\n");
  });

  test("puts a character together that came in two pieces", () => {
    const bytes = Buffer.from("über\n");
    expect(
      logged((log) => {
        log.stdout(bytes.subarray(0, 1));
        log.stdout(bytes.subarray(1));
      }),
    ).toBe("über\n");
  });

  test("keeps begin and end of what is too long, and says how much is missing between", () => {
    const text = logged((log) => {
      for (let line = 0; line < 1000; line++) log.stdout(Buffer.from(`line ${line}\n`));
    }, 200);
    expect(text).toMatch(
      /^line 0\nline 1\n[^]+\n\[\.\.\. 8690 bytes of output are left out here \.\.\.\]\n[^]+line 999\n$/,
    );
  });

  test("leaves out nothing of what just fits", () => {
    expect(logged((log) => log.stdout(Buffer.from("x".repeat(200))), 200)).toBe("x".repeat(200));
  });

  function logged(write: (log: OutputLog) => void, limitBytes = 10_000): string {
    const path = join(folder, "output.log");
    const log = new OutputLog(path, { limitBytes, blanker: blanker(["hunter2-secret"]) });
    write(log);
    log.close();
    return readFileSync(path, "utf8");
  }
});
