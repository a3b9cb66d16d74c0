import { describe, expect, test } from "vitest";

import { mainOf } from "../../../src/cli/program.ts";
import { provisioned } from "../../provision/play.ts";
import { Desk } from "../../support/desk.ts";
import { ModelProvisioning } from "../../support/model-provisioning.ts";
import { aServer } from "../../support/seen.ts";

async function atDesk() {
  const desk = await Desk.sitDown({ config: "remote: git@github.com:you/coordination.git\nname: desk\n" });
  const model = new ModelProvisioning();
  desk.world.provisioning = async () => model.open();
  const type = async (...args: string[]) => {
    desk.screens.out.text = desk.screens.err.text = "";
    const code = await mainOf("provision-worker", args, desk.world);
    return { code, out: desk.screens.out.text, err: desk.screens.err.text };
  };
  return { model, type, [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose]() };
}

describe("provision-worker --ssh-from", () => {
  test("limits no other worker of the account before somebody has agreed", async () => {
    await using at = await atDesk();
    const { model, type } = at;
    await type("--plan", "--ssh-from", "192.0.2.0/24");
    const { cloud } = await provisioned(model.world!);
    const asked = ["--ssh-from", "198.51.100.0/24"];
    model.others = [aServer({ id: "7", name: "builder", ours: true })];
    expect((await type(...asked, "--plan")).out).toMatch(
      /it is 192\.0\.2\.0\/24, and it changes for builder too/,
    );
    const { code, err } = await type(...asked);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining("This run would let only 198.51.100.0/24 reach ssh on builder too"),
    });
    expect(cloud.sshLimit).toEqual(["192.0.2.0/24"]);
    expect((await type(...asked, "--yes")).code).toBe(0);
    expect(cloud.sshLimit).toEqual(["198.51.100.0/24"]);
    expect((await type(...asked)).code).toBe(0);
  });

  test("asks nobody where no other worker is", async () => {
    await using at = await atDesk();
    const { model, type } = at;
    await type("--plan", "--ssh-from", "192.0.2.0/24");
    const { cloud } = await provisioned(model.world!);
    expect((await type("--ssh-from", "198.51.100.0/24")).code).toBe(0);
    expect(cloud.sshLimit).toEqual(["198.51.100.0/24"]);
  });
});
