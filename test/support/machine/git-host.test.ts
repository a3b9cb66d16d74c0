import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeKey } from "../sshd.ts";
import { ask, run } from "./commands.ts";
import { openGitHost } from "./git-host.ts";
import { machinesBootHere } from "./here.ts";
import { Machine } from "./machine.ts";
import { openOutside } from "./outside.ts";

describe.runIf(machinesBootHere())(
  "a host of repositories for machines",
  { tags: ["droplet", "slow"] },
  () => {
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "pawl-git-host-test-"));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    test("lets a machine in with a key that is registered, and with no other", async () => {
      await using outside = await openOutside();
      await using host = await openGitHost(outside.address);
      const path = await host.create("aaron", "coordination");
      await using machine = await Machine.boot({ authorizedKey: "none" });
      await machine.exec(
        "ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519; cat > /root/.ssh/known_hosts",
        { input: host.knownHostsLine },
      );
      const push = `set -e
      rm -rf /work; git init -q -b main /work; cd /work
      git -c user.name=x -c user.email=x@x commit -q --allow-empty -m first
      git push -q ${host.remote("aaron", "coordination")} main`;
      expect((await machine.run(push)).stderr).toContain("Permission denied (publickey)");
      await host.admit(await machine.exec("cat /root/.ssh/id_ed25519.pub"));
      await machine.exec(push);
      expect(await ask("git", ["-C", path, "log", "--format=%s", "main"])).toBe("first");
    });

    test("leaves this host as it was: no user, no commands", async () => {
      await using outside = await openOutside();
      await using host = await openGitHost(outside.address);
      makeKey(join(folder, "key"));
      await host.admit(await readFile(join(folder, "key.pub"), "utf8"));
      expect(await readFile("/etc/passwd", "utf8")).not.toMatch(/^git:/m);
      expect((await run("ls", ["/usr/local/bin/git-upload-pack"])).status).not.toBe(0);
    });
  },
);
