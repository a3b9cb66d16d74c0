import { userInfo } from "node:os";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openHost } from "../../../src/adapters/ssh/open-host.ts";
import type { RemoteHost } from "../../../src/ports/remote-host.ts";
import { needs } from "../../support/require.ts";
import { approachTo, rootOn } from "../../support/ssh-approach.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

const isHere = needs("sshd", "openssh-server") && userInfo().uid === 0;

describe.skipIf(!isHere)("a connection", { tags: ["slow"] }, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => sshd[Symbol.asyncDispose]());

  test("that is cut ends all that goes on over it, and what comes later", async () => {
    await using host = await openHost(rootOn(sshd), approachTo(sshd));
    await using held = await host.hold("echo held; cat > /dev/null", 30);
    expect(held.firstLine).toBe("held");
    const runs = ["one", "two"].map(async (word) =>
      endOf(host.run(`echo ${word}; sleep 60`, { seconds: 90 })),
    );
    process.kill(await sessionOf(host), "SIGKILL");
    for (const end of [...runs, endOf(host.run("true", { seconds: 9 }))]) {
      expect(await end).toMatchObject({ code: "SSH_LOST" });
    }
  });

  test("that falls silent is given up; our process lives on", async () => {
    await using host = await openHost(rootOn(sshd), approachTo(sshd, { keepaliveSeconds: 0.1 }));
    const session = await sessionOf(host);
    const run = endOf(host.run("sleep 60", { seconds: 90 }));
    process.kill(session, "SIGSTOP");
    try {
      expect(await run).toMatchObject({
        code: "SSH_LOST",
        message: expect.stringContaining("Keepalive timeout") as string,
      });
    } finally {
      process.kill(session, "SIGKILL");
    }
  });

  test("is given up when a script takes longer than it may", async () => {
    await using host = await openHost(rootOn(sshd), approachTo(sshd));
    expect(await endOf(host.run("sleep 60", { seconds: 0.2 }))).toMatchObject({ code: "SSH_TIMEOUT" });
    expect(await endOf(host.run("true", { seconds: 9 }))).toMatchObject({ code: "SSH_TIMEOUT" });
  });

  test("is given up when nothing says in time that it is held", async () => {
    await using host = await openHost(rootOn(sshd), approachTo(sshd));
    expect(await endOf(host.hold("sleep 60", 0.2))).toMatchObject({ code: "SSH_TIMEOUT" });
  });

  test("says so when the machine opens fewer sessions than we need", async () => {
    await using strict = await startSshd(["MaxSessions 1"]);
    await using host = await openHost(rootOn(strict), approachTo(strict));
    await using _ = await host.hold("echo held; cat > /dev/null", 30);
    expect(await endOf(host.run("true", { seconds: 9 }))).toMatchObject({
      code: "SSH_REFUSED",
      hint: expect.stringContaining("MaxSessions") as string,
    });
  });

  test("passes over what a login prints before our script begins", async () => {
    await using noisy = await startSshd([
      'ForceCommand echo pawl-; printf noise; sh -c "$SSH_ORIGINAL_COMMAND"',
    ]);
    await using host = await openHost(rootOn(noisy), approachTo(noisy));
    const lines: string[] = [];
    const ran = await host.run("echo one", { seconds: 9, onLine: (line) => lines.push(line) });
    expect([ran.stdout, lines]).toEqual(["one\n", ["one"]]);
  });

  test("tells what an account says that lets nobody run a command", async () => {
    const words = 'Please login as the user \\"debian\\".\x1b[2J';
    await using polite = await startSshd([`ForceCommand printf '${words}'; exit 142`]);
    await using host = await openHost(rootOn(polite), approachTo(polite));
    expect(await endOf(host.run("echo one", { seconds: 9 }))).toMatchObject({
      code: "SSH_AUTH",
      message: expect.stringContaining('be root: Please login as the user "debian". [2J') as string,
    });
  });

  test("that ends while a script comes does not run the half of it", async () => {
    await using part = await startSshd([`ForceCommand head -c 900 | sh -c "$SSH_ORIGINAL_COMMAND"`]);
    await using host = await openHost(rootOn(part), approachTo(part));
    const script = `echo begun\n# ${"x".repeat(2000)}`;
    expect(await endOf(host.run(script, { seconds: 9 }))).toMatchObject({ code: "STEP_FAILED" });
    const input = "x".repeat(2000);
    expect(await endOf(host.run("echo begun", { seconds: 9, input }))).toMatchObject({ code: "STEP_FAILED" });
    expect((await host.run("echo begun", { seconds: 9 })).stdout).toBe("begun\n");
  });

  test.each(["1", "2"])(
    "is given up when output %s has no end, long before our memory has one",
    async (stream) => {
      await using host = await openHost(rootOn(sshd), approachTo(sshd));
      expect(
        await endOf(host.run(`yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx >&${stream}`, { seconds: 50 })),
      ).toMatchObject({
        code: "STEP_FAILED",
        message: expect.stringContaining("did not stop") as string,
      });
    },
  );

  test("brings much of standard error too", async () => {
    await using host = await openHost(rootOn(sshd), approachTo(sshd));
    const { stderr } = await host.run("head -c 5000000 /dev/zero | tr '\\0' e >&2", { seconds: 30 });
    expect(stderr.length).toBe(5_000_000);
  });
});

/** The process of sshd that has this connection. */
async function sessionOf(host: RemoteHost): Promise<number> {
  return Number((await host.run("echo $PPID", { seconds: 9 })).stdout);
}

async function endOf(doing: Promise<unknown>): Promise<unknown> {
  return doing.then(
    () => "it went well",
    (error: unknown) => error,
  );
}
