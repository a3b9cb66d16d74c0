import { describe, expect, test } from "vitest";

import type { NodeName } from "../../../src/core/ids.ts";
import { parseQueue } from "../../../src/format/queue.ts";
import { Fault } from "../../../src/fault.ts";
import { queueText } from "../../support/ledgers.ts";
import { aBeat, aReport } from "../../support/seen.ts";
import { ada, adasTask, adasToken, anId } from "../../support/tasks.ts";
import { aResultOfWorker, wellWorker } from "../../support/well-worker.ts";

const worker = "pawl-worker-1" as NodeName;

async function atDesk(about?: Parameters<typeof wellWorker>[0]) {
  const at = await wellWorker(about);
  const json = async (...args: string[]) => {
    const { out, code } = await at.type(...args, "--json");
    const { health, workers } = JSON.parse(out) as { health: string; workers: Worker[] };
    return { code, health, workers, first: workers[0]! };
  };
  return { ...at, json, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() };
}

type Worker = {
  name: string;
  health: string;
  reasons: { about: string; says: string; next?: string }[];
  servers: Record<string, unknown>;
  machine: Record<string, unknown>;
  hub: { beat: { freshness: string; age: Record<string, unknown> } | null } & Record<string, unknown>;
  drift: string[];
};

describe("worker-status", () => {
  test("shows a healthy worker, with all that is known of it", async () => {
    await using at = await atDesk();
    at.desk.end(aResultOfWorker(), at.desk.file("worker/QUEUE.md"));
    const { code, out } = await at.type();
    expect(out).toMatch(/^pawl-worker-1 {2}healthy\n\n/);
    expect(out).toMatch(/server +active {2}nyc3 s-1vcpu-2gb {2}203\.0\.113\.9 {2}\$12\/month/);
    expect(out).toMatch(/beat +ok {2}40s by the worker's own clock {2}busy, 1 slot, pawl 0\.1\.0/);
    expect(out).toMatch(/queue +1 running/);
    expect(out).toMatch(/runs +T-\S+ {2}attempt 2 {2}12m {2}Compare the offers {2}half way/);
    expect(out).toMatch(/tasks +·{13}█ {2}1 in 14 days/);
    expect(out).toMatch(/T-20261121-00002 +succeeded +\S+ \S+ +Read the news/);
    expect(code).toBe(0);
  });

  test("names each part for a program", async () => {
    await using at = await atDesk();
    const { health, code, first } = await at.json();
    expect({ health, code }).toEqual({ health: "healthy", code: 0 });
    expect(first).toMatchObject({
      name: worker,
      health: "healthy",
      reasons: [],
      servers: { asked: "seen", servers: [{ name: worker, state: "active" }] },
      machine: {
        asked: "seen",
        hostKey: "SHA256:own",
        clock: "2026-11-21T10:00:30.000Z",
        versions: { node: { current: expect.any(String) }, pawl: { current: "0.1.0", pinned: "0.1.0" } },
        worker: { active: "active" },
      },
      hub: {
        asked: "seen",
        beat: { freshness: "ok", age: { by: "worker", seconds: 40 } },
        queue: { running: 1 },
        running: [{ task: anId(), attempt: 2, seconds: 720, progress: "half way" }],
      },
      drift: [],
    });
  });

  test("is degraded by what differs, and says which command repairs it", async () => {
    await using at = await atDesk();
    at.model.world!.machine!.state.firewall = "inactive";
    at.model.world!.machine!.state.swapMb = 0;
    const { code, out } = await at.type();
    expect(out).toMatch(
      /^pawl-worker-1 {2}degraded\n {2}! 2 steps differ: 2 GB of swap.*; .*\n {6}provision-worker pawl-worker-1 --plan\n/,
    );
    expect(code).toBe(1);
  });

  test.each([
    ["fewer keys of the repository's host", ["github.com ecdsa AAAAE2Hub"]],
    ["none", []],
  ])("is not degraded because this machine knows %s", async (_, lines) => {
    await using at = await atDesk();
    at.model.knownHosts = lines;
    expect(await at.json()).toMatchObject({ health: "healthy", first: { drift: [] } });
    at.model.hasRepoHost = false;
    expect(await at.json()).toMatchObject({ health: "healthy", first: { drift: [] } });
  });

  test("is dead when its service has failed, wherever else it is well", async () => {
    await using at = await atDesk();
    at.model.world!.machine!.state.units["openclaw-worker.service"]!.active = "failed";
    expect(await at.json()).toMatchObject({ code: 2, health: "dead" });
  });

  test("tells what a machine that cannot be reached has told the hub of itself", async () => {
    await using at = await atDesk();
    at.desk.reports.set(worker, aReport());
    expect((await at.json()).first).toMatchObject({ report: null });
    at.model.cutOff = new Fault("SSH_TIMEOUT", "203.0.113.9 does not answer", { hint: "-" });
    expect(await at.json()).toMatchObject({ code: 2, first: { report: { service: { active: "failed" } } } });
    expect((await at.type()).out).toMatch(/report +2026-11-21T09:55:00Z by its own clock {2}service failed/);
  });

  test("says what it can when the machine cannot be reached, and judges beats by what it saw before", async () => {
    await using at = await atDesk();
    at.model.cutOff = new Fault("SSH_TIMEOUT", "203.0.113.9 does not answer", { hint: "-" });
    const first = await at.json();
    expect(first).toMatchObject({
      code: 1,
      first: { machine: { asked: "unreachable", code: "SSH_TIMEOUT" } },
    });
    expect(first.first.hub.beat).toMatchObject({
      freshness: "unknown",
      age: { by: "looker", atLeastSeconds: 0 },
    });
    await at.desk.clock.advance(60_000);
    at.desk.beat({ ...aBeat(), count: 8 });
    expect((await at.json()).first.hub.beat).toMatchObject({ freshness: "ok", age: { atMostSeconds: 60 } });
    await at.desk.clock.advance(15 * 60_000);
    const last = await at.json();
    expect(last.code).toBe(2);
    expect(last.first.hub.beat).toMatchObject({ freshness: "dead", age: { atLeastSeconds: 900 } });
  });

  test("asks nobody without a token, and says so", async () => {
    await using at = await atDesk();
    at.model.hasToken = false;
    const { code, out } = await at.type();
    expect(out).toMatch(/server +There is no token/);
    expect(code).toBe(0);
  });

  test("says of a worker that nobody made that there is none, and makes it no key", async () => {
    await using at = await atDesk({ isMade: false });
    const { code, out } = await at.type("builder-2");
    expect(out).toMatch(
      /^builder-2 {2}dead\n {2}! there is no server named builder-2\n {6}provision-worker builder-2\n/,
    );
    expect(code).toBe(2);
  });

  test("goes without a hub where nothing is configured", async () => {
    await using at = await atDesk();
    at.desk.world.around = { ...at.desk.world.around, cwd: "/", home: "/nowhere" };
    const { first } = await at.json();
    expect(first.hub).toMatchObject({
      asked: "not-asked",
      why: expect.stringContaining("Nothing says where"),
    });
    expect(first.servers).toMatchObject({ asked: "seen" });
  });

  test("counts everybody's tasks, and shows its own", async () => {
    await using at = await atDesk();
    const own = parseQueue(at.desk.file("worker/QUEUE.md") ?? "").tasks.map(({ task }) => task);
    const adas = aResultOfWorker({ id: anId(3), lease: { by: ada, token: adasToken } });
    at.desk.end(adas, queueText([...own, adasTask({ id: anId(4) })]));
    const { hub } = (await at.json()).first;
    expect(hub).toMatchObject({ queue: { running: 2 }, running: [{ task: anId() }], results: [] });
  });

  test("lists all workers that anybody knows of, the worst of them deciding", async () => {
    await using at = await atDesk();
    at.desk.beat({ ...aBeat(), worker: "elder" as NodeName });
    const { code, out } = await at.type("--all");
    expect(out).toMatch(/^NAME +HEALTH +SERVER +BEAT +RUNS +TASKS A DAY +WHY\n/);
    expect(out).toMatch(/\nelder +dead +- +.*there is no server named elder\n/);
    expect(out).toMatch(/\npawl-worker-1 +healthy +active +ok 40s +1 /);
    expect(code).toBe(2);
  });

  test("says of a server that its provider does not have any more that there is none, and tries no old address", async () => {
    await using at = await atDesk();
    at.model.world!.cloud.servers = [];
    at.model.cutOff = new Fault("HOST_KEY_CHANGED", "203.0.113.9 has another key", { hint: "-" });
    const { code, first } = await at.json();
    expect(first).toMatchObject({ health: "dead", machine: { asked: "not-asked" } });
    expect(first.reasons[0]?.says).toBe(`there is no server named ${worker}`);
    expect(code).toBe(2);
  });

  test("tries the address that it knows when only another provider can be asked", async () => {
    await using at = await atDesk();
    const { target, world } = at.model;
    if (target?.kind === "cloud") at.model.target = { ...target, provider: "hetzner" };
    world!.cloud.servers = [];
    expect((await at.json()).first).toMatchObject({ machine: { asked: "seen" }, health: "healthy" });
  });

  test("does not call it healthy when nobody is known and not everybody could be asked", async () => {
    await using at = await atDesk({ isMade: false });
    at.desk.world.openLedger = () =>
      Promise.reject(new Fault("REMOTE_UNAVAILABLE", "the hub does not answer", { hint: "-" }));
    const { out, code } = await at.type("--all");
    expect(out).toBe(
      "No worker is known here, and not everybody could be asked.\n! There may be more: the hub does not answer\n",
    );
    expect(code).toBe(1);
    expect(await at.json("--all")).toMatchObject({ health: "degraded", workers: [] });
  });

  test("looks again and again until it is told to stop, and ends as the last look did", async () => {
    await using at = await atDesk();
    const shown = async (times: number) => {
      while ((at.desk.screens.out.text.match(/^pawl-worker-1 /gm) ?? []).length < times) {
        await new Promise(setImmediate);
      }
      await at.desk.clock.untilSomeoneSleeps();
    };
    const watching = at.type("--watch");
    await shown(1);
    await at.desk.clock.advance(10_000);
    await shown(2);
    at.model.world!.machine!.state.units["openclaw-worker.service"]!.active = "failed";
    await at.desk.clock.advance(10_000);
    await shown(3);
    at.desk.signals.get("SIGINT")?.();
    const { code, out } = await watching;
    expect(out.match(/^pawl-worker-1 {2}\w+/gm)).toEqual([
      "pawl-worker-1  healthy",
      "pawl-worker-1  healthy",
      "pawl-worker-1  dead",
    ]);
    expect(code).toBe(2);
  });

  test("refuses a name that is none", async () => {
    await using at = await atDesk();
    expect(await at.type("$(reboot)")).toMatchObject({
      code: 2,
      err: expect.stringContaining("is no name of a worker"),
    });
  });
});
