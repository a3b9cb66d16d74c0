import { describe, expect, test } from "vitest";

import { ownedFiles } from "../../provision/owned-files.ts";
import { places } from "../../provision/places.ts";
import type { Wanted } from "../../provision/wanted.ts";
import type { ModelMachine } from "./model-machine.ts";
import { ModelWorld } from "./model-world.ts";
import { play, provisioned } from "./play.ts";
import { wantedInCloud, wantedOnHost } from "./wanted.ts";

const step = "hardening.sshd";

function onHost(user: string): Wanted {
  return wantedOnHost({ target: { kind: "host", user, address: "198.51.100.7", port: 22 } });
}

function newBox(user = "root"): { world: ModelWorld; state: ModelMachine["state"] } {
  const world = new ModelWorld(onHost(user));
  if (!world.machine) throw new Error("there is no machine");
  return { world, state: world.machine.state };
}

function textFor(wanted: Wanted, state: ModelMachine["state"]): string | undefined {
  return ownedFiles("sshd", wanted, { machine: state })[0]?.text;
}

describe("ssh with keys only", () => {
  test("never lets in root where the machine's owner has said no, or another user does for us", async () => {
    for (const [user, before] of [
      ["root", "no"],
      ["ada", "yes"],
      ["ada", "no"],
    ] as const) {
      const { world, state } = newBox(user);
      state.sshd["permitrootlogin"] = before;
      await provisioned(world);
      expect(state.sshd).toMatchObject({ passwordauthentication: "no", permitrootlogin: before });
      expect(textFor(world.wanted, state)).not.toContain("PermitRootLogin");
      expect((await play(world)).applied?.changed).toEqual([]);
    }
    const { world, state } = newBox();
    await provisioned(world);
    expect(state.sshd["permitrootlogin"]).toBe("without-password");
    expect((await play(world)).applied?.changed).toEqual([]);
  });

  test("leaves somebody's own machine as it is while that would lock out who has a password and no key", async () => {
    const { world, state } = newBox();
    state.passwordOnly = ["root", "ada"];
    state.sshd["permitrootlogin"] = "prohibit-password";
    const { told, error } = await play(world);
    expect(error).toBeUndefined();
    expect(state.files[places.sshd]).toBeUndefined();
    expect(told).toContainEqual(
      expect.objectContaining({
        event: "right",
        step,
        note: "not so, it was left as it is: ada could not get in any more, with a password and no key",
      }),
    );
    state.passwordOnly = [];
    expect((await play(world)).applied?.changed).toEqual([step]);
  });

  test("locks nobody out who could not get in by a password before", async () => {
    const { world, state } = newBox();
    state.passwordOnly = ["ada"];
    state.sshd["passwordauthentication"] = "no";
    await provisioned(world);
    expect(state.files[places.sshd]).toBeDefined();
  });

  test("is not tried in vain where sshd goes by another file: on somebody's own machine that is said", async () => {
    const { world, state } = newBox();
    await provisioned(world);
    state.sshd["passwordauthentication"] = "yes";
    const { told, applied } = await play(world);
    expect(applied?.changed).toEqual([]);
    expect(told).toContainEqual(
      expect.objectContaining({
        step,
        note: expect.stringContaining("sshd goes by passwordauthentication yes") as string,
      }),
    );
  });

  test("is for a person to mend where a server of ours goes by another file", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    if (world.machine) world.machine.state.sshd["passwordauthentication"] = "yes";
    expect((await play(world)).error).toMatchObject({
      code: "STEP_FAILED",
      message: expect.stringContaining("passwordauthentication yes") as string,
    });
  });
});

test("somebody's own machine keeps its journal, and boots when its owner says", async () => {
  const { world, state } = newBox();
  await provisioned(world);
  expect(state.files[places.journald]).toBeUndefined();
  expect(ownedFiles("upgrades", world.wanted, {})[0]?.text).not.toContain("Reboot");
  expect(ownedFiles("upgrades", wantedInCloud(), {})[0]?.text).toContain('Automatic-Reboot "false"');
});
