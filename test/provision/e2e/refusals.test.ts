import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { machinesBootHere } from "../../support/machine/here.ts";
import { plantedSecrets, Scene } from "./scene.ts";

/** What ends a run before anything was made; no machine is booted for it. */
describe.runIf(machinesBootHere())("provision-worker refuses", { tags: ["droplet", "slow"] }, () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  }, 300_000);
  afterAll(async () => {
    await scene?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    scene.digitalocean.account.servers.clear();
  });

  async function refusal(env: NodeJS.ProcessEnv = {}) {
    const before = scene.digitalocean.account.servers.size;
    const { status, stderr, stdout } = await scene.provision(["pawl-worker-1", "--yes"], { env });
    expect(status).not.toBe(0);
    expect(scene.digitalocean.account.servers.size).toBe(before);
    expect(scene.digitalocean.account.keys.size).toBe(0);
    expect(stdout + stderr).not.toMatch(/planted/);
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string; hint: string } };
    return error;
  }

  test("a token that the provider does not know, without showing it", async () => {
    const { code, hint } = await refusal({ DO_API_TOKEN: `${plantedSecrets.cloud}x` });
    expect(code).toBe("CLOUD_TOKEN");
    expect(hint).toMatch(/DO_API_TOKEN/);
  });

  test("to go without a token, and says which", async () => {
    const { code, message, hint } = await refusal({ DO_API_TOKEN: undefined });
    expect(code).toBe("CLOUD_TOKEN");
    expect(message + hint).toMatch(/DO_API_TOKEN/);
  });

  test("a token that GitHub does not know", async () => {
    expect((await refusal({ GITHUB_TOKEN: `${plantedSecrets.github}x` })).code).toBe("GH_TOKEN");
  });

  test("a repository that the token may not administer", async () => {
    scene.repository.administration = "none";
    scene.repository.isAdmin = false;
    try {
      expect((await refusal()).code).toBe("GH_NO_ADMIN");
    } finally {
      scene.repository.administration = "write";
      scene.repository.isAdmin = true;
    }
  });

  test("to choose among twins, and lists them", async () => {
    const twins = scene.digitalocean.account.addForeign("pawl-worker-1", 2, { tags: ["pawl-worker"] });
    const { code, message } = await refusal();
    expect(code).toBe("CLOUD_TWINS");
    for (const { id } of twins) expect(message).toContain(String(id));
  });

  test("to touch a server of that name without our tag, behind 24 others", async () => {
    scene.digitalocean.account.addForeign("somebody-elses", 24);
    scene.digitalocean.account.addForeign("pawl-worker-1");
    expect((await refusal()).code).toBe("CLOUD_FOREIGN");
  });

  test("an account that is full before it adds a key to it", async () => {
    scene.digitalocean.account.addForeign("somebody-elses", scene.digitalocean.account.serverLimit);
    expect((await refusal()).code).toBe("CLOUD_QUOTA");
  });

  test("nothing else: in all of that both sides kept to the providers' descriptions", () => {
    expect([...scene.digitalocean.complaints, ...scene.github.complaints]).toEqual([]);
  });
});
