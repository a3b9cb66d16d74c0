import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { machineIn, targetIn, workersIn } from "../../src/wire/meet-machine.ts";

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
    expect(await machineIn(folder, "w")).toBeUndefined();
  });

  test("is who they are, without those that were forgotten", async () => {
    await met("one", { hostKey, address: "203.0.113.7" });
    await met("gone", {});
    expect(await workersIn(folder)).toEqual(["one"]);
  });

  test("is where each of them was", async () => {
    const attic = { kind: "host", user: "admin", address: "attic.example.org", port: 2222 };
    await met("attic", { target: attic, hostKey, address: "attic.example.org" });
    await met("one", { target: cloud, hostKey, address: "203.0.113.7" });
    expect(await machineIn(folder, "attic")).toEqual({ target: attic, address: "attic.example.org" });
    expect(await machineIn(folder, "one")).toEqual({ target: cloud, address: "203.0.113.7" });
  });

  test("is, of a server that was ordered and not met yet, only what was asked for", async () => {
    await met("ordered", { target: cloud, throwAway: "" });
    expect(await machineIn(folder, "ordered")).toBeUndefined();
    expect(await targetIn(folder, "ordered")).toEqual(cloud);
  });
});
