import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { packPackage } from "../../../src/adapters/npm/pack.ts";

describe("the package that a worker gets", { tags: ["slow"] }, () => {
  let folder: string;
  let installed: string;
  let cache: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pawl-pack-"));
    installed = join(folder, "installed");
    cache = join(folder, "cache");
    await mkdir(join(installed, "dist"), { recursive: true });
    await mkdir(join(installed, "node_modules", "other"), { recursive: true });
    await writeFile(join(installed, "node_modules", "other", "x.js"), "x");
    await writeFile(join(installed, "dist", "a.js"), "1");
    await writeFile(
      join(installed, "package.json"),
      JSON.stringify({ name: "p", version: "1.2.3", files: ["dist"], scripts: { prepack: "exit 9" } }),
    );
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const namesIn = (tarball: Buffer) =>
    execFileSync("tar", ["-tz"], { input: tarball, encoding: "utf8" }).trim().split("\n").toSorted();
  const pack = (from: string) => packPackage(from, { cache, env: process.env });

  test("is the installed one, which is not built again", async () => {
    expect(namesIn(await pack(installed))).toEqual(["package/dist/a.js", "package/package.json"]);
  });

  test("is packed once, and again when it has changed", async () => {
    const first = await pack(installed);
    expect(await pack(installed)).toEqual(first);
    expect(await readdir(cache)).toHaveLength(1);
    await writeFile(join(installed, "dist", "a.js"), "2");
    expect(await pack(installed)).not.toEqual(first);
    expect(await readdir(cache)).toHaveLength(1);
  });

  test("is built from a checkout, in a copy of it", async () => {
    await writeFile(join(installed, "tsconfig.build.json"), "{}");
    await writeFile(
      join(installed, "package.json"),
      JSON.stringify({
        name: "p",
        version: "1.2.3",
        files: ["dist"],
        scripts: { prepack: "mkdir dist && echo built > dist/b.js && test -e node_modules/other/x.js" },
      }),
    );
    expect(namesIn(await pack(installed))).toEqual(["package/dist/b.js", "package/package.json"]);
    expect(await readdir(join(installed, "dist"))).toEqual(["a.js"]);
  });

  test("is a fault when it cannot be packed, and leaves nothing behind", async () => {
    await writeFile(join(installed, "package.json"), "{");
    await expect(pack(installed)).rejects.toMatchObject({ code: "NPM_FAILED" });
    expect(await readdir(cache)).toEqual([]);
  });

  test("says that npm is missing", async () => {
    await expect(packPackage(installed, { cache, env: { PATH: folder } })).rejects.toThrow(
      "npm is not on the PATH here",
    );
  });
});
