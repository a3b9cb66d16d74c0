import { expect, test } from "vitest";

import { hetzner } from "../../../src/adapters/cloud/hetzner/hetzner.ts";
import { type Cloud, describeServerProvider } from "../../contracts/server-provider.ts";
import { aClosedPort } from "../../support/closed-port.ts";
import type { CloudHooks } from "../../support/cloud/account.ts";
import { SwiftClock } from "../../support/cloud/swift-clock.ts";
import { refusals, tooMany } from "../../support/hetzner-server/refusals.ts";
import { hetznerServer } from "../../support/hetzner-server/server.ts";

const secret = "hcloud5ecre7c0ffee5ecre7c0ffee";

async function cloud(hooks?: CloudHooks): Promise<Cloud & { root: string }> {
  const server = await hetznerServer({ token: secret, ...hooks });
  const clock = new SwiftClock();
  const root = `${server.url}/v1`;
  const common = { root, token: secret, clock, chance: () => 0.5, userAgent: "pawl/test" };
  return {
    ...server,
    root,
    clock,
    secret,
    provider: hetzner(common),
    withToken: (token) => hetzner({ ...common, token }),
    impatient: hetzner({ ...common, timeoutMs: 300 }),
    unreachable: hetzner({ ...common, root: `http://127.0.0.1:${await aClosedPort()}/v1` }),
  };
}

describeServerProvider("Hetzner Cloud", cloud, {
  order: { region: "fsn1", size: "cx23", image: "ubuntu-24.04", userData: "#cloud-config\n" },
  soldOut: { size: "cx53", region: "sin" },
  create: "POST /servers",
  list: "GET /servers",
  refusals: {
    token: { answer: refusals.unauthorized, code: "CLOUD_TOKEN" },
    scope: { answer: refusals.readonly, code: "CLOUD_SCOPE" },
    quota: { answer: refusals.limit, code: "CLOUD_QUOTA" },
    size: { answer: refusals.soldOut, code: "CLOUD_SIZE_REGION" },
    locked: { answer: refusals.locked, code: "CLOUD_LOCKED" },
    broken: { answer: refusals.broken, code: "CLOUD_UNKNOWN_OUTCOME" },
    tooMany,
  },
});

test("tells what a server costs with the address that it needs, and where it costs more", async () => {
  await using server = await cloud();
  const offers = (await server.provider.offers()).filter(({ size }) => size === "cx23");
  expect(offers.map(({ regions, price }) => [regions, price.monthly.toFixed(2), price.currency])).toEqual([
    [["fsn1", "nbg1"], "3.49", "EUR"],
    [["sin"], "6.48", "EUR"],
  ]);
});

test("offers no size that will be taken away", async () => {
  await using server = await cloud();
  expect((await server.provider.offers()).map(({ size }) => size)).not.toContain("cx11");
});

test("knows the place of a server also as Hetzner told it before July 2026", async () => {
  await using server = await cloud();
  const [known] = server.account.addForeign("old", 1, { region: "fsn1", size: "cx23", image: "debian-12" });
  const now = await fetch(`${server.root}/servers/${known!.id}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const { location, ...rest } = ((await now.json()) as { server: Record<string, unknown> }).server;
  server.meet({ answer: { status: 200, body: { server: { ...rest, datacenter: { location } } } } });
  expect(await server.provider.get(String(known!.id))).toMatchObject({ region: "fsn1", image: "debian-12" });
});

test("says that a name is taken", async () => {
  await using server = await cloud();
  server.account.addForeign("pawl-worker-1", 1, { region: "fsn1", size: "cx23" });
  const order = {
    name: "pawl-worker-1",
    region: "fsn1",
    size: "cx23",
    image: "debian-12",
    keys: [],
    userData: "",
  };
  await expect(server.provider.create(order)).rejects.toMatchObject({ code: "CLOUD_TWINS" });
});
