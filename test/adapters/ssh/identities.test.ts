import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { findKeys } from "../../../src/adapters/ssh/identities.ts";
import { readKnownHosts } from "../../../src/adapters/ssh/read-known-hosts.ts";
import { sshKeyPair } from "../../../src/format/ssh-key.ts";
import { needs } from "../../support/require.ts";

describe.skipIf(!needs("ssh-keygen", "openssh-client"))(
  "the keys to reach a machine by",
  { tags: ["slow"] },
  () => {
    let home: string;
    let own: string;
    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), "pawl-home-"));
      mkdirSync(join(home, ".ssh"));
      own = join(home, "state", "id_ed25519");
    });
    afterEach(() => rmSync(home, { recursive: true, force: true }));

    function give(name: string, { type = "ed25519", passphrase = "" } = {}): string {
      const path = join(home, ".ssh", name);
      execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", "me@here", "-f", path]);
      return readFileSync(`${path}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
    }

    test("are made where there are none, for us alone, and are the same ever after", async () => {
      const made = await findKeys({ home, own });
      expect(made).toMatchObject({ isNew: true, from: own });
      expect([statSync(own).mode & 0o777, statSync(join(home, "state")).mode & 0o777]).toEqual([
        0o600, 0o700,
      ]);
      expect(execFileSync("ssh-keygen", ["-y", "-f", own], { encoding: "utf8" })).toBe(
        `${made.ownKey} pawl\n`,
      );
      expect(await findKeys({ home, own })).toEqual({ ...made, isNew: false });
      expect(readdirSync(join(home, "state"))).toEqual(["id_ed25519"]);
    });

    test("are the same for two runs that make one at the same time", async () => {
      const [one, other] = await Promise.all([findKeys({ home, own }), findKeys({ home, own })]);
      expect(one.ownKey).toBe(other.ownKey);
    });

    test("are the person's own", async () => {
      const mine = give("id_ed25519");
      const found = await findKeys({ home, own });
      expect(found).toMatchObject({ ownKey: mine, from: join(home, ".ssh", "id_ed25519"), isNew: false });
      expect(readdirSync(home)).toEqual([".ssh"]);
    });

    test("are no key that asks for a passphrase", async () => {
      give("id_ed25519", { passphrase: "secret" });
      const mine = give("id_rsa", { type: "rsa" });
      expect(await findKeys({ home, own })).toMatchObject({ ownKey: mine, identities: [{}] });
    });

    test("are first of all the one that was made: machines may know us by that one alone", async () => {
      const made = await findKeys({ home, own });
      give("id_ed25519");
      const found = await findKeys({ home, own });
      expect(found.ownKey).toBe(made.ownKey);
      expect(found.identities.map(({ from }) => from)).toEqual([own, join(home, ".ssh", "id_ed25519")]);
    });

    test("are those of the agent before those of files, its ed25519 key first", async () => {
      const rsa = give("agent_rsa", { type: "rsa" });
      const mine = give("agent_ed25519");
      give("id_ed25519");
      const agent = join(home, "agent");
      const daemon = spawn("ssh-agent", ["-D", "-a", agent], { stdio: ["ignore", "pipe", "inherit"] });
      try {
        await once(daemon.stdout, "data");
        const env = { ...process.env, SSH_AUTH_SOCK: agent };
        for (const name of ["agent_rsa", "agent_ed25519"]) {
          execFileSync("ssh-add", ["-q", join(home, ".ssh", name)], { env });
        }
        const found = await findKeys({ home, agent, own });
        expect(found).toMatchObject({ ownKey: mine, from: "the ssh agent" });
        expect(found.ownKey).not.toBe(rsa);
        expect(found.identities.map(({ from }) => from)).toEqual([
          "the ssh agent",
          join(home, ".ssh", "id_ed25519"),
        ]);
      } finally {
        daemon.kill();
      }
    });

    test("are found without an agent that does not answer", async () => {
      const mine = give("id_ed25519");
      expect(await findKeys({ home, agent: join(home, "none"), own })).toMatchObject({ ownKey: mine });
    });

    test("are not written over a file that is no key", async () => {
      mkdirSync(join(home, "state"));
      writeFileSync(own, "something else");
      await expect(findKeys({ home, own })).rejects.toMatchObject({ code: "SSH_NO_KEY" });
      expect(readFileSync(own, "utf8")).toBe("something else");
    });
  },
);

describe("what ssh knows of a host", () => {
  test("is read where it keeps that, and is nothing where there is no such file", async () => {
    const home = mkdtempSync(join(tmpdir(), "pawl-home-"));
    expect(await readKnownHosts(home, "worker.invalid", 22)).toEqual([]);
    const { publicKey, fingerprint } = sshKeyPair(Buffer.alloc(32, 1), "");
    mkdirSync(join(home, ".ssh"));
    writeFileSync(join(home, ".ssh", "known_hosts"), `worker.invalid ${publicKey}`);
    expect(await readKnownHosts(home, "worker.invalid", 22)).toEqual([{ type: "ssh-ed25519", fingerprint }]);
    rmSync(home, { recursive: true, force: true });
  });
});
