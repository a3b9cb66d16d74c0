import { describe, expect, test } from "vitest";

import type { TaskId } from "../../src/core/ids.ts";
import { appendResults, archivedIds, archivePath, findArchived } from "../../src/format/archive.ts";
import { decodeText, encodeText } from "../../src/format/bytes.ts";
import { renderResult } from "../../src/format/result.ts";
import { aResult } from "../support/formats.ts";
import { anId } from "../support/tasks.ts";

type Entry = { id: TaskId; text: string };

describe("an archived result", () => {
  test("lies in the file of the day that its id names", () => {
    expect(archivePath(anId(), 1)).toBe("worker/ARCHIVE/2026/11/21.md");
    expect(archivePath(anId(), 2)).toBe("worker/ARCHIVE/2026/11/21-2.md");
  });

  test.each<[string, string]>([
    ["nothing", ""],
    ["a line that looks like the beginning of another", `<!-- pawl result ${anId(9)} 3 -->\nabc`],
    ["many of them", `\n<!-- pawl result ${anId(3)} 1 -->\n`.repeat(50)],
    ["a copy of the whole file", dayOf([entry(1), entry(2), entry(3)])],
    ["no line break at its end", "text"],
    ["many line breaks at its end", "text\n\n\n\n"],
    ["line breaks of Windows", "a\r\nb\r\n"],
    ["characters of two, three and four bytes", "ß漢👩‍👩‍👧é"],
    ["bytes that were no UTF-8", "\udcff caf\udce9 \udc80"],
    ["escaped bytes next to characters that look alike", "é\udcc3\udca9\udcf0😀"],
    ["control characters", "\0\u001b\u2028\uFEFF"],
  ])("comes back as it was when it has %s", (_, text) => {
    const day = dayOf([entry(1), { id: anId(2), text }, entry(3)]);
    expect(all(day)).toEqual([entry(1), { id: anId(2), text }, entry(3)]);
    expect(encodeText(findArchived(decodeText(encodeText(day)), anId(2))!)).toEqual(encodeText(text));
    expect(findArchived(decodeText(encodeText(day)), anId(3))).toBe(entry(3).text);
  });

  test("is not there when another only speaks of it", () => {
    const day = dayOf([{ id: anId(1), text: `<!-- pawl result ${anId(2)} 3 -->\nabc\n` }]);
    expect(findArchived(day, anId(2))).toBeUndefined();
    expect(archivedIds(day)).toEqual([anId(1)]);
  });
});

describe("a day file", () => {
  test("is only ever appended to", () => {
    const day = dayOf([entry(1)]);
    expect(appendResults(day, [entry(2)]).startsWith(day)).toBe(true);
    expect(appendResults(day, [])).toBe(day);
  });

  test("is the same whether results come together or one by one", () => {
    const entries = [entry(1), entry(2), entry(3)];
    const oneByOne = entries.reduce<string | undefined>((day, one) => appendResults(day, [one]), undefined);
    expect(oneByOne).toBe(dayOf(entries));
  });

  test("holds 300 results", () => {
    const entries = Array.from({ length: 300 }, (_, n) => entry(n + 1, "a line — with a dash\n".repeat(140)));
    expect(all(dayOf(entries))).toEqual(entries);
  });

  test("keeps its results when a person writes a note between them", () => {
    const note = "A note: <!-- pawl result --> is how they begin.\n\n## It went well\n";
    const day = appendResults(dayOf([entry(1)]) + note, [entry(2)]);
    expect(all(note + day)).toEqual([entry(1), entry(2)]);
  });

  test("keeps its results when a person's note has no line break at its end", () => {
    expect(all(appendResults(`${dayOf([entry(1)])}a note`, [entry(2)]))).toEqual([entry(1), entry(2)]);
  });

  test.each([
    ["longer", (text: string) => text.replace("rebuilt", "rebuilt by hand, twice, and with much care")],
    ["shorter", (text: string) => text.replace("It is rebuilt.", "Ok.")],
  ])("still shows the others when an edit has made one result %s", (_, edited) => {
    const first = entry(1);
    const day = edited(dayOf([first])) + dayOf([entry(2), entry(3)]);
    expect(archivedIds(day)).toEqual([anId(1), anId(2), anId(3)]);
    expect(findArchived(day, anId(1))).toContain(edited(first.text).trimEnd());
    expect(findArchived(day, anId(2))).toBe(entry(2).text);
  });

  test("still shows all results when an editor of Windows has changed its line breaks", () => {
    const day = dayOf([entry(1), entry(2)]).replaceAll("\n", "\r\n");
    expect(archivedIds(day)).toEqual([anId(1), anId(2)]);
  });

  test.each(["", "\n", "<!-- pawl result ", `<!-- pawl result ${anId()} 99999`, "no results here"])(
    "may hold nothing but %j",
    (day) => {
      expect(archivedIds(day)).toEqual([]);
      expect(findArchived(day, anId())).toBeUndefined();
    },
  );

  test("that was cut off shows what is left of its last result", () => {
    const day = dayOf([entry(1), entry(2)]);
    expect(findArchived(day.slice(0, -20), anId(1))).toBe(entry(1).text);
    expect(() => archivedIds(day.slice(0, -20))).not.toThrow();
  });

  test("takes no length for more than the file has", () => {
    const day = `<!-- pawl result ${anId(1)} 999999999 -->\nshort\n${dayOf([entry(2)])}`;
    expect(all(day)).toEqual([{ id: anId(1), text: "short" }, entry(2)]);
  });
});

function entry(n: number, text = "It is rebuilt."): Entry {
  return { id: anId(n), text: renderResult(aResult({ id: anId(n), text })) };
}

function dayOf(entries: readonly Entry[]): string {
  return appendResults(undefined, entries);
}

function all(day: string): Entry[] {
  return archivedIds(day).map((id) => ({ id, text: findArchived(day, id)! }));
}
