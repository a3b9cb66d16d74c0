import { afterAll, beforeAll, describe, expect, test } from "vitest";

import packageJson from "../../../package.json" with { type: "json" };
import { machinesBootHere } from "../../support/machine/here.ts";
import { secretsIn } from "./secrets.ts";
import { type Ended, Scene } from "./scene.ts";

const name = "pawl-worker-1";

const { version } = packageJson;
const all = ["--start", "--credential", "ANTHROPIC_API_KEY"];
const yes = ["--yes"];

/** One worker, from nothing to its end; each test goes on where the one before it ended. */
describe.runIf(machinesBootHere())("a worker of its own", { tags: ["droplet", "slow"] }, () => {
  let scene: Scene;
  const runs: Ended[] = [];
  const provision = async (...args: string[]) => {
    const ended = await scene.provision([name, ...args]);
    runs.push(ended);
    return ended;
  };

  async function runsATask(): Promise<void> {
    const { stdout, stderr } = await scene.pawl("submit", "Say how you are", "--json");
    expect(stderr).toBe("");
    const { id } = JSON.parse(stdout) as { id: string };
    await expect
      .poll(() => scene.inHub(`worker/RESULTS/${id}.md`), { timeout: 60_000, interval: 500 })
      .toMatch(/On Node v24\..*, with a key\./);
  }

  beforeAll(async () => {
    scene = await Scene.open();
  }, 300_000);
  afterAll(async () => {
    await scene?.[Symbol.asyncDispose]();
  });

  test("is planned without anything being made, with its price", async () => {
    const { status, events } = await provision("--plan");
    expect(status).toBe(2);
    expect(events.find((event) => event.event === "planned" && event.step === "cloud.server")).toMatchObject({
      price: { monthly: 12, hourly: 0.01786, currency: "USD" },
    });
    expect(scene.digitalocean.account.servers.size).toBe(0);
    expect(scene.repository.keys).toEqual([]);
  });

  test("is not ordered before somebody agreed to the price", async () => {
    const { status, stderr } = await provision();
    expect(status).toBe(2);
    expect(stderr).toContain("NOT_CONFIRMED");
    expect(stderr).toContain("$12");
    expect(scene.digitalocean.account.servers.size).toBe(0);
  });

  test("is made from nothing", async () => {
    const { status, stderr, events } = await provision(
      "--yes",
      "--start",
      "--credential",
      "ANTHROPIC_API_KEY",
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const done = stepsOf(events, "done");
    expect(done).toEqual(
      expect.arrayContaining(["cloud.server", "contact.host-key", "runtime.pawl", "service.started"]),
    );
    expect(scene.repository.keys).toHaveLength(1);
    expect(await scene.machine.exec("systemctl is-system-running --wait")).toBe("running");
  });

  test("runs a task from the hub", () => runsATask());

  test("is healthy, as worker-status says", async () => {
    const { status, stdout, stderr } = await scene.type("worker-status", [name]);
    expect({ status, stderr, stdout }).toEqual({
      status: 0,
      stderr: "",
      stdout: expect.stringMatching(/healthy/),
    });
  });

  test("is left as it is by a second run", async () => {
    const { status, events } = await provision("--yes", ...all);
    expect(status).toBe(0);
    expect(stepsOf(events, "done")).toEqual([]);
    expect(events.at(-1)).toMatchObject({ event: "ended", changed: 0 });
    expect((await provision("--plan", ...all)).status).toBe(0);
  });

  test("has repaired exactly what somebody changed by hand", async () => {
    await scene.machine.exec(`set -e
      echo '# by hand' >> /etc/systemd/system/openclaw-worker.service
      systemctl disable -q --now pawl-heartbeat.timer
      ufw --force disable`);
    const broken = ["hardening.firewall", "service.heartbeat", "service.units"];
    const planned = await provision("--plan", ...all);
    expect(planned.status).toBe(2);
    expect(stepsOf(planned.events, "planned").toSorted()).toEqual(broken);
    const { events } = await provision("--yes", ...all);
    expect(stepsOf(events, "done").toSorted()).toEqual(broken);
    expect((await provision("--plan", ...all)).status).toBe(0);
  });

  test("is taken to the versions of this release, and back", async () => {
    await pretendOlder(scene, version);
    expect((await provision("--plan", ...all)).status).toBe(0);
    const upgraded = await provision("--upgrade", ...yes);
    expect(upgraded.stderr).toBe("");
    expect(stepsOf(upgraded.events, "done")).toEqual(["upgrade.pawl", "upgrade.switched"]);
    expect(await scene.machine.exec("readlink /opt/pawl/current; systemctl is-active openclaw-worker")).toBe(
      `${version}\nactive`,
    );
    expect(stepsOf((await provision("--upgrade", ...yes)).events, "done")).toEqual([]);
    const back = await provision("--rollback", ...yes);
    expect(back.stderr).toBe("");
    expect(await scene.machine.exec("readlink /opt/pawl/current; systemctl is-active openclaw-worker")).toBe(
      "0.0.9\nactive",
    );
  });

  test("goes back by itself from a release that does not run", async () => {
    const broken = 'if (process.argv.includes("worker")) process.exit(9);';
    await scene.machine.exec(`sed -i --follow-symlinks '2i ${broken}' /opt/pawl/${version}/bin/pawl`);
    const failed = await provision("--upgrade", ...yes);
    expect(failed.status).not.toBe(0);
    expect(await scene.machine.exec("readlink /opt/pawl/current; systemctl is-active openclaw-worker")).toBe(
      "0.0.9\nactive",
    );
    await runsATask();
  });

  test("gets other keys, of which the old ones are gone", async () => {
    const [before] = scene.repository.keys;
    const hostKey = await scene.machine.hostKey();
    const { status, stderr } = await provision("--rotate", "keys", ...yes);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(scene.repository.keys).toHaveLength(1);
    expect(scene.repository.keys[0]?.key).not.toBe(before?.key);
    expect(await scene.machine.hostKey()).not.toBe(hostKey);
    await runsATask();
  });

  test("has told no secret to anybody", async () => {
    expect(await secretsIn(scene, runs)).toEqual([]);
  });

  test("is gone when it is destroyed, with its keys, and stays gone", async () => {
    const refused = await provision("--destroy");
    expect(refused.stderr).toContain("NOT_CONFIRMED");
    const { status, stderr } = await provision("--destroy", "--yes", name);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(scene.digitalocean.account.servers.size).toBe(0);
    expect(scene.repository.keys).toEqual([]);
    const again = await provision("--destroy", "--yes", name);
    expect(again.status).toBe(0);
    expect(stepsOf(again.events, "done")).toEqual([]);
  });

  test("was made and unmade as the providers' own descriptions have it", () => {
    expect([...scene.digitalocean.complaints, ...scene.github.complaints]).toEqual([]);
    expect(scene.digitalocean.account.broken).toEqual([]);
  });
});

/** Has the machine think that what it runs came with an earlier release. */
async function pretendOlder({ machine }: Scene, version: string): Promise<void> {
  await machine.exec(`set -e
    cd /opt/pawl
    systemctl stop openclaw-worker
    mv ${version} 0.0.9
    ln -sfn 0.0.9 current
    systemctl start openclaw-worker`);
}

function stepsOf(events: Ended["events"], kind: "done" | "planned"): string[] {
  return events.flatMap((event) => (event.event === kind ? [event.step] : []));
}
