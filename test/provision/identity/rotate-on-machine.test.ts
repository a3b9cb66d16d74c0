import { execFileSync } from "node:child_process";

import { expect, test } from "vitest";

import { places } from "../../../provision/places.ts";
import { manifest } from "../../../provision/scripts.ts";
import { openGitHost } from "../../support/machine/git-host.ts";
import { machinesBootHere } from "../../support/machine/here.ts";
import { Machine } from "../../support/machine/machine.ts";
import { openOutside } from "../../support/machine/outside.ts";
import { SteppedMachine } from "../files/stepped-machine.ts";

test.runIf(machinesBootHere())(
  "a worker on a real machine goes over to a new deploy key, once that has pushed",
  { tags: ["droplet", "slow"], timeout: 120_000 },
  async () => {
    await using outside = await openOutside();
    await using gitHost = await openGitHost(outside.address);
    const hub = await gitHost.create("o", "n");
    await using machine = await Machine.boot({ name: "rotate", authorizedKey: "none" });
    const on = new SteppedMachine(machine);
    const remote = gitHost.remote("o", "n");
    const proof = { remote, ref: "refs/worker/w/rotate-proof", tries: 1 };
    const comment = "pawl w";
    const knownHosts = { path: places.knownHosts, owner: "root:root", mode: "0644" };
    await on.step("user", {});
    await on.step("write-files", {}, manifest([{ ...knownHosts, text: gitHost.knownHostsLine }]));
    const first = (await on.step("deploy-key", { comment })).trim();
    await gitHost.admit(first);

    expect(await on.refusal("deploy-key-prove", proof)).toMatchObject({ code: "STEP_FAILED" });
    const next = (await on.step("deploy-key-next", { comment })).trim();
    expect(await on.step("deploy-key-next", { comment })).toBe(`${next}\n`);
    expect(await on.probe({ remote })).toMatchObject({
      deployKey: { publicKey: first },
      nextDeployKey: { publicKey: next, isProven: false },
    });
    // Not even by the old key, which lies beside it.
    expect(await on.refusal("deploy-key-prove", proof)).toMatchObject({
      code: "CLONE_DENIED",
      message: expect.stringContaining(next.split(" ")[1] ?? "a key"),
    });
    expect(await on.refusal("deploy-key-switch", {})).toMatchObject({ code: "STEP_FAILED" });

    await gitHost.admit(next);
    await on.step("deploy-key-prove", proof);
    expect((await on.probe()).nextDeployKey).toEqual({ publicKey: next, isProven: true });
    await on.step("deploy-key-switch", {});
    const after = await on.probe({ remote });
    expect(after.deployKey?.publicKey).toBe(next);
    expect(after.nextDeployKey).toBeUndefined();
    expect(after.repository).toHaveProperty("head");
    expect(execFileSync("git", ["--git-dir", hub, "for-each-ref", "refs/worker"]).toString()).toBe("");
    const left = await machine.exec(
      `find ${places.home} -type f -printf '%m %u %P\\n' | sort; ls /tmp | grep -v systemd || true`,
    );
    expect(left.split("\n").filter((line) => line !== "")).toEqual([
      "600 pawl keys/deploy",
      "644 pawl keys/deploy.pub",
    ]);
  },
);
