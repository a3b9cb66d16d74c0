import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { changeCallbackKeys, openCallbackKeys } from "../../../src/adapters/telegram/callback-keys.ts";

describe("the keys that sign buttons", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-keys-"));
    path = join(folder, "main", "callback-keys.json");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("are made once, of 32 bytes, for us alone", async () => {
    const made = await openCallbackKeys(path);
    expect(made.current).toHaveLength(32);
    expect(await openCallbackKeys(path)).toEqual(made);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "main"))).toEqual(["callback-keys.json"]);
  });

  test("are the same for all who begin at once", async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => openCallbackKeys(path)));
    expect(new Set(made.map(({ current }) => Buffer.from(current).toString("hex"))).size).toBe(1);
    expect(readdirSync(join(folder, "main"))).toEqual(["callback-keys.json"]);
  });

  test("keep the one before when they are changed", async () => {
    const { current: first } = await openCallbackKeys(path);
    const second = await changeCallbackKeys(path);
    expect(second.previous).toEqual(first);
    expect(second.current).not.toEqual(first);
    expect(await openCallbackKeys(path)).toEqual(second);
    expect((await changeCallbackKeys(path)).previous).toEqual(second.current);
  });

  test.each(["", "{", '{"v":1,"current":"c2hvcnQ="}', '{"v":2}'])(
    "are not made anew over a file that cannot be read: %s",
    async (text) => {
      await openCallbackKeys(path);
      writeFileSync(path, text);
      await expect(openCallbackKeys(path)).rejects.toMatchObject({ code: "SPOOL_BROKEN" });
      expect(readFileSync(path, "utf8")).toBe(text);
    },
  );
});
