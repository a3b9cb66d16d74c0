import { expect, test } from "vitest";

import { digitalOcean } from "../../../src/adapters/cloud/digitalocean/digitalocean.ts";
import { type Cloud, describeServerProvider } from "../../contracts/server-provider.ts";
import { aClosedPort } from "../../support/closed-port.ts";
import type { CloudHooks } from "../../support/cloud/account.ts";
import { SwiftClock } from "../../support/cloud/swift-clock.ts";
import { refusals, tooMany } from "../../support/digitalocean-server/refusals.ts";
import { digitalOceanServer } from "../../support/digitalocean-server/server.ts";

const secret = "dop_v1_5ecre7c0ffee5ecre7c0ffee";

test("says who asks, and takes the public address of a server with two networks", async () => {
  await using server = await cloud({
    looksUntilActive: 0,
    onCreate: async () => ({ address: "203.0.113.9" }),
  });
  const [foreign] = server.account.addForeign("main", 1, { address: "203.0.113.10" });
  expect(await server.provider.get(String(foreign!.id))).toMatchObject({ address: "203.0.113.10" });
  expect(server.asked.map(({ headers }) => headers["user-agent"])).toEqual(["pawl/test"]);
});

test("refuses to change a firewall of our name that is for others too", async () => {
  await using server = await cloud();
  const rule = { protocol: "tcp", ports: "22", sources: { addresses: ["0.0.0.0/0"] } };
  const body = JSON.stringify({ name: "pawl-worker-ssh", tags: [], inbound_rules: [rule] });
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  await fetch(`${server.root}/firewalls`, { method: "POST", headers, body });
  for (const call of [() => server.provider.limitSsh(["::1"]), () => server.provider.removeSshLimit()]) {
    await expect(call()).rejects.toMatchObject({ code: "CLOUD_FOREIGN" });
  }
  expect(server.complaints).toEqual([]);
});

test("tells of an account that is locked, and of no other, that nothing can be ordered", async () => {
  await using server = await cloud();
  const account = (status: string) => ({
    account: { droplet_limit: 3, email_verified: true, status, status_message: "unpaid" },
  });
  for (const [status, trouble] of [
    ["active"],
    ["warning"],
    ["locked", "the account is locked: unpaid"],
  ] as const) {
    server.meet({ answer: { status: 200, body: account(status) } }, { operation: "GET /v2/account" });
    expect((await server.provider.account()).trouble).toBe(trouble);
  }
});

test("offers nothing in a region that is closed", async () => {
  await using server = await cloud();
  const regions = (await server.provider.offers()).flatMap((offer) => offer.regions);
  expect(new Set(regions)).toEqual(new Set(["nyc3", "ams3", "sfo3", "fra1"]));
});

async function cloud(hooks?: CloudHooks): Promise<Cloud & { root: string }> {
  const server = await digitalOceanServer({ token: secret, ...hooks });
  const clock = new SwiftClock();
  const common = {
    root: `${server.url}/v2`,
    token: secret,
    clock,
    chance: () => 0.5,
    userAgent: "pawl/test",
  };
  return {
    ...server,
    root: common.root,
    clock,
    secret,
    provider: digitalOcean(common),
    withToken: (token) => digitalOcean({ ...common, token }),
    impatient: digitalOcean({ ...common, timeoutMs: 300 }),
    unreachable: digitalOcean({ ...common, root: `http://127.0.0.1:${await aClosedPort()}/v2` }),
  };
}

describeServerProvider("DigitalOcean", cloud, {
  order: { region: "nyc3", size: "s-1vcpu-2gb", image: "ubuntu-24-04-x64", userData: "#cloud-config\n" },
  soldOut: { size: "s-4vcpu-8gb", region: "sfo3" },
  create: "POST /v2/droplets",
  list: "GET /v2/droplets",
  refusals: {
    token: { answer: refusals.unauthorized, code: "CLOUD_TOKEN" },
    scope: { answer: refusals.forbidden, code: "CLOUD_SCOPE" },
    quota: { answer: refusals.limit, code: "CLOUD_QUOTA" },
    size: { answer: refusals.size, code: "CLOUD_SIZE_REGION" },
    locked: { answer: refusals.locked, code: "CLOUD_LOCKED" },
    broken: { answer: refusals.broken, code: "CLOUD_UNKNOWN_OUTCOME" },
    tooMany,
  },
});
