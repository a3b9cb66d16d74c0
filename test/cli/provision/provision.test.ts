import { describe, expect, test } from "vitest";

import { NodeName } from "../../../src/core/ids.ts";
import { mainOf } from "../../../src/cli/program.ts";
import type { Progress } from "../../../provision/progress.ts";
import { provisioned } from "../../provision/play.ts";
import { aBeat } from "../../support/beats.ts";
import { Desk } from "../../support/desk.ts";
import { aServer } from "../../support/seen.ts";
import { ModelProvisioning } from "../../support/model-provisioning.ts";

const config = "remote: git@github.com:you/coordination.git\nname: desk\n";

async function atDesk() {
  const desk = await Desk.sitDown({ config });
  const model = new ModelProvisioning();
  desk.world.provisioning = async () => model.open();
  const type = async (...args: string[]) => {
    desk.screens.out.text = desk.screens.err.text = "";
    const code = await mainOf("provision-worker", args, desk.world);
    return { code, out: desk.screens.out.text, err: desk.screens.err.text };
  };
  const events = async (...args: string[]) => {
    const said = await type(...args, "--json");
    const told = said.out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Progress);
    return { ...said, told };
  };
  return { desk, model, type, events, [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose]() };
}

describe("provision-worker --plan", () => {
  test("shows what would be done and what it would cost, and does nothing", async () => {
    await using at = await atDesk();
    const { code, out } = await at.type("--plan");
    expect(code).toBe(2);
    expect(out).toMatch(/ {2}ok cloud\.account +the account at DigitalOcean may have this server\n/);
    expect(out).toMatch(/plan cloud\.server +server pawl-worker-1 .* {2}\$12\/month \(\$0\.01786\/h\)\n/);
    expect(out).toMatch(/\d+ of \d+ are to be done\. Nothing was changed\.\n$/);
    expect(at.model.world?.cloud.servers).toEqual([]);
  });

  test("says that nothing is to be done, and ends with 0", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    await provisioned(at.model.world!);
    const { code, out } = await at.type("--plan");
    expect(out).not.toMatch(/^plan/m);
    expect(out).toMatch(/\nNothing is to be done\.\n$/);
    expect(code).toBe(0);
  });

  test("names exactly what was changed by hand", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    const { machine } = await provisioned(at.model.world!);
    machine!.state.firewall = "inactive";
    machine!.state.swapMb = 0;
    const { code, told } = await at.events("--plan");
    expect(told.flatMap((one) => (one.event === "planned" ? [one.step] : []))).toEqual([
      "system.swap",
      "hardening.firewall",
    ]);
    expect(code).toBe(2);
  });

  test("of one step alone, or says which was meant", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    await provisioned(at.model.world!);
    expect((await at.type("--plan", "--only", "system.swap")).out.split("\n")[0]).toMatch(/ok system\.swap/);
    const { code, err } = await at.type("--plan", "--only", "system.swop");
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('There is no step "system.swop"; did you mean system.swap?'),
    });
  });
});

describe("provision-worker --destroy", () => {
  test("says what would go and what stays", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    await provisioned(at.model.world!);
    const { code, out } = await at.type("--destroy", "--plan");
    expect(out).toMatch(/plan destroy\.server +server pawl-worker-1 \(\S+, s-1vcpu-2gb in nyc3, \$12\/month/);
    expect(out).toContain("stays: the ssh key in the account: it is your own");
    expect(code).toBe(2);
  });

  test("destroys nothing of which nobody has repeated the name", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    await provisioned(at.model.world!);
    at.model.world!.calls = [];
    const { code, err } = await at.type("--destroy", "--yes");
    expect(code).toBe(2);
    expect(err).toMatch(
      /pawl-worker-1 was not destroyed: nobody has repeated its name\n.*--destroy --yes pawl-worker-1/,
    );
    expect(at.model.done).toEqual([]);
    at.desk.world.input = { ...at.desk.world.input, isTerminal: true, line: async () => "pawl-worker-2" };
    expect(await at.type("--destroy")).toMatchObject({ code: 2 });
    expect(at.model.done).toEqual([]);
  });

  test.each([["typed"], ["said beforehand"]])("destroys what the name was %s of", async (how) => {
    await using at = await atDesk();
    await at.type("--plan");
    await provisioned(at.model.world!);
    at.desk.world.input = { ...at.desk.world.input, isTerminal: true, line: async () => "pawl-worker-1" };
    const { code, out } = await at.type("--destroy", ...(how === "typed" ? [] : ["--yes", "pawl-worker-1"]));
    expect(code).toBe(0);
    expect(out).toMatch(/\npawl-worker-1 is gone\.\n$/);
    expect(at.model.done).toEqual(["remove key 2", "destroy server-1", "forget"]);
  });

  test("cuts off no worker whose machine it does not find, and does not call it gone", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    const { cloud } = await provisioned(at.model.world!);
    cloud.servers = [];
    const worker = NodeName.parse("pawl-worker-1");
    at.desk.beat(aBeat({ worker, host: "attic", at: at.desk.world.clock.now().toISOString() }));
    const destroy = ["--destroy", "--yes", "pawl-worker-1"];
    expect(await at.type(...destroy)).toMatchObject({
      code: 75,
      out: expect.stringContaining("another account") as string,
      err: expect.stringContaining("A worker beats as pawl-worker-1, on the host attic") as string,
    });
    expect(at.model.done).toEqual([]);
    at.desk.beat(aBeat({ worker, count: 2, state: "stopped" }));
    expect((await at.type(...destroy)).out).toMatch(/\nWhat was left of pawl-worker-1 is gone; no machine/);
    expect(at.model.done).toEqual(["remove key 2", "forget"]);
  });

  test("finds nothing to destroy the second time", async () => {
    await using at = await atDesk();
    const { code, out } = await at.type("--destroy", "--yes", "pawl-worker-1");
    expect({ code, out }).toEqual({ code: 0, out: "Nothing of pawl-worker-1 is left to destroy.\n" });
  });
});

describe("provision-worker --baseline-snapshot", () => {
  test("takes one of the named server first, and one a day", async () => {
    await using at = await atDesk();
    at.model.others = [aServer({ id: "7", name: "main", ours: false })];
    await at.type("--baseline-snapshot", "main", "--yes", "--plan");
    expect(at.model.done).toEqual([]);
    await provisioned(at.model.world!);
    expect((await at.type("--baseline-snapshot", "main", "--yes")).code).toBe(0);
    expect(at.model.done).toEqual(["snapshot 7 main-before-pawl-worker-1-2026-11-21"]);
    const { out } = await at.type("--baseline-snapshot", "main");
    expect(out).toMatch(/^ {2}ok baseline\.snapshot/);
    expect(at.model.done).toHaveLength(1);
  });

  test.each([
    [["--baseline-snapshot", "main"], "Nobody has agreed to a snapshot of main"],
    [["--baseline-snapshot", "other"], 'No server is named "other"'],
    [["--baseline-snapshot", "main", "--host", "box"], "--baseline-snapshot does not go with --host"],
  ])("%j: %s", async (args, says) => {
    await using at = await atDesk();
    at.model.others = [aServer({ id: "7", name: "main", ours: false })];
    expect((await at.type(...args)).err).toContain(says);
    expect(at.model.done).toEqual([]);
  });
});

describe("provision-worker", () => {
  test("orders nothing that nobody has agreed to", async () => {
    await using at = await atDesk();
    const { code, err } = await at.type();
    expect(code).toBe(2);
    expect(err).toBe(
      "The server pawl-worker-1 would cost $12 a month, until it is destroyed, and nobody has agreed\n" +
        "Nothing was ordered. --yes agrees beforehand; --plan shows all that would be done. [NOT_CONFIRMED]\n",
    );
    expect(at.model.world?.calls).not.toContain("create-server");
  });

  test.each([
    ["n", 2],
    ["y", 70],
  ])("asks on a terminal before it orders; %s", async (key, code) => {
    await using at = await atDesk();
    at.desk.world.input = {
      ...at.desk.world.input,
      isTerminal: true,
      keys: (pressed) => {
        queueMicrotask(() => pressed(key));
        return { [Symbol.dispose]() {} };
      },
    };
    const said = await at.type();
    expect(said.err).toContain(
      "Order the server pawl-worker-1 for $12 a month, until it is destroyed? [y/N]",
    );
    // The model's provider orders nothing, so whoever goes on meets a bug.
    expect(said.code).toBe(code);
  });

  test("shows the price to whoever has agreed to it beforehand too", async () => {
    await using at = await atDesk();
    const { out } = await at.type("--yes");
    expect(out).toMatch(/^plan cloud\.server .*\$12\/month \(\$0\.01786\/h\)\n/m);
    expect(out).not.toMatch(/^plan system/m);
  });

  test("changes nothing the second time, and says what exists, costs and comes next", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    await provisioned(at.model.world!);
    const { code, out, err } = await at.type();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(
      /\n0 changed, \d+ already right, 0\.0 s\n\nThe server pawl-worker-1 \(nyc3, s-1vcpu-2gb\) at 203\.0\.113\.9 costs \$12\/month \(\$0\.01786\/h\) until it is removed\.\n/,
    );
    expect(out).toContain("provision-worker pawl-worker-1 --start");
    expect(out).toMatch(/Remove: {2}provision-worker pawl-worker-1 --provider digitalocean --destroy\n$/);
    expect(at.model.world?.calls).toEqual(["look machine"]);
  });

  test("tells a program each event, and a fault on standard error", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    await provisioned(at.model.world!);
    const { code, told } = await at.events();
    expect(code).toBe(0);
    expect(told.at(-1)).toMatchObject({ event: "ended", changed: 0 });
    at.model.world!.repository.mayAdminister = false;
    at.model.world!.repository.deployKeys = [];
    const refused = await at.events();
    expect(refused.code).toBe(5);
    expect(refused.told).toContainEqual(
      expect.objectContaining({ event: "failed", step: "identity.rights", code: "GH_NO_ADMIN" }),
    );
    expect(JSON.parse(refused.err)).toMatchObject({ error: { code: "GH_NO_ADMIN" } });
  });

  test("refuses a repository that no worker reaches", async () => {
    await using at = await atDesk();
    const { code, err } = await at.type("--repo", "/srv/hub.git");
    expect(code).toBe(3);
    expect(err).toContain("a folder of this machine, which a worker elsewhere does not reach");
  });

  test("sends a credential to the machine over standard input, and shows nobody its value", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    await provisioned(at.model.world!);
    at.desk.world.around.env = { ...at.desk.world.around.env, OPENAI_API_KEY: "sk-not-to-be-seen" };
    const { out, err } = await at.events("--credential", "OPENAI_API_KEY");
    const [sent] = at.model.sent;
    const value = Buffer.from("sk-not-to-be-seen").toString("base64");
    expect(sent!.input).toContain(`0600 root:root /etc/pawl/credentials/OPENAI_API_KEY ${value}\n`);
    expect(`${sent!.script}${out}${err}`).not.toContain("sk-not-to-be-seen");
  });

  test.each([
    [["--credential", "AWS_KEY"], "No executor of the worker gets the variable AWS_KEY"],
    [["--credential", "OPENAI_API_KEY"], "OPENAI_API_KEY has no value"],
    [["--credential", "OPENAI_API_KEY=@none"], "none cannot be read (ENOENT)"],
  ])("refuses %j", async (args, says) => {
    await using at = await atDesk();
    expect((await at.type(...args)).err).toContain(says);
  });

  test("says on Ctrl-C what exists and that the next run goes on", async () => {
    await using at = await atDesk();
    await at.type("--plan");
    await provisioned(at.model.world!);
    at.model.world!.machine!.state.swapMb = 0;
    const { promise, resolve } = Promise.withResolvers<number>();
    at.desk.world.exit = resolve;
    const hang = Promise.withResolvers<never>();
    at.model.stall = hang.promise;
    const running = at.type();
    at.model.whenRun = () => at.desk.signals.get("SIGINT")?.();
    expect(await promise).toBe(130);
    expect(at.desk.screens.err.text).toContain("Run the same again: it goes on with what is not done yet.");
    expect(at.desk.screens.out.text).toContain(
      "What exists now: server pawl-worker-1 (s-1vcpu-2gb, nyc3), $12/month",
    );
    hang.reject(new Error("the end"));
    await running;
  });
});
