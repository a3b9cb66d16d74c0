import { describe, expect, test } from "vitest";

import { machinesBootHere } from "../../support/machine/here.ts";
import { Scene } from "./scene.ts";

const args = ["pawl-worker-1", "--yes"];

describe.runIf(machinesBootHere())(
  "on a bad network, provision-worker",
  { tags: ["droplet", "slow"] },
  () => {
    test("waits for an sshd that comes late, and says what for", async () => {
      await using scene = await Scene.open({ sshDelaySeconds: 5 });
      const { events } = await scene.provision(args, {
        onEvent(event, kill) {
          if (event.event === "begun" && event.step === "contact.host-key") kill("SIGKILL");
        },
      });
      const waits = events.filter((event) => event.event === "waiting");
      expect(waits.map(({ obstacle }) => obstacle).join("\n")).toMatch(/refused/i);
      expect(events.at(-1)).toMatchObject({ event: "begun", step: "contact.host-key" });
    });

    test("tells of a cable that is pulled in a long step, and goes on when it is back", async () => {
      await using scene = await Scene.open();
      let pulled: Promise<void> | undefined;
      const cut = await scene.provision(args, {
        onEvent(event) {
          if (event.event === "begun" && event.step === "runtime.pawl") pulled ??= scene.machine.pullCable();
        },
      });
      await pulled;
      expect(cut.stderr).toMatch(/SSH_LOST|SSH_TIMEOUT/);
      expect(cut.status).not.toBe(0);
      await scene.machine.plugCable();
      const { status, stderr, events } = await scene.provision(args);
      expect(stderr).toBe("");
      expect(status).toBe(0);
      const done = events.flatMap((event) => (event.event === "done" ? [event.step] : []));
      expect(done).toContain("runtime.pawl");
      expect(done).not.toContain("runtime.node");
    });

    test("adopts a server whose order was not answered, and orders no second one", async () => {
      await using scene = await Scene.open();
      scene.digitalocean.meet(
        { doneButAnswered: { status: 502, body: "<html>Bad Gateway</html>" } },
        { operation: "POST /v2/droplets" },
      );
      const { events } = await scene.provision(args, {
        onEvent(event, kill) {
          if (event.event === "done" && event.step === "cloud.active") kill("SIGKILL");
        },
      });
      expect(events.at(-1)).toMatchObject({ event: "done", step: "cloud.active" });
      expect(scene.digitalocean.account.servers.size).toBe(1);
    });
  },
);
