import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openHost } from "../../../src/adapters/ssh/open-host.ts";
import { realClock } from "../../../src/adapters/time/real-clock.ts";
import { sshKeyPair } from "../../../src/format/ssh-key.ts";
import type { RemoteHost } from "../../../src/ports/remote-host.ts";
import { describeRemoteHost } from "../../contracts/remote-host.ts";
import { machinesBootHere } from "../../support/machine/here.ts";
import { Machine } from "../../support/machine/machine.ts";

const key = sshKeyPair(Buffer.alloc(32, "ada"), "ada");

describe.runIf(machinesBootHere())("over a person's own account", { tags: ["droplet", "slow"] }, () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await Machine.boot({ name: "home", authorizedKey: key.publicKey });
    await machine.exec(`for name in ada bob; do
        useradd --create-home --shell /bin/bash "$name"
        cp -r /root/.ssh "/home/$name/.ssh"; chown -R "$name" "/home/$name/.ssh"
        echo 'echo "welcome home"' >> "/home/$name/.bashrc"
        sed -i '1i echo "welcome home"' "/home/$name/.bashrc"
      done
      echo 'ada ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ada`);
  }, 300_000);
  afterAll(async () => machine[Symbol.asyncDispose]());

  const open = async (user: string): Promise<RemoteHost> =>
    openHost(
      { user, address: machine.address, port: 22 },
      {
        identities: [{ from: "a key", is: { privateKey: key.privateKey } }],
        trust: [{ fingerprint: await machine.hostKey() }],
        clock: realClock,
      },
    );

  describeRemoteHost("a user who may become root", () => open("ada"));

  test("says so when that user may not become root, and how he may", async () => {
    await using host = await open("bob");
    await expect(host.run("true", { seconds: 30 })).rejects.toMatchObject({
      code: "SSH_AUTH",
      message: expect.stringContaining("a password is required") as string,
      hint: expect.stringContaining("bob ALL=(ALL) NOPASSWD: ALL") as string,
    });
  });

  test("says so when there is no sudo", async () => {
    await machine.exec("mv /usr/bin/sudo /usr/bin/sudo.gone");
    await using host = await open("ada");
    await expect(host.run("true", { seconds: 30 })).rejects.toMatchObject({
      code: "SSH_AUTH",
      message: expect.stringContaining("not found") as string,
    });
    await machine.exec("mv /usr/bin/sudo.gone /usr/bin/sudo");
  });
});
