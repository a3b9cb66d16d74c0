import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { places } from "../../../provision/places.ts";
import { manifest, type Scripts } from "../../../provision/scripts.ts";
import { machinesBootHere } from "../../support/machine/here.ts";
import { InstalledWorker } from "./installed-worker.ts";

/** A pawl that says what it is asked, and is a worker in its own way. */
function standIn(version: string, { doctor, worker }: { doctor: number; worker: string }): string {
  return `const [what] = process.argv.slice(2);
if (what === "--version") console.log(${JSON.stringify(version)});
else if (what === "doctor") { console.log("✗ something"); process.exit(${doctor}); }
else { ${worker} }
`;
}

describe.runIf(machinesBootHere())("an upgrade on a real machine", { tags: ["droplet", "slow"] }, () => {
  let worker: InstalledWorker;
  let told: Scripts["upgrade"];
  let first: string;

  beforeAll(async () => {
    worker = await InstalledWorker.make();
    const { node, pawl } = await worker.probe();
    first = pawl.current ?? "";
    told = {
      node: node.current ?? "",
      pawl: "9.0.0",
      remote: (await worker.machine.exec(`sed -n 's/^remote: //p' ${places.config}`)).trim(),
      beatRef: "refs/worker/w1/heartbeat",
      watchSeconds: 60,
    };
    await worker.machine.exec(`cp -a ${places.runtimes.pawl}/${first} ${places.runtimes.pawl}/9.0.0`);
    await worker.step("enable", { units: [places.worker] });
  }, 300_000);
  afterAll(() => worker?.[Symbol.asyncDispose]());

  async function install(version: string, text: string): Promise<void> {
    const at = `${places.runtimes.pawl}/${version}`;
    await worker.machine.run(`mkdir -p ${at}/bin && cat >${at}/bin/pawl && touch ${at}/.complete`, {
      input: text,
    });
  }

  async function isAtWork(pawl: { current: string; previous?: string }): Promise<void> {
    const facts = await worker.probe();
    expect({ current: facts.pawl.current, previous: facts.pawl.previous }).toEqual({
      previous: undefined,
      ...pawl,
    });
    expect(facts.units[places.worker]).toMatchObject({ active: "active", enabled: "enabled" });
  }

  test("begins at a worker that reads again the settings that a run has written", async () => {
    const text = await worker.machine.exec(`cat ${places.config}`);
    const file = { path: places.config, owner: "root:pawl", mode: "0640" };
    const changed = manifest([{ ...file, text: text.replace("poll: 2s", "poll: 3s") }]);
    await worker.step("write-files", {}, changed);
    const journal = () => worker.machine.exec(`journalctl -u ${places.worker} -o cat`);
    await expect.poll(journal, { timeout: 30_000 }).toContain("read its configuration again");
    await isAtWork({ current: first });
  });

  test("switches when the new version gives a sign of life, and can be taken back without a network", async () => {
    await worker.step("upgrade", told);
    await isAtWork({ current: "9.0.0", previous: first });
    await worker.step("rollback", {});
    await isAtWork({ current: first });
    await worker.step("rollback", {});
    await isAtWork({ current: first });
  });

  test("leaves all as it was when the new version is refused by its own doctor", async () => {
    await install("9.1.0", standIn("9.1.0", { doctor: 1, worker: "" }));
    const ended = await worker.refusal("upgrade", { ...told, pawl: "9.1.0" });
    expect(ended?.code).toBe("STEP_FAILED");
    expect(ended?.message).toContain("finds something to mend that the one in use does not: ✗ something");
    await isAtWork({ current: first });
  });

  test("switches back when the new version ends", async () => {
    await install(
      "9.2.0",
      standIn("9.2.0", { doctor: 0, worker: 'console.log("I am broken"); process.exit(1);' }),
    );
    const ended = await worker.refusal("upgrade", { ...told, pawl: "9.2.0" });
    expect(ended?.code).toBe("STEP_FAILED");
    expect(ended?.message).toContain("I am broken");
    expect(ended?.message).toContain("the former ones are at work again");
    await isAtWork({ current: first });
  });

  test("switches back when the new version runs and gives no sign of life", async () => {
    const silent =
      'require("node:child_process").execFileSync("systemd-notify", ["--ready"]); setInterval(() => {}, 1000);';
    await install("9.3.0", standIn("9.3.0", { doctor: 0, worker: silent }));
    const ended = await worker.refusal("upgrade", { ...told, pawl: "9.3.0", watchSeconds: 16 });
    expect(ended?.message).toContain("no sign of life came within");
    await isAtWork({ current: first });
  });

  test.each<[what: string, stage: string]>([
    ["before the links changed", ""],
    ["with the new versions in place", "laid"],
  ])("that was cut off %s is ended by the next one, with the same way back", async (_, stage) => {
    const { runtimes, switching } = places;
    const links = stage === "" ? "" : `ln -sfn ${first} previous; ln -sfn 9.0.0 current`;
    await worker.machine.exec(
      `systemctl stop ${places.worker}; mkdir -p /run/pawl; echo ${stage} >${switching}; cd ${runtimes.pawl}; ${links}`,
    );
    expect((await worker.probe({ files: [switching] })).files).toHaveProperty([switching]);
    await worker.step("upgrade", told);
    await isAtWork({ current: "9.0.0", previous: first });
    expect((await worker.probe({ files: [switching] })).files).not.toHaveProperty([switching]);
    await worker.step("rollback", {});
    await isAtWork({ current: first });
  });

  test("is taken back by a rollback too when it was cut off", async () => {
    await worker.machine.exec(
      `systemctl disable --now ${places.worker}; mkdir -p /run/pawl; : >${places.switching}`,
    );
    await worker.step("rollback", {});
    expect((await worker.probe()).units[places.worker]?.active).toBe("active");
    await worker.step("enable", { units: [places.worker], staySeconds: 1 });
    await isAtWork({ current: first });
  });

  test("is not needed to see that a worker ends soon after it was ready", async () => {
    const brief =
      'require("node:child_process").execFileSync("systemd-notify", ["--ready"]); setTimeout(() => process.exit(1), 1000);';
    await install("9.4.0", standIn("9.4.0", { doctor: 0, worker: brief }));
    const use = (version: string) =>
      worker.machine.exec(
        `systemctl stop ${places.worker}; ln -sfn ${version} ${places.runtimes.pawl}/current`,
      );
    await use("9.4.0");
    const ended = await worker.refusal("enable", { units: [places.worker], staySeconds: 5 });
    expect(ended?.message).toContain("the worker does not stay: it ended after");
    await use(first);
    await worker.step("enable", { units: [places.worker], staySeconds: 1 });
    await isAtWork({ current: first });
  });

  test("does not start a worker that is not to run", async () => {
    await worker.step("disable", { units: [places.worker] });
    await worker.step("upgrade", told);
    const facts = await worker.probe();
    expect(facts.pawl).toMatchObject({ current: "9.0.0", previous: first });
    expect(facts.units[places.worker]?.active).toBe("inactive");
  });

  test("keeps what it was told to keep and removes other versions", async () => {
    await worker.step("prune", { runtime: "pawl", keep: [first] });
    const { pawl } = await worker.probe();
    expect(pawl.installed.toSorted()).toEqual([first, "9.0.0"].toSorted());
  });
});
