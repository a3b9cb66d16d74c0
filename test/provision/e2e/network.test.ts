import { describe, expect, test } from "vitest";

import { machinesBootHere } from "../../support/machine/here.ts";
import { Scene } from "./scene.ts";

const args = ["pawl-worker-1", "--yes"];

describe.runIf(machinesBootHere())(
  "on a bad network, provision-worker",
  { tags: ["droplet", "slow"] },
  () => {
    test("waits for an sshd that comes late, and says what for", async () => {
      await using scene = await Scene.open({ machine: { sshDelaySeconds: 5 } });
      const { events } = await scene.provision(args, {
        onEvent(event, kill) {
          if (event.event === "begun" && event.step === "contact.host-key") kill("SIGKILL");
        },
      });
      const waits = events.filter((event) => event.event === "waiting");
      expect(waits.map(({ obstacle }) => obstacle).join("\n")).toMatch(/refused/i);
      expect(events).toContainEqual(expect.objectContaining({ event: "begun", step: "contact.host-key" }));
    });

    test("tells of a cable that is pulled in a long step, and goes on with that step when it is back", async () => {
      // It lasts until it is told to end, and counts how often it was begun.
      const openclawInstalls = "echo begun >> /run/installs; until [ -e /run/may-end ]; do sleep 0.2; done";
      await using scene = await Scene.open({ openclawInstalls });
      let pulled: Promise<void> | undefined;
      let plugged: Promise<void> | undefined;
      const { events } = await scene.provision(args, {
        onEvent(event, kill) {
          if (event.event === "waiting" && pulled) plugged ??= plugAndEnd(scene);
          if (!("step" in event) || event.step !== "runtime.openclaw") return;
          if (event.event === "begun") pulled ??= pullOnceItRuns(scene);
          if (event.event === "done") kill("SIGKILL");
        },
      });
      await Promise.all([pulled, plugged]);
      expect(events).toContainEqual(
        expect.objectContaining({
          event: "waiting",
          step: "runtime.openclaw",
          what: "the connection is back",
        }),
      );
      expect(events).toContainEqual(expect.objectContaining({ event: "done", step: "runtime.openclaw" }));
      expect(await scene.machine.exec("cat /run/installs")).toBe("begun");
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
      expect(events).toContainEqual(expect.objectContaining({ event: "done", step: "cloud.active" }));
      expect(scene.digitalocean.account.servers.size).toBe(1);
    });
  },
);

async function pullOnceItRuns({ machine }: Scene): Promise<void> {
  await machine.exec("until [ -e /run/installs ]; do sleep 0.1; done");
  await machine.pullCable();
}

async function plugAndEnd({ machine }: Scene): Promise<void> {
  await machine.plugCable();
  await machine.exec("touch /run/may-end");
}
