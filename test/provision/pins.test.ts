import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { openclawVersion, pinnedNode, systemNamed } from "../../provision/pins.ts";

describe("the Node of a worker", () => {
  test("is one that OpenClaw runs on, for both architectures, with digests that differ", () => {
    const { version, downloads } = pinnedNode();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    expect(major).toBe(24);
    expect(minor).toBeGreaterThanOrEqual(16);
    expect(downloads.x86_64.url).toBe(
      `https://nodejs.org/dist/v${version}/node-v${version}-linux-x64.tar.xz`,
    );
    expect(downloads.aarch64.url).toBe(
      `https://nodejs.org/dist/v${version}/node-v${version}-linux-arm64.tar.xz`,
    );
    expect(downloads.x86_64.sha256).not.toBe(downloads.aarch64.sha256);
    expect([downloads.x86_64.sha256, downloads.aarch64.sha256].join()).toMatch(/^[0-9a-f]{64},[0-9a-f]{64}$/);
  });

  test("is the one that these tests ran on", () => {
    const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(pinnedNode().version).toBe(devDependencies.node);
  });

  test("comes from a mirror with the same digest", () => {
    const { downloads } = pinnedNode("http://10.0.0.1:8080/node/");
    expect(downloads.x86_64.url).toMatch(/^http:\/\/10\.0\.0\.1:8080\/node\/v24\.\S+-linux-x64\.tar\.xz$/);
    expect(downloads.x86_64.sha256).toBe(pinnedNode().downloads.x86_64.sha256);
  });

  test.each(["", "nodejs.org/dist", "file:///dist", "https://me:secret@a.org", "https://a.org/?x=1", "a b"])(
    "does not come from %j, which is not repeated",
    (mirror) => {
      expect(() => pinnedNode(mirror)).toThrow(
        expect.objectContaining({
          code: "CONFIG_INVALID",
          message: expect.not.stringContaining(mirror || "secret"),
        }),
      );
    },
  );
});

test("the pinned OpenClaw is the one that CI installs and that the tests ask for", () => {
  expect(readFileSync(".ci/run", "utf8")).not.toMatch(/\d{4}\.\d+\.\d+/);
  const pins = readFileSync("provision/pins.ts", "utf8");
  expect(/^export const openclawVersion = "(.*)";$/m.exec(pins)?.[1]).toBe(openclawVersion);
});

test("systems are known by what /etc/os-release says", () => {
  expect(systemNamed({ id: "ubuntu", version: "24.04" })).toMatchObject({
    images: { digitalocean: "ubuntu-24-04-x64", hetzner: "ubuntu-24.04" },
    restrictsNamespaces: true,
  });
  expect(systemNamed({ id: "debian", version: "12" })?.restrictsNamespaces).toBe(false);
  expect(systemNamed({ id: "debian", version: "11" })).toBeUndefined();
});
