import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { machinesBootHere } from "../../support/machine/here.ts";
import { Scene } from "./scene.ts";

const args = ["pawl-worker-1", "--yes", "--start", "--credential", "ANTHROPIC_API_KEY"];

describe.runIf(machinesBootHere())("provision-worker that is killed", { tags: ["droplet", "slow"] }, () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  }, 300_000);
  afterAll(async () => {
    await scene?.[Symbol.asyncDispose]();
  });

  test("in each step and after each step is finished by the runs that follow, with nothing made twice", async () => {
    const begun = new Set<string>();
    const done: string[] = [];
    for (let runs = 0; ; runs++) {
      expect(runs).toBeLessThan(100);
      const { signal, status, stderr } = await scene.provision(args, {
        onEvent(event, kill) {
          if (event.event === "begun" && !begun.has(event.step)) {
            begun.add(event.step);
            kill("SIGKILL");
          } else if (event.event === "done") {
            done.push(event.step);
            kill("SIGKILL");
          }
        },
      });
      if (signal === "SIGKILL") continue;
      expect(stderr).toBe("");
      expect(status).toBe(0);
      break;
    }
    expect(begun.size).toBeGreaterThan(12);
    expect(new Set(done).size).toBe(done.length);
    expect(scene.digitalocean.account.servers.size).toBe(1);
    expect(scene.digitalocean.account.keys.size).toBe(1);
    expect(scene.repository.keys).toHaveLength(1);
    expect(scene.digitalocean.complaints).toEqual([]);
    expect((await scene.provision([...args, "--plan"])).status).toBe(0);
  });
});
