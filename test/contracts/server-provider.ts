import { inspect } from "node:util";

import { describe, expect, test, vi } from "vitest";

import { Fault, type FaultCode } from "../../src/fault.ts";
import type { Order, ServerProvider } from "../../src/ports/server-provider.ts";
import type { CloudAccount, CloudHooks } from "../support/cloud/account.ts";
import type { SwiftClock } from "../support/cloud/swift-clock.ts";
import type { Answer } from "../support/openapi/mock.ts";
import type { ServedMock, Trouble } from "../support/openapi/serve.ts";

/** How a provider says no. */
export type Refusals = Record<
  "token" | "scope" | "quota" | "size" | "locked" | "broken",
  { answer: Answer; code: FaultCode }
> & { tooMany: (waitSeconds: number) => Answer };

/** A provider that tests play, with an account of which they see everything. */
export type Cloud = AsyncDisposable &
  Pick<ServedMock, "meet" | "complaints" | "asked"> & {
    account: CloudAccount;
    provider: ServerProvider;
    clock: SwiftClock;
    /** The same account with this token. */
    withToken: (token: string) => ServerProvider;
    /** The same account by somebody who soon gives up waiting. */
    impatient: ServerProvider;
    /** At an address where nobody listens. */
    unreachable: ServerProvider;
    secret: string;
  };

/** How a provider names what the suite needs. */
export type Dialect = {
  order: Omit<Order, "name" | "keys">;
  /** A size and a region where there is none of it. */
  soldOut: { size: string; region: string };
  create: string;
  list: string;
  refusals: Refusals;
};

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cuLAqFtN2xD0Vb";
const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzQ+cXlmM0cGDl1h7J5xM9hXQwLw1ZC0n6ykq8n8B1q";

/** What every provider of servers keeps. */
export function describeServerProvider(
  name: string,
  make: (hooks?: CloudHooks) => Promise<Cloud>,
  { order: basic, soldOut, create, list, refusals }: Dialect,
): void {
  const order = (more: Partial<Order> = {}): Order => ({
    name: "pawl-worker-1",
    keys: [],
    ...basic,
    ...more,
  });

  describe(`servers at ${name}`, () => {
    async function using<Value>(use: (cloud: Cloud) => Promise<Value>, hooks?: CloudHooks): Promise<Value> {
      await using cloud = await make(hooks);
      const value = await use(cloud);
      expect(cloud.complaints).toEqual([]);
      expect(cloud.account.broken).toEqual([]);
      return value;
    }

    test("are made with our tag, start, and get an address", () =>
      using(
        async ({ provider, account }) => {
          const { id } = account.addKey("laptop", key);
          const made = await provider.create(order({ keys: [String(id)] }));
          expect(made).toMatchObject({ name: "pawl-worker-1", state: "starting", ours: true });
          expect(made.address).toBeUndefined();
          expect([...account.servers.values()]).toMatchObject([
            { userData: basic.userData, publicKeys: [key], region: basic.region, size: basic.size },
          ]);
          expect(await provider.get(made.id)).toMatchObject({ state: "starting" });
          expect(await provider.get(made.id)).toEqual({
            id: made.id,
            name: "pawl-worker-1",
            state: "active",
            ours: true,
            address: "203.0.113.5",
            region: basic.region,
            size: basic.size,
            image: basic.image,
            createdAt: made.createdAt,
            price: expect.objectContaining({ monthly: expect.any(Number) }),
          });
        },
        { looksUntilActive: 1, onCreate: async () => ({ address: "203.0.113.5" }) },
      ));

    test("are found by name among more than one page of others, ours or not", () =>
      using(
        async ({ provider, account }) => {
          account.addForeign("web", 230);
          const [twin] = account.addForeign("pawl-worker-1");
          const made = await provider.create(order({ name: "pawl-worker-2" }));
          expect(await provider.find("pawl-worker-2")).toMatchObject([{ id: made.id, ours: true }]);
          expect(await provider.find("pawl-worker-1")).toMatchObject([{ id: String(twin!.id), ours: false }]);
          expect(await provider.find("web")).toHaveLength(230);
          expect(await provider.find("no&name=web")).toEqual([]);
          expect(await provider.ours()).toMatchObject([{ id: made.id }]);
          expect((await provider.account()).servers).toBe(232);
        },
        { serverLimit: 300 },
      ));

    test("that are not there are nothing, whatever the id looks like", () =>
      using(async ({ provider }) => {
        for (const id of ["1", "0", "", "../account", "1?x=1", "-1", "１"]) {
          expect(await provider.get(id)).toBeUndefined();
          expect(await provider.destroy(id)).toBe(false);
          expect(await provider.snapshots(id)).toEqual([]);
          expect(await provider.removeKey(id)).toBe(false);
        }
      }));

    test("are destroyed once, and only when they have our tag", () =>
      using(async ({ provider, account }) => {
        const [foreign] = account.addForeign("web");
        const made = await provider.create(order());
        expect(await provider.destroy(made.id)).toBe(true);
        expect(await provider.destroy(made.id)).toBe(false);
        expect(await provider.get(made.id)).toBeUndefined();
        const refused = await faultOf(provider.destroy(String(foreign!.id)));
        expect(refused).toMatchObject({ code: "CLOUD_FOREIGN" });
        expect(refused.message).toContain('"web"');
        expect([...account.servers.keys()]).toEqual([foreign!.id]);
      }));

    test("are offered with a price, and only where there are some", () =>
      using(async ({ provider }) => {
        const offers = await provider.offers();
        const there = offers.find(
          ({ size, regions }) => size === basic.size && regions.includes(basic.region),
        );
        expect(there).toMatchObject({ cpus: expect.any(Number), memoryMb: expect.any(Number) });
        expect(there!.price.monthly).toBeGreaterThan(there!.price.hourly * 600);
        const isSold = offers.some(
          ({ size, regions }) => size === soldOut.size && regions.includes(soldOut.region),
        );
        expect(isSold).toBe(false);
        expect(offers.some(({ size }) => size === soldOut.size)).toBe(true);
        expect(await faultOf(provider.create(order(soldOut)))).toMatchObject({ code: "CLOUD_SIZE_REGION" });
      }));

    test("let in a key that is known by its material, not by its name", () =>
      using(async ({ provider, account }) => {
        account.addKey("laptop", `${otherKey} me@laptop`);
        expect(await provider.findKey(key)).toBeUndefined();
        const id = await provider.addKey("laptop-2", key);
        expect(await provider.findKey(`${key} a comment`)).toBe(id);
        expect(await provider.findKey("no key")).toBeUndefined();
        expect(await faultOf(provider.addKey("laptop-3", key))).toMatchObject({ code: "CLOUD_KEY_TAKEN" });
        expect(await provider.removeKey(id)).toBe(true);
        expect(await provider.removeKey(id)).toBe(false);
        expect(await provider.findKey(key)).toBeUndefined();
      }));

    test("have their ssh limited by a firewall that follows the tag, and is changed only when it has to be", () =>
      using(async ({ provider, asked }) => {
        const changes = () => asked.filter(({ operation }) => !operation.startsWith("GET ")).length;
        expect(await provider.sshLimit()).toBeUndefined();
        expect(await provider.limitSsh(["198.51.100.7/32", "2001:db8::/32"])).toBe(true);
        expect(await provider.sshLimit()).toEqual(["198.51.100.7/32", "2001:db8::/32"]);
        const before = changes();
        expect(await provider.limitSsh(["2001:db8::/32", "198.51.100.7"])).toBe(false);
        expect(changes()).toBe(before);
        expect(await provider.limitSsh(["203.0.113.0/24"])).toBe(true);
        expect(await provider.sshLimit()).toEqual(["203.0.113.0/24"]);
        expect(await provider.removeSshLimit()).toBe(true);
        expect(await provider.removeSshLimit()).toBe(false);
        expect(await provider.sshLimit()).toBeUndefined();
      }));

    test("have snapshots taken of them, also when they are not ours", () =>
      using(async ({ provider, account }) => {
        const [main, other] = account.addForeign("main", 2);
        account.addSnapshot(other!.id, "another's");
        expect(await provider.snapshots(String(main!.id))).toEqual([]);
        await provider.snapshot(String(main!.id), "before the worker");
        expect(await provider.snapshots(String(main!.id))).toMatchObject([
          { name: "before the worker", sizeGb: 2.5, price: { monthly: expect.any(Number) } },
        ]);
      }));

    test("are never ordered beyond the limit", () =>
      using(
        async ({ provider, account }) => {
          account.addForeign("web", 3);
          expect(await faultOf(provider.create(order()))).toMatchObject({ code: "CLOUD_QUOTA" });
        },
        { serverLimit: 3 },
      ));

    test("are not shown to whoever has another token", () =>
      using(async ({ withToken }) => {
        const stranger = withToken("dop_v1_another");
        for (const call of callsOf(stranger, order())) {
          expect(await faultOf(call())).toMatchObject({ code: "CLOUD_TOKEN" });
        }
      }));

    test("stay apart where two tokens are used at the same time", () =>
      using(async ({ provider, withToken }) => {
        const stranger = withToken("dop_v1_another");
        const [mine, theirs] = await Promise.all([
          provider.ours(),
          faultOf(stranger.ours()),
          provider.offers(),
        ]);
        expect(mine).toEqual([]);
        expect(theirs.code).toBe("CLOUD_TOKEN");
      }));

    const kinds = ["token", "scope", "quota", "size", "locked", "broken"] as const;
    test.each(kinds)("tell in one try what is wrong with an order: %s", (kind) =>
      using(async ({ provider, meet, asked, account }) => {
        const { answer, code } = refusals[kind];
        meet({ answer }, { operation: create });
        const fault = await faultOf(provider.create(order()));
        expect(fault.code).toBe(code);
        expect(fault.message).toContain('create server "pawl-worker-1"');
        expect(fault.hint).not.toBe("");
        expect(asked.filter(({ operation }) => operation === create)).toHaveLength(1);
        expect(account.servers.size).toBe(0);
      }),
    );

    const lost: [string, Trouble][] = [
      ["the connection ended", { cut: "after" }],
      ["a proxy said 502", { doneButAnswered: { status: 502, body: "<html>Bad Gateway</html>" } }],
      ["a proxy said OK", { doneButAnswered: { status: 200, body: "<html>welcome</html>" } }],
      ["the answer is another's", { doneButAnswered: { status: 201, body: { id: 1 } } }],
      ["there is no JSON in it", { doneButAnswered: { status: 201, body: "" } }],
    ];
    test.each(lost)("are not ordered twice when the answer was lost: %s", (_, trouble) =>
      using(async ({ provider, meet, account }) => {
        meet(trouble, { operation: create });
        expect(await faultOf(provider.create(order()))).toMatchObject({ code: "CLOUD_UNKNOWN_OUTCOME" });
        expect(account.servers.size).toBe(1);
        expect(await provider.find("pawl-worker-1")).toHaveLength(1);
      }),
    );

    const late: [string, Trouble][] = [
      ["nothing", { silence: true }],
      ["half an answer", { half: true }],
    ];
    test.each(late)("may be there when %s comes in time", (_, trouble) =>
      using(async ({ impatient, meet, clock }) => {
        meet(trouble, { operation: create });
        expect(await faultOf(impatient.create(order()))).toMatchObject({ code: "CLOUD_UNKNOWN_OUTCOME" });
        expect(clock.slept).toEqual([]);
      }),
    );

    test("are surely not ordered where nobody listens", () =>
      using(async ({ unreachable }) => {
        expect(await faultOf(unreachable.create(order()))).toMatchObject({ code: "CLOUD_DOWN" });
      }));

    test("are asked for again after as long as the provider wants, and after a broken moment", () =>
      using(async ({ provider, meet, clock }) => {
        meet({ answer: refusals.tooMany(17) }, { operation: list, times: 2 });
        meet({ answer: refusals.broken.answer }, { operation: list });
        meet({ cut: "before" }, { operation: list });
        expect(await provider.find("pawl-worker-1")).toEqual([]);
        const [first = 0, second = 0, ...others] = clock.slept;
        expect([Math.floor(first / 1000), Math.floor(second / 1000)]).toEqual([17, 17]);
        expect(others).toHaveLength(2);
      }));

    test("are not waited for by the hour", () =>
      using(async ({ provider, meet, clock }) => {
        meet({ answer: refusals.tooMany(1800) }, { operation: list, times: 9 });
        const fault = await faultOf(provider.find("pawl-worker-1"));
        expect(fault).toMatchObject({ code: "CLOUD_RATE", hint: expect.stringContaining("30 min") });
        expect(clock.slept).toEqual([]);
      }));

    test.each<[string, Trouble, number]>([
      ["broken", { answer: refusals.broken.answer }, 5],
      ["cut off", { cut: "before" }, 3],
      ["silent", { silence: true }, 3],
    ])("are given up on when the provider stays %s", (_, trouble, tries) =>
      using(async ({ provider, impatient, meet, clock }) => {
        meet(trouble, { times: 99 });
        const asking = "silence" in trouble ? impatient : provider;
        expect(await faultOf(asking.find("pawl-worker-1"))).toMatchObject({ code: "CLOUD_DOWN" });
        expect(clock.slept).toHaveLength(tries - 1);
      }),
    );

    test("are not asked for elsewhere when the address sends us there", () =>
      using(async ({ provider, meet, asked }) => {
        const away = { status: 302, headers: { location: "https://evil.test/" }, body: {} };
        meet({ answer: away }, { times: 9 });
        expect(await faultOf(provider.find("pawl-worker-1"))).toMatchObject({
          code: "CLOUD_REFUSED",
          hint: expect.stringContaining("sends us elsewhere"),
        });
        expect(asked).toHaveLength(1);
      }));

    test("are not taken from an answer that is no list", () =>
      using(async ({ provider, meet }) => {
        meet({ answer: { status: 200, body: { hello: "world" } } });
        expect(await faultOf(provider.find("pawl-worker-1"))).toMatchObject({ code: "CLOUD_REFUSED" });
        meet({ answer: refusals.broken.answer.body ? { status: 404, body: {} } : { status: 404 } });
        expect(await faultOf(provider.ours())).toMatchObject({ code: "CLOUD_REFUSED" });
      }));

    test(
      "are spoken of without the token, whatever happens",
      () =>
        using(async ({ provider, impatient, unreachable, withToken, meet, secret }) => {
          const echo = (status: number): Trouble => ({
            answer: {
              status,
              body: { message: `Bearer ${secret}`, error: { message: `${secret}\u001b[2J` } },
            },
          });
          const troubles: Trouble[] = [
            ...[401, 403, 418, 422, 500].map(echo),
            ...kinds.map((kind) => ({ answer: refusals[kind].answer })),
            { cut: "before" },
            { cut: "after" },
            { silence: true },
            { doneButAnswered: { status: 200, body: secret } },
          ];
          using output = listening();
          const heard: unknown[] = [];
          const hear = async (call: () => Promise<unknown>) =>
            heard.push(await call().catch((error: unknown) => error));
          for (const trouble of troubles) {
            // Silence takes its time: two calls stand for all.
            const silent = [() => impatient.find("pawl-worker-1"), () => impatient.create(order())];
            for (const call of "silence" in trouble ? silent : callsOf(provider, order())) {
              meet(trouble, { times: 1 });
              await hear(call);
            }
          }
          for (const nobody of [unreachable, withToken(`${secret}x`)]) {
            for (const call of callsOf(nobody, order())) await hear(call);
          }
          const faults = heard.filter((error) => error instanceof Error);
          expect(faults.length).toBeGreaterThan(troubles.length * 3);
          expect(faults.filter((error) => !(error instanceof Fault))).toEqual([]);
          const all = { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null } as const;
          const texts = [
            inspect(heard, all),
            JSON.stringify(heard),
            JSON.stringify(faults.map(everything)),
            output.said.join(""),
          ];
          for (const said of texts) {
            expect(said).not.toContain(secret);
            expect(said).not.toContain(Buffer.from(secret).toString("base64").slice(0, -4));
            expect(said).not.toContain("\u001b");
          }
        }),
      60_000,
    );
  });
}

/** One call of each kind that is made to a provider. */
function callsOf(provider: ServerProvider, order: Order): (() => Promise<unknown>)[] {
  return [
    () => provider.account(),
    () => provider.offers(),
    () => provider.find("pawl-worker-1"),
    () => provider.get("412000001"),
    () => provider.ours(),
    () => provider.create(order),
    () => provider.destroy("412000001"),
    () => provider.findKey(key),
    () => provider.addKey("laptop", key),
    () => provider.removeKey("412000001"),
    () => provider.limitSsh(["198.51.100.7/32"]),
    () => provider.sshLimit(),
    () => provider.removeSshLimit(),
    () => provider.snapshots("412000001"),
    () => provider.snapshot("412000001", "before"),
  ];
}

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    (value) => new Error(`no fault, but ${inspect(value)}`),
    (caught: unknown) => caught,
  );
  if (error instanceof Fault) return error;
  throw error;
}

/** Hears what is printed, by any of the usual ways. */
function listening(): Disposable & { said: string[] } {
  const said: string[] = [];
  const hear = (...words: unknown[]) => (said.push(inspect(words)), true);
  const spies = [
    ...[process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockImplementation(hear)),
    ...(["log", "info", "warn", "error", "debug"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(hear),
    ),
  ];
  return { said, [Symbol.dispose]: () => spies.forEach((spy) => spy.mockRestore()) };
}

/** Also what JSON leaves out of an error. */
function everything(error: Error): object {
  const names = Object.getOwnPropertyNames(error) as (keyof Error)[];
  return Object.fromEntries(names.map((name) => [name, String(error[name])]));
}
