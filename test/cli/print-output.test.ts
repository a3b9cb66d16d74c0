import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { printOutput } from "../../src/cli/print-output.ts";
import { blanker } from "../../src/format/secrets.ts";
import { OutputLog } from "../../worker/output-log.ts";

describe("the output that is printed", () => {
  let folder: string;
  let path: string;
  let log: OutputLog;
  let printed: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-output-"));
    path = join(folder, "output.log");
    log = new OutputLog(path, { limitBytes: 40, blanker: blanker([]) });
    printed = "";
  });
  afterEach(() => {
    log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("says how much of a long one is missing, and where", async () => {
    log.stdout(Buffer.from(lines(0, 20)));
    expect(await print(0)).toBe(100);
    expect(printed).toBe(`${lines(0, 4)}\n[... 60 bytes of output are left out here ...]\n${lines(16, 20)}`);
  });

  test("is whole for who follows it, however long it becomes", async () => {
    let at: number | undefined = 0;
    for (let line = 0; line < 50; line++) {
      log.stdout(Buffer.from(lines(line, line + 1)));
      at = await print(at ?? 0);
    }
    expect(printed).toBe(lines(0, 50));
  });

  test("is gone with its file", async () => {
    rmSync(path);
    expect(await print(0)).toBeUndefined();
    rmSync(folder, { recursive: true, force: true });
    expect(await print(0)).toBeUndefined();
  });

  function print(from: number): Promise<number | undefined> {
    return printOutput({ write: (text) => (printed += text) }, path, from);
  }

  /** Five bytes each. */
  function lines(from: number, until: number): string {
    return Array.from({ length: until - from }, (_, n) => `L${String(from + n).padStart(3, "0")}\n`).join("");
  }
});
