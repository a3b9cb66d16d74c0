import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { JournalFile } from "../../../src/adapters/files/journal-file.ts";

type Entry = { n: number; text?: string };

describe("a journal in a file", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-journal-"));
    path = join(folder, "below", "journal.ndjson");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is empty before the first entry", async () => {
    expect(await new JournalFile<Entry>(path).read()).toEqual([]);
  });

  test("gives back what was appended, in that order, to whoever opens it next", async () => {
    await using journal = new JournalFile<Entry>(path);
    await journal.append([{ n: 1 }, { n: 2, text: "zwei\nZeilen – ü" }]);
    await journal.append([]);
    await journal.append([{ n: 3 }]);
    expect(await new JournalFile<Entry>(path).read()).toEqual([
      { n: 1 },
      { n: 2, text: "zwei\nZeilen – ü" },
      { n: 3 },
    ]);
  });

  test("loses nothing but the torn line, wherever a crash tore it", async () => {
    await using journal = new JournalFile<Entry>(path);
    await journal.append([{ n: 1 }, { n: 2 }]);
    const whole = readFileSync(path);
    await journal.append([{ n: 3, text: "Müller 🦦" }]);
    const all = readFileSync(path);
    for (let size = whole.length; size < all.length; size++) {
      const torn = join(folder, `torn-${size}`);
      writeFileSync(torn, all.subarray(0, size));
      await using survivor = new JournalFile<Entry>(torn);
      expect(await survivor.read()).toEqual([{ n: 1 }, { n: 2 }]);
      await survivor.append([{ n: 4 }]);
      expect(await new JournalFile<Entry>(torn).read()).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
    }
  });

  test("goes on after a torn line that is longer than what is read at once", async () => {
    await using journal = new JournalFile<Entry>(path);
    await journal.append([{ n: 1 }]);
    appendFileSync(path, `{"n":2,"text":"${"x".repeat(200_000)}`);
    await using survivor = new JournalFile<Entry>(path);
    await survivor.append([{ n: 3 }]);
    expect(await survivor.read()).toEqual([{ n: 1 }, { n: 3 }]);
  });

  test("is replaced as a whole by what says the same with less", async () => {
    await using journal = new JournalFile<Entry>(path);
    await journal.append([{ n: 1 }, { n: 2 }, { n: 3 }]);
    await journal.compact([{ n: 3 }]);
    await journal.append([{ n: 4 }]);
    expect(await journal.read()).toEqual([{ n: 3 }, { n: 4 }]);
  });

  test("is what it was when a crash came before the compacted one took its name", async () => {
    await using journal = new JournalFile<Entry>(path);
    await journal.append([{ n: 1 }, { n: 2 }]);
    writeFileSync(`${path}.new`, '{"n":2}\n{"n"');
    expect(await new JournalFile<Entry>(path).read()).toEqual([{ n: 1 }, { n: 2 }]);
    await journal.compact([{ n: 2 }]);
    expect(await journal.read()).toEqual([{ n: 2 }]);
  });

  test("says which line cannot be read, and leaves it", async () => {
    await using journal = new JournalFile<Entry>(path);
    await journal.append([{ n: 1 }]);
    appendFileSync(path, "nonsense\n");
    await expect(new JournalFile<Entry>(path).read()).rejects.toMatchObject({
      code: "SPOOL_BROKEN",
      message: `Line 2 of ${path} is no JSON`,
    });
  });

  test("begins anew in a file that was emptied", async () => {
    await using journal = new JournalFile<Entry>(path);
    await journal.append([{ n: 1 }]);
    truncateSync(path, 0);
    await using next = new JournalFile<Entry>(path);
    await next.append([{ n: 2 }]);
    expect(await next.read()).toEqual([{ n: 2 }]);
  });
});
