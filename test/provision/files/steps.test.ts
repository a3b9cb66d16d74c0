import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ownedFiles } from "../../../provision/owned-files.ts";
import { places } from "../../../provision/places.ts";
import { fileText, manifest, type OwnedFile } from "../../../provision/scripts.ts";
import { workerFolders } from "../../../provision/steps/system.ts";
import { machinesBootHere } from "../../support/machine/here.ts";
import { Machine } from "../../support/machine/machine.ts";
import { openOutside, type Outside } from "../../support/machine/outside.ts";
import { wantedInCloud } from "../wanted.ts";
import { SteppedMachine } from "./stepped-machine.ts";

describe.runIf(machinesBootHere())(
  "the steps' scripts on a real machine",
  { tags: ["droplet", "slow"] },
  () => {
    let outside: Outside;
    let on: SteppedMachine;
    beforeAll(async () => {
      outside = await openOutside();
      on = new SteppedMachine(await Machine.boot({ name: "steps", authorizedKey: "none" }));
    }, 120_000);
    afterAll(async () => {
      await on?.machine[Symbol.asyncDispose]();
      await outside?.[Symbol.asyncDispose]();
    });

    test("make the worker's user and its folders, once", async () => {
      for (let round = 0; round < 2; round++) await on.step("user", {});
      await on.machine.exec(`rm -r ${places.home} ${places.credentials}`);
      await on.step("user", {});
      expect((await on.probe()).folders).toEqual(workerFolders);
      expect((await on.probe()).user).toEqual({
        exists: true,
        home: places.home,
        shell: "/usr/sbin/nologin",
      });
      const modes = await on.machine.exec(
        `stat -c '%a %U %n' ${places.home} ${places.credentials} ${places.folder}`,
      );
      expect(modes.split("\n")).toEqual([
        `700 pawl ${places.home}`,
        `700 root ${places.credentials}`,
        `755 root ${places.folder}`,
      ]);
    });

    test("make swap that is there after a boot too, and anew what was made by halves", async () => {
      // The kernel of this host takes no swap from a machine.
      await on.machine
        .exec(`printf '#!/bin/sh\\necho "$@" >>/swapped-on\\n' >/usr/local/sbin/swapon; chmod +x /usr/local/sbin/swapon
      truncate -s 1M ${places.swap}; echo mine >/swapfile`);
      for (let round = 0; round < 2; round++) await on.step("swap", { sizeMb: 24 });
      const said = await on.machine.exec(
        `stat -c '%a %s' ${places.swap}; grep -c swap /etc/fstab; sort -u /swapped-on`,
      );
      expect(said.split("\n")).toEqual([`600 ${24 * 2 ** 20}`, "1", places.swap]);
      expect(await on.machine.exec("cat /swapfile")).toBe("mine");
      await on.machine.exec(`rm ${places.swap} /usr/local/sbin/swapon`);
      expect(await on.refusal("swap", { sizeMb: 9_000_000 })).toMatchObject({ code: "LOW_DISK" });
    });

    test("install exactly the Node that was pinned, beside others, and switch at once", async () => {
      const { version } = process;
      const url = `${outside.nodeMirror}/${version}/node-${version}-linux-${process.arch}.tar.xz`;
      const node = { version: version.slice(1), url, sha256: outside.nodeSha256 };
      expect(await on.refusal("node", { ...node, sha256: "0".repeat(64) })).toMatchObject({
        code: "NODE_HASH",
        message: expect.stringContaining(outside.nodeSha256) as string,
      });
      expect(await on.refusal("node", { ...node, url: `${url}x` })).toMatchObject({ code: "STEP_FAILED" });
      expect((await on.probe()).node).toEqual({ installed: [] });
      await on.machine.exec(
        `mkdir -p ${places.runtimes.node}/${node.version}/bin ${places.runtimes.node}/.new-${node.version}`,
      );
      await on.step("node", node);
      expect((await on.probe()).node).toEqual({ installed: [node.version] });
      await on.step("switch", { runtime: "node", version: node.version });
      expect(await on.machine.exec(`PATH=${places.runtimes.node}/current/bin:$PATH npm --version`)).toMatch(
        /^\d/,
      );
      expect(await on.refusal("switch", { runtime: "node", version: "0.0.1" })).toMatchObject({
        code: "STEP_FAILED",
      });
      expect((await on.probe()).node).toEqual({ installed: [node.version], current: node.version });
      const asked = outside.asked.length;
      await on.step("node", node);
      expect(outside.asked.length).toBe(asked);
    });

    test("forget versions that nobody needs, never the current one", async () => {
      const root = places.runtimes.openclaw;
      await on.machine.exec(
        `cd $(mkdir -p ${root} && echo ${root}); for v in 1.0 2.0 3.0 4.0; do mkdir $v; touch $v/.complete; done; mkdir .gone-0.9 somebodys; touch somebodys/own`,
      );
      await on.step("switch", { runtime: "openclaw", version: "2.0" });
      await on.step("prune", { runtime: "openclaw", keep: ["4.0", "9.9"] });
      expect((await on.probe()).openclaw).toEqual({ installed: ["2.0", "4.0"], current: "2.0" });
      expect(await on.machine.exec(`ls -A ${root}`)).toBe("2.0\n4.0\ncurrent\nsomebodys");
    });

    test("make the deploy key once, and its private half is the worker's alone", async () => {
      const comment = `it's "w1" $(id) \\`;
      const made = await on.step("deploy-key", { comment });
      expect(made).toMatch(/^ssh-ed25519 \S+ it's "w1" \$\(id\) \\\n$/);
      await on.machine.exec(`rm -f ${places.deployKey}.new`);
      expect(await on.step("deploy-key", { comment })).toBe(made);
      expect((await on.probe()).deployKey?.publicKey).toBe(made.trim());
      expect(await on.machine.exec(`stat -c '%a %U' ${places.deployKey}`)).toBe("600 pawl");
    });

    test("write files whole, with their owner and mode, whatever stands in them", async () => {
      const text = "a\n'$(id)' \\ \0é\n\nno end of line";
      const file: OwnedFile = { path: "/etc/pawl/some/file", owner: "root:pawl", mode: "0640", text };
      await on.step("write-files", {}, manifest([file, { ...file, path: "/etc/pawl/other" }]));
      const { files } = await on.probe({ files: [file.path, "/etc/pawl/other", "/etc/pawl/none"] });
      expect(Object.keys(files)).toEqual([file.path, "/etc/pawl/other"]);
      expect(files[file.path]).toMatchObject({ owner: "root:pawl", mode: "0640" });
      expect(await on.machine.exec(`base64 -w0 ${file.path}`)).toBe(Buffer.from(text).toString("base64"));
    });

    test("tell systemd, apt and journald of what they wrote, or it counts as not written", async () => {
      const root = (path: string, text: string): OwnedFile => ({
        path,
        owner: "root:root",
        mode: "0644",
        text,
      });
      const unit = root(
        `/etc/systemd/system/${places.reportTimer}`,
        fileText("units/pawl-heartbeat.timer", {}),
      );
      const [upgrades = unit] = ownedFiles("upgrades", wantedInCloud(), {});
      const journald = root(places.journald, fileText("etc/journald.conf", {}));
      await on.step("write-files", {}, manifest([unit, upgrades, journald]));
      expect((await on.probe()).units[places.reportTimer]).toMatchObject({
        load: "loaded",
        needsReload: false,
      });
      expect(await on.machine.exec("apt-config dump Unattended-Upgrade::Automatic-Reboot")).toContain(
        '"false"',
      );
      expect(await on.machine.exec("systemd-analyze cat-config systemd/journald.conf")).toContain(
        "SystemMaxUse=200M",
      );
      await on.machine.exec(`mkdir -p /run/pawl; echo ${unit.path} >/run/pawl/unsettled`);
      expect((await on.probe({ files: [unit.path] })).files).toEqual({});
      await on.step("write-files", {}, manifest([unit]));
      expect(Object.keys((await on.probe({ files: [unit.path] })).files)).toEqual([unit.path]);
    });

    test("give sshd only settings that it understands: nobody is locked out", async () => {
      const right = {
        path: places.sshd,
        owner: "root:root",
        mode: "0644",
        text: fileText("etc/sshd.conf", {}),
      };
      const wrong = { ...right, text: "PasswordAuthentication perhaps\n" };
      expect(await on.refusal("write-files", {}, manifest([wrong]))).toMatchObject({
        code: "STEP_FAILED",
        message: expect.stringContaining("the former ones are back") as string,
      });
      expect((await on.probe({ files: [right.path] })).files).toEqual({});
      await on.step("write-files", {}, manifest([right]));
      expect(await on.refusal("write-files", {}, manifest([wrong]))).toMatchObject({ code: "STEP_FAILED" });
      const { sshd, files } = await on.probe({ files: [right.path] });
      expect(sshd).toMatchObject({ passwordauthentication: "no", kbdinteractiveauthentication: "no" });
      expect(Object.keys(files)).toEqual([right.path]);
      expect(await on.machine.exec("ls /etc/ssh/sshd_config.d")).toBe("10-pawl.conf");
      await on.machine.answersSsh();
    });

    test("let in ssh and nothing else, from where it was said", async () => {
      await on.machine.exec("ufw allow OpenSSH; ufw allow 22; ufw allow in on lo to any port 80 proto tcp");
      const rules = (await on.probe()).firewallRules;
      expect(rules).toEqual([
        expect.stringMatching(/^default /) as string,
        "allow 22/tcp from 0.0.0.0/0 as OpenSSH",
        "allow 22/any from 0.0.0.0/0",
        "allow 80/tcp from 0.0.0.0/0 on lo",
        "allow 22/tcp from ::/0 as OpenSSH",
        "allow 22/any from ::/0",
        "allow 80/tcp from ::/0 on lo",
      ]);
      await on.step("firewall", { open: ["22 any"], close: [] });
      const now = await on.probe();
      expect(now.firewall).toBe("active");
      expect(now.firewallRules).toContain("default DROP");
      expect(now.firewallRules).toContain("allow 22/tcp from 0.0.0.0/0");
      await on.machine.answersSsh();
      const open = ["22 10.213.0.0/16", "22 2001:db8::/32"];
      const close = [
        "allow 0.0.0.0/0 22 tcp -",
        "allow ::/0 22 tcp -",
        "allow 0.0.0.0/0 22 any -",
        "allow ::/0 22 any -",
        "allow 0.0.0.0/0 22 tcp OpenSSH",
        "allow ::/0 22 tcp OpenSSH",
      ];
      for (let round = 0; round < 2; round++) await on.step("firewall", { open, close });
      expect((await on.probe()).firewallRules).toEqual([
        "default DROP",
        "allow 80/tcp from 0.0.0.0/0 on lo",
        "allow 22/tcp from 10.213.0.0/16",
        "allow 80/tcp from ::/0 on lo",
        "allow 22/tcp from 2001:db8::/32",
      ]);
      await on.machine.answersSsh();
      await on.machine.exec("ufw disable");
      expect((await on.probe()).firewall).toBe("inactive");
    });

    test("are told what can be reached from outside, by whom, and who has no key", async () => {
      await on.machine.exec(
        "useradd -m -s /bin/sh -p '$6$x$y' ada; useradd -m -s /bin/sh -p '$6$x$y' bob; mkdir ~bob/.ssh; echo k >~bob/.ssh/authorized_keys",
      );
      const { listening, passwordOnly, sshd, connection } = await on.probe();
      expect(listening).toContain("22/tcp");
      expect(passwordOnly).toEqual(["ada"]);
      expect(sshd["port"]).toBe("22");
      expect(connection).toBeUndefined();
      await on.machine.exec("userdel -r ada; userdel -r bob");
    });

    test("change the host key in two steps, of which each may be repeated", async () => {
      const before = await on.machine.hostKey();
      await on.machine.exec("ssh-keygen -q -t rsa -b 2048 -N '' -f /etc/ssh/ssh_host_rsa_key");
      const next = await on.step("host-key-make", {});
      expect(await on.step("host-key-make", {})).toBe(next);
      expect(await on.machine.hostKey()).toBe(before);
      for (let round = 0; round < 2; round++) expect(await on.step("host-key-switch", {})).toBe(next);
      const after = await on.machine.hostKey();
      expect(after).not.toBe(before);
      expect((await on.probe()).hostKeys).toEqual([after]);
      await on.machine.answersSsh();
    });

    test("tell a machine's own time keeper from none", async () => {
      await on.step("timesync", {});
      expect((await on.probe()).timeSynced).toBe(true);
    });

    test("take all of ours away again, and leave the worker's state unless it is to go", async () => {
      await on.machine.exec(`touch ${places.state}/kept`);
      for (let round = 0; round < 2; round++) await on.step("remove", { stateToo: false, firewallToo: true });
      const left = await on.machine.exec(
        `ls -d /etc/pawl /opt/* /etc/systemd/system/*pawl* ${places.sshd} ${places.journald} ${places.launcher} ${places.state}/kept 2>/dev/null || true`,
      );
      const { openclaw } = places.runtimes;
      expect(left.split("\n")).toEqual([openclaw, `${places.state}/kept`]);
      expect(await on.machine.exec(`find ${openclaw}`)).toBe(
        [openclaw, `${openclaw}/somebodys`, `${openclaw}/somebodys/own`].join("\n"),
      );
      await on.step("remove", { stateToo: true, firewallToo: true });
      expect(await on.machine.exec(`ls ${places.home} 2>&1 || true`)).toContain("No such file");
      await on.machine.answersSsh();
    });
  },
);

describe.runIf(machinesBootHere())("packages on a bare machine", { tags: ["droplet", "slow"] }, () => {
  test("wait for whoever holds the locks, and say who does not end; then they are there, and ask for nothing", async () => {
    const packages = ["curl", "bubblewrap"];
    await using outside = await openOutside();
    const order = {
      authorizedKey: "none",
      bare: true,
      aptProxy: outside.aptProxy,
      holdAptLockSeconds: 600,
    };
    await using machine = await Machine.boot(order);
    const on = new SteppedMachine(machine);
    const before = await on.probe({ packages });
    expect(before).toMatchObject({
      packages: {},
      bwrap: "absent",
      firewall: "absent",
      firstBoot: "absent",
    });
    expect(await on.refusal("packages", { packages, patienceSeconds: 1 })).toMatchObject({
      code: "APT_LOCKED",
      message: expect.stringMatching(
        /^packages: after 1 s unattended-upgr \(process \d+\) holds \/var\/lib/,
      ) as string,
    });
    const installing = on.step("packages", { packages });
    await machine.exec("systemctl kill hold-apt-locks.service");
    await installing;
    const after = await on.probe({ packages });
    expect(Object.keys(after.packages).toSorted()).toEqual(packages.toSorted());
    expect(after.bwrap).toBe("works");
    const asked = outside.asked.length;
    await on.step("packages", { packages });
    expect(outside.asked.length).toBe(asked);
    expect(await on.refusal("packages", { packages: ["no-such-package"] })).toMatchObject({
      code: "STEP_FAILED",
    });
  });
});
