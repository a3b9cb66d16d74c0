import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeKey } from "../sshd.ts";
import { run } from "./commands.ts";
import { machinesBootHere } from "./here.ts";
import { Machine } from "./machine.ts";

describe.runIf(machinesBootHere())("a machine for tests", { tags: ["droplet", "slow"] }, () => {
  let folder: string;
  let authorizedKey: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pawl-machine-test-"));
    makeKey(join(folder, "key"));
    authorizedKey = await readFile(join(folder, "key.pub"), "utf8");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function ssh(machine: Machine, script: string) {
    const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
    const args = ["-F", "none", "-i", join(folder, "key"), ...options.flatMap((option) => ["-o", option])];
    return run("ssh", [...args, `root@${machine.address}`, script]);
  }

  test("runs systemd, lets the key in, and shows the host key that it says", async () => {
    await using machine = await Machine.boot({ name: "first", authorizedKey });
    const { stdout } = await ssh(machine, "hostname; cat /proc/1/comm; systemctl is-system-running --wait");
    expect(stdout.split("\n")).toEqual(["first", "systemd", "running", ""]);
    const shown = await run("ssh-keyscan", ["-t", "ed25519", machine.address]);
    const { stdout: print } = await run("ssh-keygen", ["-lf", "-"], { input: shown.stdout });
    expect(print).toContain(await machine.hostKey());
    expect(await machine.rekey()).not.toBe(print.split(" ")[1]);
  });

  test("keeps two apart: each its own addresses, services and processes", async () => {
    await using one = await Machine.boot({ name: "one", authorizedKey });
    await using two = await Machine.boot({ name: "two", authorizedKey });
    expect(one.address).not.toBe(two.address);
    // A process of somebody else's has the number 0.
    expect(await two.exec("cat /sys/fs/cgroup/system.slice/*/cgroup.procs")).not.toMatch(/^0$/m);
    await one.exec("systemctl stop cron");
    expect(await two.exec("systemctl is-active cron")).toBe("active");
    expect(await two.exec("echo > /only-here; ls /")).toContain("only-here");
    expect(await one.exec("ls /")).not.toContain("only-here");
  });

  test("reaches this host, and nobody else", async () => {
    await using machine = await Machine.boot({ authorizedKey });
    expect(await machine.exec("ip route")).not.toContain("default");
    expect((await machine.run("curl --max-time 5 -s 192.0.2.1")).status).not.toBe(0);
  });

  test("has its first boot arranged by cloud-init when there is user data", async () => {
    const userData = "#cloud-config\nruncmd:\n  - [touch, /made-by-user-data]\n";
    await using machine = await Machine.boot({ name: "cloudy", authorizedKey, userData });
    expect(await machine.exec("cloud-init status --wait")).toContain("status: done");
    expect(await machine.exec("ls /")).toContain("made-by-user-data");
    expect((await ssh(machine, "hostname")).stdout).toBe("cloudy\n");
  });

  test("reboots and keeps its disk", async () => {
    await using machine = await Machine.boot({ authorizedKey });
    await machine.exec("echo kept > /kept; touch /run/lost");
    await machine.reboot();
    expect(await machine.exec("cat /kept; ls /run")).toMatch(/^kept\n(?!.*lost)/s);
    expect((await ssh(machine, "true")).status).toBe(0);
  });

  test("is silent while its cable is pulled", async () => {
    await using machine = await Machine.boot({ authorizedKey });
    await machine.pullCable();
    const { status } = await run("ping", ["-c", "1", "-W", "1", machine.address]).catch(() => ({
      status: 1,
    }));
    expect(status).not.toBe(0);
    await machine.plugCable();
    await machine.answersSsh();
    expect((await ssh(machine, "ip route")).stdout).toContain("10.213.0.0/16");
  });

  test("starts sshd late, and only the first time", async () => {
    await using machine = await Machine.boot({ authorizedKey, sshDelaySeconds: 2 });
    expect((await ssh(machine, "true")).status).toBe(255);
    await machine.answersSsh();
    await machine.stopSshd();
    expect((await ssh(machine, "true")).status).toBe(255);
    await machine.startSshd();
    expect((await ssh(machine, "cat /run/was-late")).status).toBe(0);
  });

  test("lacks on request what an image may lack, and has its locks held", async () => {
    await using machine = await Machine.boot({ authorizedKey, bare: true, holdAptLockSeconds: 600 });
    expect(await machine.exec("for p in git curl ufw python3 xz bwrap; do command -v $p; done; true")).toBe(
      "",
    );
    for (const command of ["purge -y procps", "update"]) {
      const { stderr } = await machine.run(`apt-get ${command}`);
      expect(stderr).toMatch(/lock.*held by process \d+ \(unattended-upgr\)/);
    }
  });

  test("has a disk as small as it is asked for", async () => {
    await using machine = await Machine.boot({ authorizedKey, diskMb: 64 });
    expect((await machine.run("head -c 80m /dev/zero > /too-much")).stderr).toContain("No space left");
  });

  test("leaves nothing behind", async () => {
    const before = traces();
    const machine = await Machine.boot({ authorizedKey });
    expect(traces().length).toBeGreaterThan(before.length);
    await machine[Symbol.asyncDispose]();
    expect(traces()).toEqual(before);
  });

  test("ends with the process that booted it, however that dies", async () => {
    const boot = `const { Machine } = await import(${JSON.stringify(join(import.meta.dirname, "machine.ts"))});
      const { address } = await Machine.boot({ authorizedKey: "none" });
      console.log(address);
      await new Promise((resolve) => setTimeout(resolve, 600_000));`;
    const booting = spawn(process.execPath, ["--input-type=module", "-e", boot], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = (await once(booting.stdout, "data")) as [Buffer];
    const gateway = said.toString().trim().replace(/\d+$/, "1");
    // With its number, which the kernel gives to no other one: the name and the address are soon somebody else's.
    const cable = new RegExp(`^\\d+: pawl-m\\d+ +inet ${gateway.replaceAll(".", "\\.")}/`, "m").exec(
      addresses(),
    )?.[0];
    expect(cable).toBeDefined();
    booting.kill("SIGKILL");
    await once(booting, "close");
    await expect.poll(addresses, { timeout: 120_000 }).not.toContain(cable);

    await using _next = await Machine.boot({ authorizedKey });
    expect(cgroups().filter((name) => name.includes(`-${booting.pid}-`))).toEqual([]);
  });
});

function traces(): string[] {
  return [...cgroups().filter((name) => name.includes(`-${process.pid}-`)), ...mounts()];
}

function mounts(): string[] {
  return readFileSync("/proc/self/mounts", "utf8").match(/pawl-(root|disk|run)/g) ?? [];
}

function cgroups(): string[] {
  return execFileSync("find", ["/sys/fs/cgroup", "-maxdepth", "2", "-name", "pawl-machine-*"])
    .toString()
    .split("\n");
}

function addresses(): string {
  return execFileSync("ip", ["-o", "-4", "addr"]).toString();
}
