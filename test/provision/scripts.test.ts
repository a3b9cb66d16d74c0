import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { machineFacts } from "../../provision/facts.ts";
import {
  fileText,
  manifest,
  probeScript,
  script,
  type ScriptName,
  statuses,
  stepFault,
} from "../../provision/scripts.ts";
import { hosted, ownHub } from "../../src/core/pace.ts";
import { faultCodes } from "../../src/fault.ts";

const names = readdirSync("provision/files/steps").map((file) => file.replace(/\.sh$/, "") as ScriptName);
const bin = mkdtempSync(join(tmpdir(), "pawl-scripts-"));
afterAll(() => rmSync(bin, { recursive: true, force: true }));

describe("the scripts of the steps", { tags: ["slow"] }, () => {
  test.each(names)("%s is a script that sh understands, and ends at the first thing that fails", (name) => {
    const text = script(name, {} as never);
    execFileSync("sh", ["-n"], { input: text });
    expect(text).toContain("set -eu\n");
  });

  test("say what they saw with a status that stands for a fault", () => {
    const output = "npm noise\npawl: the kernel ended npm for want of memory\nmore noise\n";
    expect(stepFault("runtime.openclaw", { status: statuses.NPM_OOM, output })).toMatchObject({
      code: "NPM_OOM",
      message: "runtime.openclaw: the kernel ended npm for want of memory",
    });
    expect(stepFault("system.swap", { status: 1, output: "a\n\nswapon: no\n" })).toMatchObject({
      code: "STEP_FAILED",
      message: "system.swap ended with status 1: a | swapon: no",
    });
    expect(stepFault("system.swap", { status: 137, output: "" }).message).toContain("it said nothing");
  });

  test("know their statuses by codes that are public, each its own", () => {
    expect(new Set(Object.values(statuses)).size).toBe(Object.keys(statuses).length);
    for (const code of Object.keys(statuses)) expect(faultCodes).toHaveProperty(code);
  });
});

describe("a manifest", () => {
  test("carries any text, and refuses a path that sh could take for more than one", () => {
    const file = { owner: "root:root", mode: "0600", text: "a\n\0'$(b)\n" };
    expect(manifest([{ path: "/etc/pawl/x", ...file }])).toBe(
      `0600 root:root /etc/pawl/x ${Buffer.from(file.text).toString("base64")}\n`,
    );
    expect(() => manifest([{ path: "/etc/pawl/x y", ...file }])).toThrow(TypeError);
  });
});

describe("the worker's unit", () => {
  const unit = fileText("units/openclaw-worker.service", {});

  test("is given each credential by a file beside it, and has nothing left to fill in", () => {
    expect(fileText("units/credential.conf", { name: "OPENAI_API_KEY" })).toContain(
      "\n[Service]\nLoadCredential=OPENAI_API_KEY:/etc/pawl/credentials/OPENAI_API_KEY\n",
    );
    expect(unit).not.toMatch(/LoadCredential|@\w+@/);
  });

  test("lets the worker hang for as long as its pace does, and ends it at once then", () => {
    for (const { watchdog } of [ownHub, hosted]) expect(unit).toContain(`\nWatchdogSec=${watchdog}\n`);
    expect(unit).toContain("\nWatchdogSignal=SIGKILL\n");
  });
});

describe("the probe", { tags: ["slow"] }, () => {
  const asked = {
    files: ["/etc/hostname", "/nowhere/at/all"],
    packages: ["coreutils", "no-such-package"],
    units: ["cron.service"],
  };

  test("answers on a machine without systemd, and by what is there", () => {
    const facts = probe(probeScript(asked));
    expect(facts).toMatchObject({ probe: 1, user: { exists: expect.any(Boolean) as boolean } });
    expect(Object.keys(facts.files)).toEqual(["/etc/hostname"]);
    expect(facts.repository).toBeUndefined();
    expect(facts.packages).not.toHaveProperty("no-such-package");
  });

  test("answers where nothing but the least is installed", () => {
    const least =
      "sh awk cat cut df env grep head mkdir mktemp printf readlink rm sed sha256sum stat tail tr uname id getent";
    for (const program of least.split(" ")) {
      const at = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
      if (at.startsWith("/")) execFileSync("ln", ["-s", at, join(bin, program)]);
    }
    const text = probeScript({ ...asked, remote: "git@example.com:a/b.git" });
    const facts = probe(text.replace(/export PATH=\S+/, `export PATH=${bin}`));
    expect(facts).toMatchObject({ bwrap: "absent", firewall: "absent", packages: {}, sshd: {} });
  });

  test("tells where we come from, also where sudo keeps that from it", () => {
    const env = { ...process.env, SSH_CONNECTION: "fe80::1%eth0 50000 fe80::2 2200" };
    const connection = { from: "fe80::1", port: 2200 };
    for (const shell of ["sh -s", "env -u SSH_CONNECTION sh -s; :"]) {
      expect(probe(probeScript(asked), ["sh", "-c", shell], env).connection).toEqual(connection);
    }
  });

  test("makes JSON of whatever a machine says", () => {
    const said = 'a "quoted" \\ back\\slash\n\ttab\x01\x7f $(id) é\n\n';
    const text = probeScript(asked)
      .replace(/^printf ',"diskFreeMb.*$/m, "")
      .replace("first_boot() {", "first_boot() { printf error; return; }\nunused() {")
      .replaceAll("/var/log/cloud-init-output.log", join(bin, "log"));
    execFileSync("sh", ["-c", 'cat >"$1"', "sh", join(bin, "log")], { input: said });
    expect(probe(text).bootLog).toBe(said.replace(/\n$/, ""));
  });
});

function probe(text: string, [shell = "", ...args]: string[] = ["sh"], env = process.env) {
  const { status, stdout, stderr } = spawnSync(shell, args, { input: text, encoding: "utf8", env });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return machineFacts.parse(JSON.parse(stdout));
}
