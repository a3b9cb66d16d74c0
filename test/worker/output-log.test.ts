import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
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

  test("keeps begin and end of what is too long, on disk while it comes, within its limit", () => {
    const log = new OutputLog(join(folder, "output.log"), { limitBytes: 200, blanker: blanker([]) });
    let whole = "";
    for (let line = 0; line < 1000; line++) {
      log.stdout(Buffer.from(`line ${line}\n`));
      whole += `line ${line}\n`;
      const kept = parts();
      expect(kept.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(200);
      for (const { start, text } of kept) expect(whole.slice(start, start + text.length)).toBe(text);
      expect(kept[0]?.text).toBe(whole.slice(0, 100));
      expect(whole.endsWith(kept.at(-1)?.text ?? "")).toBe(true);
    }
    log.close();
    expect(parts().map(({ start }) => start)).toEqual([0, 8800, 8850]);
  });

  test("leaves out nothing of what just fits", () => {
    logged((log) => log.stdout(Buffer.from("x".repeat(200))), 200);
    expect(parts().map(({ text }) => text.length)).toEqual([100, 50, 50]);
  });

  test("does without a disk that is full, and knows it", () => {
    symlinkSync("/dev/full", join(folder, "output.log"));
    const log = new OutputLog(join(folder, "output.log"), { limitBytes: 200, blanker: blanker([]) });
    expect(log.isIncomplete).toBe(false);
    log.stdout(Buffer.from("one\n"));
    log.stderr(Buffer.from("two\n"));
    log.close();
    expect(log.isIncomplete).toBe(true);
  });

  test("does without a file that cannot be made", () => {
    const log = new OutputLog(join(folder, "no", "output.log"), { limitBytes: 200, blanker: blanker([]) });
    log.stdout(Buffer.from("one\n"));
    log.close();
    expect(log.isIncomplete).toBe(true);
  });

  test("takes what still comes after its end for nothing", () => {
    const log = new OutputLog(join(folder, "output.log"), { limitBytes: 200, blanker: blanker([]) });
    log.close();
    log.stdout(Buffer.from("late\n"));
    expect(parts()).toEqual([{ start: 0, text: "" }]);
  });

  function parts(): { start: number; text: string }[] {
    return readdirSync(folder)
      .map((name) => ({
        start: Number(name.slice("output.log.".length)),
        text: readFileSync(join(folder, name), "utf8"),
      }))
      .toSorted((a, b) => a.start - b.start);
  }

  function logged(write: (log: OutputLog) => void, limitBytes = 10_000): string {
    const path = join(folder, "output.log");
    const log = new OutputLog(path, { limitBytes, blanker: blanker(["hunter2-secret"]) });
    write(log);
    log.close();
    return readFileSync(path, "utf8");
  }
});
