import { describe, expect, test } from "vitest";

import type { Facts } from "../../provision/facts.ts";
import { orderServer } from "../../provision/order-server.ts";
import type { Progress } from "../../provision/progress.ts";
import { Fault } from "../../src/fault.ts";
import type { Order, Server, ServerProvider } from "../../src/ports/server-provider.ts";
import { aServer } from "../support/seen.ts";
import { leapingClock } from "./play.ts";
import { wantedInCloud } from "./wanted.ts";

const lost = new Fault("CLOUD_UNKNOWN_OUTCOME", "no answer came", { hint: "Look." });

const refused = new Fault("CLOUD_QUOTA", "full", { hint: "-" });

/** Orders once; `turnsUpAfter` looks the server is in the account's list. */
async function order({
  fails,
  turnsUpAfter = Infinity,
  mayBeOut = false,
}: { fails?: Error; turnsUpAfter?: number; mayBeOut?: boolean } = {}) {
  const orders: Order[] = [];
  const calls: string[] = [];
  const told: Progress[] = [];
  let looks = 0;
  const provider: Partial<ServerProvider> = {
    create: async (one) => {
      calls.push("create");
      orders.push(one);
      if (fails) throw fails;
      return aServer();
    },
    find: async (): Promise<Server[]> => (++looks > turnsUpAfter ? [aServer({ state: "starting" })] : []),
  };
  const clock = leapingClock();
  const facts: Facts = { cloud: { account: { servers: 0 }, offers: [], servers: [], keyId: "key-1" } };
  const ordering = orderServer(provider as ServerProvider, {
    wanted: wantedInCloud(),
    facts,
    step: "cloud.server",
    tell: (one) => void told.push(one),
    machine: {
      lockOrder: async () => {
        calls.push("lock");
        return { [Symbol.asyncDispose]: async () => void calls.push("unlock") };
      },
      expectServer: async () => {
        calls.push("pin");
        return { userData: "#cloud-config\n", mayBeOut };
      },
      expectNone: async () => void calls.push("unpin"),
    },
    clock,
  });
  const error = await ordering.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return { orders, calls, told, looks, error, seconds: clock.monotonicMs() / 1000 };
}

describe("an order", () => {
  test("goes out when the key that the server will show is pinned, and has nothing secret in it", async () => {
    const { orders, calls } = await order();
    expect(calls).toEqual(["lock", "pin", "create", "unlock"]);
    expect(orders).toEqual([
      {
        name: "pawl-worker-1",
        region: "nyc3",
        size: "s-1vcpu-2gb",
        image: "ubuntu-24-04-x64",
        keys: ["key-1"],
        userData: "#cloud-config\n",
      },
    ]);
  });

  test("whose answer was lost is looked for, and not made again", async () => {
    const { error, calls, told, seconds } = await order({ fails: lost, turnsUpAfter: 4 });
    expect(error).toBeUndefined();
    expect(calls).toEqual(["lock", "pin", "create", "unlock"]);
    expect(told).toHaveLength(3);
    expect(told[0]).toMatchObject({
      event: "waiting",
      what: "the server turns up",
      obstacle: "no answer came",
    });
    expect(seconds).toBe(15);
  });

  test("that never turns up is given up after a minute, and not made again", async () => {
    const { error, calls, seconds } = await order({ fails: lost });
    expect(error).toBe(lost);
    expect(calls).toEqual(["lock", "pin", "create", "unlock"]);
    expect(seconds).toBe(60);
  });

  test("that was refused is not looked for, and no server is expected any more", async () => {
    expect(await order({ fails: refused })).toMatchObject({
      error: refused,
      looks: 1,
      calls: ["lock", "pin", "create", "unpin", "unlock"],
    });
  });

  test("is not made where another run has ordered while a person was being asked", async () => {
    const { error, calls } = await order({ turnsUpAfter: 0 });
    expect([error, calls]).toEqual([undefined, ["lock", "unlock"]]);
  });

  test("of an earlier run that may come true yet is looked for with patience before another is made", async () => {
    const late = await order({ mayBeOut: true, turnsUpAfter: 3 });
    expect([late.calls, late.seconds]).toEqual([["lock", "pin", "unlock"], 10]);
    expect(late.told[0]).toMatchObject({ obstacle: "an earlier order was not answered" });
    const never = await order({ mayBeOut: true });
    expect([never.calls, never.seconds]).toEqual([["lock", "pin", "create", "unlock"], 60]);
    expect((await order({ mayBeOut: true, fails: refused })).calls).not.toContain("unpin");
  });
});
