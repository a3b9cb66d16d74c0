import { spawn, execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Address } from "../../../src/adapters/ssh/address.ts";
import { openHost, type Approach } from "../../../src/adapters/ssh/open-host.ts";
import { knownHostKeys, type Trust } from "../../../src/format/known-hosts.ts";
import { fingerprintOf, readPublicKey, sshKeyPair } from "../../../src/format/ssh-key.ts";
import { aClosedPort } from "../../support/closed-port.ts";
import { needs } from "../../support/require.ts";
import { approachTo, keyOf, rootOn } from "../../support/ssh-approach.ts";
import { makeKey, startSshd, type Sshd } from "../../support/sshd.ts";

const isHere = needs("sshd", "openssh-server") && userInfo().uid === 0;
const stranger = sshKeyPair(Buffer.alloc(32, 9), "").fingerprint;

describe.skipIf(!isHere)("to open a host by ssh", { tags: ["slow"] }, () => {
  let sshd: Sshd;
  let fingerprint: string;
  beforeAll(async () => {
    sshd = await startSshd();
    fingerprint = knownHostKeys(sshd.knownHostsLine, "127.0.0.1", sshd.port)[0]!.fingerprint;
  });
  afterAll(async () => sshd[Symbol.asyncDispose]());

  const fails = async (changed: Partial<Approach>, at: Partial<Address> = {}) =>
    openHost({ ...rootOn(sshd), ...at }, approachTo(sshd, changed)).then(
      () => expect.unreachable("it was opened"),
      (error: unknown) => error,
    );

  test("fails when the key is not let in, and says which keys those were", async () => {
    makeKey(join(sshd.folder, "stranger"));
    expect(await fails({ identities: [keyOf(sshd, "stranger")] })).toMatchObject({
      code: "SSH_AUTH",
      message: `root@127.0.0.1:${sshd.port} does not let in the key of the key stranger`,
    });
  });

  test("fails when there is no key to be let in by", async () => {
    expect(await fails({ identities: [] })).toMatchObject({ code: "SSH_AUTH" });
  });

  test("goes on to the next key, past an agent that does not answer and a key that is none, and leaves no connection behind", async () => {
    const identities = [
      { from: "an agent", is: { agent: "/no/such/socket" } },
      { from: "a file", is: { privateKey: "nothing" } },
      keyOf(sshd),
    ];
    const host = await openHost(rootOn(sshd), approachTo(sshd, { identities }));
    expect(host.hostKey).toBe(fingerprint);
    await host[Symbol.asyncDispose]();
    const sessions = `/proc/${sshd.pid}/task/${sshd.pid}/children`;
    await expect.poll(() => readFileSync(sessions, "utf8"), { timeout: 20_000 }).toBe("");
  });

  test.skipIf(!needs("ssh-agent", "openssh-client"))("is let in by an agent's key", async () => {
    const socket = join(sshd.folder, "agent");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(agent.stdout, "data");
      const env = { ...process.env, SSH_AUTH_SOCK: socket };
      execFileSync("ssh-add", ["-q", join(sshd.folder, "user")], { env });
      const identities = [{ from: "the agent", is: { agent: socket } }];
      await using host = await openHost(rootOn(sshd), approachTo(sshd, { identities }));
      expect(host.hostKey).toBe(fingerprint);
    } finally {
      agent.kill();
    }
  });

  test.each<[string, Trust]>([
    ["its kind", [{ fingerprint: stranger, type: "ssh-ed25519" }]],
    ["a fingerprint alone", [{ fingerprint: stranger }]],
  ])("shows both fingerprints when the host key is another one, known by %s", async (_, trust) => {
    expect(await fails({ trust })).toMatchObject({
      code: "HOST_KEY_CHANGED",
      message: expect.stringMatching(
        new RegExp(`host key ${quoted(fingerprint)} \\(ssh-ed25519\\), expected was ${quoted(stranger)}`),
      ) as string,
    });
  });

  test("says so when the host has no key of the expected kind", async () => {
    expect(await fails({ trust: [{ fingerprint: stranger, type: "ssh-rsa" }] })).toMatchObject({
      code: "HOST_KEY_CHANGED",
      message: expect.stringContaining("ssh-rsa") as string,
    });
  });

  test("shows the key of a host that nobody vouched for, with the words that accept it", async () => {
    expect(await fails({ trust: [] })).toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      hint: expect.stringContaining(`--host-key ${fingerprint}`) as string,
    });
  });

  test("takes any key when a person decided so, and tells which it was", async () => {
    await using host = await openHost(rootOn(sshd), approachTo(sshd, { trust: "any" }));
    expect(host.hostKey).toBe(fingerprint);
  });

  test("takes one of several keys: before and after a host changes its own", async () => {
    const trust = [{ fingerprint: stranger }, { fingerprint }];
    await using host = await openHost(rootOn(sshd), approachTo(sshd, { trust }));
    expect(host.hostKey).toBe(fingerprint);
  });

  test.each(["rsa", "ecdsa"])(
    "finds the %s key of a host with several, by its fingerprint alone",
    async (kind) => {
      const path = join(sshd.folder, `host-${kind}`);
      execFileSync("ssh-keygen", ["-q", "-t", kind, "-N", "", "-f", path]);
      await using other = await startSshd([`HostKey ${path}`]);
      const key = fingerprintOf(readPublicKey(readFileSync(`${path}.pub`, "utf8"))!.blob);
      const approach = approachTo(other, { trust: [{ fingerprint: key }] });
      await using host = await openHost(rootOn(other), approach);
      expect(host.hostKey).toBe(key);
    },
  );

  test("says so when nothing listens", async () => {
    expect(await fails({}, { port: await aClosedPort() })).toMatchObject({
      code: "SSH_REFUSED",
      message: expect.stringContaining("refuses connections") as string,
    });
  });

  test("says so when a name is not known", async () => {
    expect(await fails({}, { address: "no-such-host.invalid" })).toMatchObject({ code: "SSH_REFUSED" });
  });

  test("gives up a port that is silent", async () => {
    await using port = await listen(() => undefined);
    expect(await fails({ connectSeconds: 0.3 }, { port: port.number })).toMatchObject({
      code: "SSH_TIMEOUT",
    });
  });

  test.each([
    ["hangs up", ""],
    ["is not ssh", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["speaks of other things for ever", "x".repeat(100_000)],
  ])("says so when what listens %s", async (_, words) => {
    await using port = await listen((socket) => socket.end(words));
    expect(await fails({}, { port: port.number })).toMatchObject({ code: "SSH_REFUSED" });
  });

  test("keeps nothing of the key in what it throws", async () => {
    const key = keyOf(sshd, "stranger");
    const fault = await fails({ identities: [key] });
    const secret = "privateKey" in key.is ? key.is.privateKey.split("\n")[2]! : "";
    expect(secret.length).toBeGreaterThan(20);
    expect((await import("node:util")).inspect(fault, { depth: 20, showHidden: true })).not.toContain(secret);
    expect(fault).toMatchObject({ cause: undefined });
  });
});

async function listen(answer: (socket: Socket) => void): Promise<AsyncDisposable & { number: number }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    answer(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    number: typeof address === "object" && address ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function quoted(text: string): string {
  return text.replace(/[+/]/g, "\\$&");
}
