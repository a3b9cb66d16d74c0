import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { awaitSsh } from "../../../provision/contact/await-ssh.ts";
import { runLong, type Long } from "../../../provision/contact/run-long.ts";
import { realClock } from "../../../src/adapters/time/real-clock.ts";
import type { RemoteHost } from "../../../src/ports/remote-host.ts";
import { machinesBootHere } from "../../support/machine/here.ts";
import { Machine } from "../../support/machine/machine.ts";
import { visit, visitor } from "./on-machine.ts";

describe.runIf(machinesBootHere())("a long step", { tags: ["droplet", "slow"] }, () => {
  let machine: Machine;
  let host: RemoteHost;
  beforeAll(async () => {
    machine = await Machine.boot({ name: "long", authorizedKey: visitor.publicKey });
    host = await visit(machine);
  }, 300_000);
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    await machine[Symbol.asyncDispose]();
  });

  let calls = 0;
  function long(script: string, changed: Partial<Long> = {}): Long {
    const step = `test.step-${++calls}`;
    return { step, token: `call ${calls}`, seconds: 60, script, onLine: () => undefined, ...changed };
  }
  const run = (order: Long) => runLong({ host, again: (lost) => Promise.reject(lost) }, order);
  const ended = (step: string) => machine.run(`systemctl is-active pawl-step-${step}`);

  test.each([0, 1, 44, 255])("tells the status %i, and both of its outputs as one", async (status) => {
    const lines: string[] = [];
    const order = long(`echo one; echo two >&2; exit ${status}`, { onLine: (line) => lines.push(line) });
    expect(await run(order)).toEqual({ status, stdout: "one\ntwo\n", stderr: "" });
    expect(lines).toEqual(["one", "two"]);
    expect((await ended(order.step)).stdout.trim()).toBe("inactive");
  });

  test("gets its input, of which no file is left while it runs", async () => {
    const order = long("ls /run/pawl-provision/steps/*/; cat", { input: Buffer.from("a secret\n") });
    const { stdout } = await run(order);
    expect(stdout).toContain("a secret\n");
    expect(stdout).not.toContain("input");
  });

  test("can be read by root alone", async () => {
    await run(long("echo hidden"));
    const outside = "setpriv --reuid 65534 --regid 65534 --clear-groups ls -R /run/pawl-provision";
    expect((await machine.run(outside)).status).not.toBe(0);
  });

  test("takes any text as its script", async () => {
    const text = `'"\\'" $HOME $(id) \`id\` ä€😀 %s %n \\n`;
    const { stdout } = await run(long(`cat <<'END'\n${text}\nEND`));
    expect(stdout).toBe(`${text}\n`);
  });

  test("that takes too long is ended, with all that it started", async () => {
    const order = long("sleep 1000 & echo begun; sleep 1000", { seconds: 1 });
    expect(await run(order)).toMatchObject({
      status: 124,
      stdout: "begun\npawl: it took too long and was ended\n",
    });
    expect((await machine.run("pgrep -f 'sleep 100[0]'")).stdout).toBe("");
  });

  test("that is killed says by what", async () => {
    expect(await run(long("kill -KILL $$"))).toMatchObject({
      status: 137,
      stdout: "pawl: it was ended by the signal KILL\n",
    });
  });

  test("brings much output whole and in order", async () => {
    const lines: string[] = [];
    await run(long("seq 200000", { onLine: (line) => lines.push(line) }));
    expect(lines.length).toBe(200_000);
    expect(lines.at(-1)).toBe("200000");
  });

  test("runs anew when it ended before: what it did then may be undone", async () => {
    const order = long("echo x >> /root/counted; wc -l < /root/counted");
    expect((await run(order)).stdout).toBe("1\n");
    expect((await run({ ...order, token: "another call" })).stdout).toBe("2\n");
  });

  test("goes on while nobody is there, and whoever comes next follows it to its end", async () => {
    const lines: string[] = [];
    const order = long("echo one; until rm /root/go 2> /dev/null; do sleep 0.1; done; echo two");
    const first = await visit(machine);
    const heard = Promise.withResolvers<void>();
    const lost = runLong(
      { host: first, again: (fault) => Promise.reject(fault) },
      { ...order, onLine: () => heard.resolve() },
    ).catch((error: unknown) => error);
    await heard.promise;
    await machine.exec("pkill -KILL -n -f '^sshd: root@notty'");
    expect(await lost).toMatchObject({ code: "SSH_LOST" });

    const next = run({ ...order, token: "another call", onLine: (line) => lines.push(line) });
    await expect.poll(() => lines, { timeout: 20_000 }).toEqual(["one"]);
    await machine.exec("touch /root/go");
    expect(await next).toEqual({ status: 0, stdout: "one\ntwo\n", stderr: "" });
    await first[Symbol.asyncDispose]();
  });

  test("of another run that fails is done again by ours", async () => {
    const order = long("echo theirs; until rm /root/go 2> /dev/null; do sleep 0.1; done; exit 7");
    const begun = Promise.withResolvers<void>();
    const first = await visit(machine);
    const theirs = runLong(
      { host: first, again: (lost) => Promise.reject(lost) },
      { ...order, onLine: () => begun.resolve() },
    ).catch((error: unknown) => error);
    await begun.promise;
    await first[Symbol.asyncDispose]();
    expect(await theirs).toMatchObject({ code: "SSH_LOST" });
    const lines: string[] = [];
    const ours = run({ ...order, script: "echo ours", token: "ours", onLine: (line) => lines.push(line) });
    await expect.poll(() => lines, { timeout: 20_000 }).toEqual(["theirs"]);
    await machine.exec("touch /root/go");
    expect(await ours).toEqual({ status: 0, stdout: "ours\n", stderr: "" });
    expect(lines).toEqual(["theirs", "ours"]);
  });

  test("is followed over a new connection when the old one is lost, no line twice", async () => {
    const lines: string[] = [];
    const order = long(
      "for n in 1 2 3; do echo $n; until rm /root/go$n 2> /dev/null; do sleep 0.1; done; done",
    );
    const first = await visit(machine);
    const later: RemoteHost[] = [];
    const ran = runLong(
      {
        host: first,
        again: async () => {
          const next = await visit(machine);
          later.push(next);
          return next;
        },
      },
      { ...order, onLine: (line) => lines.push(line) },
    );
    for (const n of [1, 2, 3]) {
      await expect.poll(() => lines.length, { timeout: 20_000 }).toBe(n);
      if (n < 3) await machine.exec("pkill -KILL -n -f '^sshd: root@notty'");
      await machine.exec(`touch /root/go${n}`);
    }
    expect(await ran).toEqual({ status: 0, stdout: "1\n2\n3\n", stderr: "" });
    expect(lines).toEqual(["1", "2", "3"]);
    for (const one of [first, ...later]) await one[Symbol.asyncDispose]();
  });

  test("whose end came while the connection was lost is not done twice", async () => {
    const order = long(
      "echo x >> /root/ends; echo begun; until rm /root/go 2> /dev/null; do sleep 0.1; done",
    );
    const first = await visit(machine);
    const heard = Promise.withResolvers<void>();
    const ran = runLong(
      {
        host: first,
        again: async () => {
          await machine.exec(
            `touch /root/go; while [ ! -e /run/pawl-provision/steps/${order.step}/ended ]; do sleep 0.1; done`,
          );
          return host;
        },
      },
      { ...order, onLine: () => heard.resolve() },
    );
    await heard.promise;
    await machine.exec("pkill -KILL -n -f '^sshd: root@notty'");
    expect((await ran).status).toBe(0);
    expect(await machine.exec("cat /root/ends")).toBe("x");
    await first[Symbol.asyncDispose]();
  });

  test("of which the machine knows nothing any more, since it started again, is begun anew", async () => {
    const order = long("echo begun; [ -e /root/again ] || sleep 600");
    const heard = Promise.withResolvers<void>();
    const ran = runLong(
      {
        host,
        again: async () => {
          const patience = { clock: realClock, seconds: 60, everySeconds: 0.5, onWait: () => undefined };
          host = await awaitSsh(() => visit(machine), patience);
          return host;
        },
      },
      { ...order, onLine: () => heard.resolve() },
    );
    await heard.promise;
    await machine.exec("touch /root/again");
    await machine.reboot();
    expect(await ran).toMatchObject({ status: 0, stdout: "begun\n" });
  });

  test("has a name that means nothing to a shell", async () => {
    await expect(run(long("true", { step: "a;reboot" }))).rejects.toThrow(TypeError);
  });
});
