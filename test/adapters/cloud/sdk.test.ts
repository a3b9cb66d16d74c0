import { createRequire } from "node:module";

import { expect, test, vi } from "vitest";

import { asking, library } from "../../../src/adapters/cloud/digitalocean/transport.ts";
import { aClosedPort } from "../../support/closed-port.ts";
import { digitalOceanServer } from "../../support/digitalocean-server/server.ts";

test("in the checkout too digitalocean-js runs on an axios of today", () => {
  const fromLibrary = createRequire(createRequire(import.meta.url).resolve("digitalocean-js"));
  const { version } = fromLibrary("axios/package.json") as { version: string };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  expect(major === 1 ? minor : major * 1000).toBeGreaterThanOrEqual(15);
});

test("the library by itself sees twenty servers and no more, so that a twin could be ordered", async () => {
  await using server = await digitalOceanServer();
  server.account.addForeign("web", 24);
  const { token, url } = server;
  const transport = { token, root: `${url}/v2`, userAgent: "pawl/test", timeoutMs: 5000 };
  const seen = await asking(transport, () => library.droplets.getAllDroplets())();
  expect(seen).toMatchObject({ kind: "answered", body: { length: 20 } });
});

test("what is for this machine goes through no proxy, which could read the token", async () => {
  await using server = await digitalOceanServer();
  const { token, url } = server;
  for (const name of ["http_proxy", "HTTP_PROXY", "all_proxy"]) {
    vi.stubEnv(name, `http://127.0.0.1:${await aClosedPort()}`);
  }
  vi.stubEnv("no_proxy", "");
  const transport = { token, root: `${url}/v2`, userAgent: "pawl/test", timeoutMs: 5000 };
  const seen = await asking(transport, () => library.droplets.getAllDroplets())();
  vi.unstubAllEnvs();
  expect(seen.kind).toBe("answered");
});

test("the library makes no request outside of a call, when it would not know whose token to use", async () => {
  await expect(library.droplets.getAllDroplets()).rejects.toThrow("silent");
});
