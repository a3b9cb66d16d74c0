import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { machinesBootHere } from "../../support/machine/here.ts";
import { Machine } from "../../support/machine/machine.ts";
import { type Ended, Scene } from "./scene.ts";

/** A machine of one's own, with little on it and its package manager busy; a repository whose host nobody may ask. */
describe.runIf(machinesBootHere())("a box at home", { tags: ["droplet", "slow"] }, () => {
  let scene: Scene;
  let box: Machine;
  const withoutToken = { env: { GITHUB_TOKEN: undefined } };
  const provision = (...args: string[]): Promise<Ended> =>
    scene.provision(["box", "--host", `root@${box.address}`, ...args], withoutToken);

  beforeAll(async () => {
    scene = await Scene.open();
    const home = join(scene.folder, "home");
    box = await Machine.boot({
      name: "box",
      authorizedKey: await readFile(join(home, ".ssh", "id_ed25519.pub"), "utf8"),
      bare: true,
      holdAptLockSeconds: 20,
      aptProxy: scene.outside.aptProxy,
    });
  }, 300_000);
  afterAll(async () => {
    await box?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  });

  test("is not entered while nobody said which host key it has", async () => {
    const { status, stderr } = await provision();
    expect(status).not.toBe(0);
    expect(stderr).toContain("HOST_KEY_UNKNOWN");
    expect(stderr).toContain(await box.hostKey());
  });

  test("waits for its package manager, and goes on until a person has to register its key", async () => {
    const { status, events, stderr } = await provision("--host-key", await box.hostKey());
    expect(status).not.toBe(0);
    const lines = events.flatMap((event) => (event.event === "output" ? [event.line] : []));
    expect(lines.join("\n")).toMatch(/unattended-upgr|lock/);
    expect(stepsDone(events)).toContain("system.packages");
    const publicKey = await box.exec("cat /var/lib/pawl/keys/deploy.pub");
    expect(stderr).toContain(publicKey.split(" ")[1]);
  });

  test("is done once that person has", async () => {
    await scene.gitHost.admit(await box.exec("cat /var/lib/pawl/keys/deploy.pub"));
    const { status, stderr } = await provision("--start");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(await box.exec("systemctl is-active openclaw-worker")).toBe("active");
    const again = await provision("--start");
    expect(again.events.at(-1)).toMatchObject({ event: "ended", changed: 0 });
  });

  test("is refused when it shows another host key, with both, until somebody says that this is right", async () => {
    const before = await box.hostKey();
    const after = await box.rekey();
    const refused = await provision("--start");
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain("HOST_KEY_CHANGED");
    expect(refused.stderr).toContain(before);
    expect(refused.stderr).toContain(after);
    expect((await provision("--start", "--accept-new-host-key")).status).toBe(0);
    expect((await provision("--start", "--plan")).status).toBe(0);
  });

  test("has lost all of ours when it is removed, and is otherwise as it was", async () => {
    const { status, stderr } = await provision("--destroy", "--yes", "box");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(await box.exec("ls /opt /etc/systemd/system; command -v git")).not.toMatch(/pawl|node|openclaw/);
    expect((await provision("--destroy", "--yes", "box")).status).toBe(0);
  });
});

function stepsDone(events: Ended["events"]): string[] {
  return events.flatMap((event) => (event.event === "done" ? [event.step] : []));
}
