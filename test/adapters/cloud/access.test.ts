import { inspect } from "node:util";

import { describe, expect, test } from "vitest";

import { accessFrom } from "../../../src/adapters/cloud/access.ts";
import { manners, places } from "../../../src/adapters/cloud/digitalocean/manners.ts";
import { openProvider } from "../../../src/adapters/cloud/open-provider.ts";
import type { Fault } from "../../../src/fault.ts";
import { SwiftClock } from "../../support/cloud/swift-clock.ts";
import { digitalOceanServer } from "../../support/digitalocean-server/server.ts";
import { hetznerServer } from "../../support/hetzner-server/server.ts";

const token = "dop_v1_5ecre7c0ffee";
const official = "https://api.digitalocean.com/v2";

describe("the way to a provider", () => {
  test.each([
    [{ DO_API_TOKEN: token }],
    [{ DIGITALOCEAN_ACCESS_TOKEN: ` ${token}\n` }],
    [{ DIGITALOCEAN_TOKEN: token, DO_API_TOKEN: " " }],
    [{ DO_API_TOKEN: token, DIGITALOCEAN_TOKEN: "another" }],
  ])("is found by what others call the token too: %o", (env) => {
    expect(accessFrom(env, manners, places)).toEqual({ token, root: official });
  });

  test.each([
    ["https://api.example.com", "https://api.example.com/v2"],
    ["https://api.example.com/v2/", "https://api.example.com/v2"],
    ["https://example.com/do//", "https://example.com/do/v2"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/v2"],
    ["http://[::1]:8080", "http://[::1]:8080/v2"],
    ["http://localhost:8080", "http://localhost:8080/v2"],
    ["", official],
  ])("may be another one: %s", (url, root) => {
    expect(accessFrom({ DO_API_TOKEN: token, DO_API_URL: url }, manners, places).root).toBe(root);
  });

  test.each([
    "http://api.digitalocean.com",
    "http://127.0.0.1.evil.test",
    "http://localhost.evil.test",
    "http://127.0.0.1@evil.test",
    "https://user:pass@api.example.com",
    "https://api.example.com/?x=",
    "https://api.example.com/#x",
    "ftp://127.0.0.1",
    "api.digitalocean.com",
  ])("is none over which the token could be read: %s", (url) => {
    const fault = faultOf(() => accessFrom({ DO_API_TOKEN: token, DO_API_URL: url }, manners, places));
    expect(fault).toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining("DO_API_URL") });
  });

  test.each([
    [{}, "There is no token for DigitalOcean"],
    [{ DO_API_TOKEN: "" }, "There is no token for DigitalOcean"],
    [{ DO_API_TOKEN: `${token}\r\nX-Evil: 1` }, "DO_API_TOKEN holds no token"],
    [{ DIGITALOCEAN_TOKEN: `${token} ${token}` }, "DIGITALOCEAN_TOKEN holds no token"],
    [{ DO_API_TOKEN: `${token}ä` }, "DO_API_TOKEN holds no token"],
  ])("needs a token that is one: %o", (env, message) => {
    const fault = faultOf(() => accessFrom(env, manners, places));
    expect(fault).toMatchObject({ code: "CLOUD_TOKEN", message });
    expect(fault.hint).toContain("export DO_API_TOKEN=");
    expect(inspect(fault)).not.toContain(token);
  });
});

describe("a provider that is opened", () => {
  const common = { clock: new SwiftClock(), chance: () => 0, userAgent: "pawl/test" };

  test("is DigitalOcean where the environment says", async () => {
    await using server = await digitalOceanServer();
    const env = { DO_API_TOKEN: server.token, DO_API_URL: server.url };
    const provider = await openProvider("digitalocean", { env, ...common });
    expect(await provider.account()).toEqual({ servers: 0, serverLimit: 25 });
    expect(provider).toMatchObject({
      name: "DigitalOcean",
      needs: expect.stringContaining("droplet:create"),
    });
    expect(server.complaints).toEqual([]);
  });

  test("is Hetzner Cloud where the environment says", async () => {
    await using server = await hetznerServer();
    const env = { HCLOUD_TOKEN: server.token, HCLOUD_API_URL: `${server.url}/v1` };
    const provider = await openProvider("hetzner", { env, ...common });
    expect(await provider.account()).toEqual({ servers: 0 });
    expect(provider).toMatchObject({ name: "Hetzner Cloud", needs: expect.stringContaining("HCLOUD_TOKEN") });
    expect(server.complaints).toEqual([]);
  });
});

function faultOf(call: () => unknown): Fault {
  try {
    call();
  } catch (error) {
    return error as Fault;
  }
  throw new Error("there was no fault");
}
