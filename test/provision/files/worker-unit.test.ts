import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { places } from "../../../provision/places.ts";
import { machinesBootHere } from "../../support/machine/here.ts";
import { InstalledWorker } from "./installed-worker.ts";

/** Where the kernel counts memory for another version of cgroups, nothing in a machine can be held to less. */
const countsMemory = /\bmemory\b/.test(quietly("/sys/fs/cgroup/cgroup.controllers"));

describe.runIf(machinesBootHere())(
  "the worker's unit on a real machine",
  { tags: ["droplet", "slow"] },
  () => {
    let worker: InstalledWorker;
    beforeAll(async () => {
      worker = await InstalledWorker.make();
    }, 300_000);
    afterAll(() => worker?.[Symbol.asyncDispose]());

    test("is understood by systemd, and leaves little open", async () => {
      const units = [places.worker, places.report, places.reportTimer].join(" ");
      expect(await worker.machine.run(`systemd-analyze verify ${units}`)).toEqual({
        status: 0,
        stdout: "",
        stderr: "",
      });
      for (const unit of [places.worker, places.report]) {
        const said = await worker.machine.exec(`systemd-analyze security --no-pager ${unit} | tail -1`);
        expect(Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1])).toBeLessThanOrEqual(2.5);
      }
    });

    test("does not start while somebody holds the worker back", async () => {
      await worker.machine.exec(`touch ${places.hold}`);
      await worker.step("enable", { units: [places.worker] });
      expect(await worker.probe()).toMatchObject({
        held: true,
        units: { [places.worker]: { active: "inactive" } },
      });
      await worker.machine.exec(`rm ${places.hold}`);
    });

    test("runs a task in which all that agents need works, and from which the worker's own things are hidden", async () => {
      await worker.step("enable", { units: [places.worker] });
      const ended = await worker.task(`
      node -e 'const { DatabaseSync } = require("node:sqlite"); new DatabaseSync(":memory:").exec("select 1")' && echo does sqlite
      node -e 'new Worker("" , { eval: true })' 2>/dev/null; node -e 'new (require("node:worker_threads").Worker)("0", { eval: true })' && echo does threads
      node -e 'if (new Function("a", "return a + 1")(1) !== 2) process.exit(1); new WebAssembly.Module(Buffer.from("0061736d01000000", "hex"))' && echo does jit
      node -e 'if (Object.keys(require("node:os").networkInterfaces()).length === 0) process.exit(1)' && echo does net
      git init -q r && git -C r -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && echo does git
      npm --version >/dev/null && echo does npm
      python3 -c 'import subprocess, ssl; subprocess.check_call(["true"])' && echo does python
      bwrap --unshare-user --unshare-pid --unshare-ipc --ro-bind / / --dev /dev --proc /proc true && echo does bwrap
      nice true && echo does nice
      [ "$(printf %s "$CANARY_KEY" | wc -c)" = 10 ] && echo does key
      cat ${places.deployKey} ${places.credentials}/* /run/credentials/*/* ${places.config} 2>/dev/null && echo LEAKS
      ls -d /proc/[0-9]* | grep -cv "^$" | grep -qx '[0-9]' && echo does apart
      true`);
      const works = [
        "sqlite",
        "threads",
        "jit",
        "net",
        "git",
        "npm",
        "python",
        "bwrap",
        "nice",
        "key",
        "apart",
      ];
      expect(ended).toMatchObject({ state: "succeeded", facts: { driver: "bwrap+cgroup" } });
      expect(ended["text"]).toBe(works.map((what) => `does ${what}`).join("\n"));
    });

    test("refuses what no task has any business with, even where a task is in no sandbox", async () => {
      const refused: Record<string, string> = {
        "folders that are open to all": "touch /srv/open/x",
        "others' homes": "ls /home/ada/x",
        "others' temporary files": "ls /tmp/of-root",
        "others' rights": `sh -c '[ "$(/srv/id-of-root -u)" = 0 ]'`,
        "who else there is": `sh -c 'stat -c %G /etc/shadow | grep -qx shadow'`,
        "other processes": "ls -d /proc/1",
        "own settings": `sh -c 'echo >> ${places.config}'`,
        "own programs": `touch ${places.launcher} ${places.runtimes.node}/x`,
        "credentials at their source": `cat ${places.credentials}/CANARY_KEY`,
        "root's home": "ls /root",
        sudo: "sudo -n true",
        devices: "mknod /var/lib/pawl/node c 1 3",
        mounts: "mount -t tmpfs none /var/lib/pawl",
        services: "systemctl stop cron",
        tunables: "sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'",
        "others' cgroups": "mkdir /sys/fs/cgroup/system.slice/x",
        "the kernel's log": "dmesg",
        time: "date -s 2030-01-01",
        "the host's name": "hostname x",
        "other families of sockets": `python3 -c 'import socket; socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)'`,
        "namespaces of the network": "unshare --user --net true",
        "namespaces of the name": "unshare --user --uts true",
        "files with rights of their own": `sh -c 'cp /bin/true ${places.home}/s && chmod u+s ${places.home}/s'`,
        personality: "setarch --addr-no-randomize true",
        "places in the processor's queue": `python3 -c 'import os; os.sched_setaffinity(0, {0})'`,
        "memory in a file when it crashes": `sh -c '[ "$(ulimit -c)" != 0 ]'`,
      };
      const canary = Object.entries(refused).map(
        ([what, command]) => `${command} >/dev/null 2>&1 && echo "may: ${what}"`,
      );
      await worker.machine.exec(`mkdir -p /srv/open /home/ada
        chmod 777 /srv/open
        touch /home/ada/x /tmp/of-root
        cp /usr/bin/id /srv/id-of-root
        chmod 4755 /srv/id-of-root`);
      await worker.machine.exec("cat >/usr/local/bin/canary", {
        input: `${canary.join("\n")}\ntouch ${places.home}/x && mkdir /sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/y && echo ended\n`,
      });
      const said = await worker.machine.exec(`set -e
      mkdir -p /run/systemd/system/${places.worker}.d
      printf '[Service]\\nType=oneshot\\nRestart=no\\nWatchdogSec=0\\nExecStart=\\nExecStart=/bin/sh /usr/local/bin/canary\\n' \
        >/run/systemd/system/${places.worker}.d/canary.conf
      systemctl daemon-reload
      systemctl stop ${places.worker}
      since=$(date +%s)
      systemctl start ${places.worker}
      rm -r /run/systemd/system/${places.worker}.d
      systemctl daemon-reload
      journalctl -u ${places.worker} -o cat --since "@$since"`);
      expect(said).not.toContain("may: ");
      expect(said).toMatch(/^ended$/m);
    });

    test("ends in order when it is told to, with nothing left", async () => {
      await worker.step("enable", { units: [places.worker] });
      await worker.step("disable", { units: [places.worker] });
      expect(await worker.probe()).toMatchObject({
        units: { [places.worker]: { active: "inactive", result: "success", enabled: "disabled" } },
      });
      expect((await worker.machine.run("pgrep -u pawl")).stdout).toBe("");
    });

    test("is killed when it hangs, and begins again", async () => {
      await worker.machine.exec(`mkdir -p /run/systemd/system/${places.worker}.d
      printf '[Service]\\nWatchdogSec=4\\nRestartSec=1\\n' >/run/systemd/system/${places.worker}.d/soon.conf
      systemctl daemon-reload`);
      await worker.step("enable", { units: [places.worker] });
      await worker.machine.exec(`kill -STOP $(systemctl show -p MainPID --value ${places.worker})`);
      await expect
        .poll(async () => (await worker.probe()).units[places.worker], { timeout: 60_000 })
        .toMatchObject({ active: "active", restarts: 1 });
      await worker.machine.exec(`rm -r /run/systemd/system/${places.worker}.d; systemctl daemon-reload`);
    });

    test("is watched no longer than its lease allows, whatever its unit says", async () => {
      await worker.machine.exec(`mkdir -p /run/systemd/system/${places.worker}.d
      printf '[Service]\\nWatchdogSec=180\\n' >/run/systemd/system/${places.worker}.d/late.conf
      systemctl daemon-reload
      systemctl restart ${places.worker}`);
      await expect
        .poll(() => worker.machine.exec(`systemctl show -p WatchdogUSec --value ${places.worker}`), {
          timeout: 60_000,
        })
        .toBe("1min");
      await worker.machine.exec(`rm -r /run/systemd/system/${places.worker}.d; systemctl daemon-reload`);
    });

    test("reports how the machine is when the worker is dead", async () => {
      await worker.machine.exec(`systemctl kill -s KILL ${places.worker}; systemctl stop ${places.worker}`);
      await worker.machine.exec(`systemctl start ${places.report}`);
      const said = await worker.machine.exec(`journalctl -u ${places.report} -o cat`);
      expect(said).toMatch(/The machine of w1 is up for .*: service (inactive|failed)/);
    });

    test.runIf(countsMemory)("may use no more than its share of the memory", async () => {
      expect(
        Number(await worker.machine.exec(`systemctl show -p MemoryMax --value ${places.worker}`)),
      ).toBeGreaterThan(0);
      const path = `/sys/fs/cgroup/system.slice/${places.worker}/memory.max`;
      await worker.step("enable", { units: [places.worker] });
      expect(Number(await worker.machine.exec(`cat ${path}`))).toBeGreaterThan(0);
    });
  },
);

function quietly(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
