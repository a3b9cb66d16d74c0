import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { targetIn, workersIn } from "../../src/wire/meet-machine.ts";

describe("what this machine knows of workers", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pawl-machines-"));
    await mkdir(join(folder, "machines"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const met = (name: string, contact: object) =>
    writeFile(join(folder, "machines", `${name}.json`), JSON.stringify(contact));
  const hostKey = `SHA256:${"a".repeat(43)}`;
  const cloud = { kind: "cloud", provider: "digitalocean", region: "nyc3", size: "s", image: "i" };

  test("is nothing before the first meeting", async () => {
    await rm(join(folder, "machines"), { recursive: true });
    expect(await workersIn(folder)).toEqual([]);
    expect(await targetIn(folder, "w")).toBeUndefined();
  });

  test("is who they are, without those that were forgotten", async () => {
    await met("one", { hostKey, address: "203.0.113.7" });
    await met("gone", {});
    expect(await workersIn(folder)).toEqual(["one"]);
  });

  test("is where a machine of one's own is", async () => {
    const target = { kind: "host", user: "admin", address: "box.example.org", port: 2222 };
    await met("one", { target, hostKey, address: "box.example.org" });
    expect(await targetIn(folder, "one")).toEqual(target);
  });

  test("is where a provider's server was, for when the provider may not be asked", async () => {
    await met("one", { target: cloud, hostKey, address: "203.0.113.7" });
    await met("ordered", { target: cloud, throwAway: "" });
    expect(await targetIn(folder, "one")).toEqual({
      kind: "host",
      user: "root",
      address: "203.0.113.7",
      port: 22,
    });
    expect(await targetIn(folder, "ordered")).toBeUndefined();
  });
});
