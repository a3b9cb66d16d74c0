import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";

import { DropFolder } from "../../../src/adapters/files/drop-folder.ts";

const Thing = z.strictObject({ n: z.int() });

describe("a folder to drop things into", () => {
  let folder: string;
  let box: DropFolder<z.infer<typeof Thing>>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-drop-"));
    box = new DropFolder(join(folder, "drop"), (value) => Thing.parse(value));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("has nothing before the first drop", async () => {
    expect(await box.waiting()).toEqual({ things: [], bad: [] });
  });

  test("gives things out in the order in which they came, until they are removed", async () => {
    for (const n of [1, 2, 3]) await box.drop({ n });
    const { things } = await box.waiting();
    expect(things.map(({ thing }) => thing.n)).toEqual([1, 2, 3]);
    await box.remove(things[0]!.key);
    await box.remove(things[0]!.key);
    expect((await box.waiting()).things.map(({ thing }) => thing.n)).toEqual([2, 3]);
  });

  test("keeps all that is dropped at once", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => box.drop({ n })));
    const { things } = await box.waiting();
    expect(things.map(({ thing }) => thing.n).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
  });

  test("sets aside what nobody can read, and says so once", async () => {
    await box.drop({ n: 1 });
    writeFileSync(join(folder, "drop", "new", "0-torn.json"), '{"n":');
    writeFileSync(join(folder, "drop", "new", "1-other.json"), '{"m":1}');
    const { things, bad } = await box.waiting();
    expect(things.map(({ thing }) => thing)).toEqual([{ n: 1 }]);
    expect(bad.map(({ key }) => key)).toEqual(["0-torn.json", "1-other.json"]);
    expect((await box.waiting()).bad).toEqual([]);
    expect(readdirSync(join(folder, "drop", "bad"))).toEqual(["0-torn.json", "1-other.json"]);
  });

  test("keeps the newest hundred of what it set aside", async () => {
    await box.drop({ n: 1 });
    const torn = (n: number) => {
      const path = join(folder, "drop", "new", `${n % 10}-${n}.json`);
      writeFileSync(path, "{");
      utimesSync(path, n, n);
    };
    for (let n = 1; n <= 90; n++) torn(n);
    await box.waiting();
    for (let n = 91; n <= 120; n++) torn(n);
    expect((await box.waiting()).bad).toHaveLength(30);
    const left = readdirSync(join(folder, "drop", "bad")).map((name) => Number(name.slice(2, -5)));
    expect(left.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n + 21));
    writeFileSync(join(folder, "drop", "bad", "one-more.json"), "{");
    await box.tidy();
    expect(readdirSync(join(folder, "drop", "bad"))).toHaveLength(100);
  });

  test("does not see what is being written, and removes what a dead writer left", async () => {
    await box.drop({ n: 1 });
    const [young, old] = ["young.json", "old.json"].map((name) => join(folder, "drop", "tmp", name));
    for (const path of [young!, old!]) writeFileSync(path, '{"n":2}');
    utimesSync(old!, new Date(0), new Date(0));
    await box.tidy();
    expect((await box.waiting()).things).toHaveLength(1);
    expect(readdirSync(join(folder, "drop", "tmp"))).toEqual(["young.json"]);
  });
});
