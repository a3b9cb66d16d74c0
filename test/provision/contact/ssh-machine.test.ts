import { randomBytes } from "node:crypto";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { MachineRun } from "../../../provision/machine-hands.ts";
import type { Progress } from "../../../provision/progress.ts";
import { ContactFile } from "../../../provision/contact/contact-file.ts";
import type { Contact } from "../../../provision/contact/contact.ts";
import { SshMachine, type SshMachineParts } from "../../../provision/contact/ssh-machine.ts";
import type { Wanted } from "../../../provision/wanted.ts";
import { openHost } from "../../../src/adapters/ssh/open-host.ts";
import { realClock } from "../../../src/adapters/time/real-clock.ts";
import type { Server } from "../../../src/ports/server-provider.ts";
import { machinesBootHere } from "../../support/machine/here.ts";
import { Machine } from "../../support/machine/machine.ts";
import { wantedInCloud } from "../wanted.ts";
import { approach, visitor } from "./on-machine.ts";

describe.runIf(machinesBootHere())("a machine behind ssh", { tags: ["droplet", "slow"] }, () => {
  let stack: AsyncDisposableStack;
  let kept: Contact[];
  let told: Progress[];
  let opened: number;
  beforeEach(() => {
    stack = new AsyncDisposableStack();
    kept = [];
    told = [];
    opened = 0;
  });
  afterEach(async () => stack.disposeAsync());

  /** A run of provision-worker from here; another one knows what this one kept. */
  function begin(changed: Partial<SshMachineParts> = {}): SshMachine {
    const spool = {
      read: async () => kept.at(-1),
      write: async (value: unknown) => void kept.push(structuredClone(value) as Contact),
    };
    return stack.use(
      new SshMachine({
        wanted,
        file: new ContactFile(spool),
        open: async (at, trust) => {
          opened++;
          return openHost(at, { ...approach, trust });
        },
        knownToSsh: [],
        acceptNewHostKey: false,
        onlyLook: false,
        lockOrder: async () => ({ async [Symbol.asyncDispose]() {} }),
        who: "a test",
        clock: realClock,
        random: randomBytes,
        ...changed,
      }),
    );
  }

  async function boot(order: Partial<Parameters<typeof Machine.boot>[0]> = {}): Promise<Machine> {
    return stack.use(await Machine.boot({ name: "met", authorizedKey: visitor.publicKey, ...order }));
  }

  const tell = (progress: Progress) => void told.push(progress);
  const last = () => kept.at(-1) ?? {};

  test("is a new server: awaited, known by the key it was given, and given one of its own", async () => {
    const { userData } = await begin().expectServer();
    expect(last().throwAway).toBeDefined();
    const machine = await boot({ userData, sshDelaySeconds: 3 });

    const first = begin();
    const seen = await first.gather(serverAt(machine), tell);
    expect(seen.contact).toEqual({ hostKey: await machine.hostKey(), isThrowAway: true });
    expect(told).toContainEqual(
      expect.objectContaining({ event: "waiting", what: "ssh answers", obstacle: "connection refused" }),
    );
    const lock = await first.lock();
    await first.rotateHostKey(tell);
    const own = (await first.gather(serverAt(machine), tell)).contact;
    expect(own).toEqual({ hostKey: await machine.hostKey(), isThrowAway: false });
    expect(own.hostKey).not.toBe(seen.contact.hostKey);
    expect(last()).toEqual({ target: wanted.target, address: machine.address, hostKey: own.hostKey });
    await lock[Symbol.asyncDispose]();

    opened = 0;
    const written = kept.length;
    const second = begin();
    expect((await second.gather(serverAt(machine), tell)).contact).toEqual(own);
    expect([opened, kept.length]).toEqual([1, written]);
  });

  test("has its key changed by the next run, wherever one ended between", async () => {
    const { userData } = await begin().expectServer();
    const machine = await boot({ userData });
    const first = begin();
    const thrownAway = (await first.gather(serverAt(machine), tell)).contact.hostKey;
    const beforeItMadeItsOwn = last();
    await first.rotateHostKey(tell);
    const beforeWeSawIt = kept.at(-2)!;
    const done = last();

    kept.push(beforeWeSawIt);
    expect((await begin().gather(serverAt(machine), tell)).contact.isThrowAway).toBe(false);
    expect(last()).toEqual(done);

    for (const [known, undo] of [
      [beforeWeSawIt, beforeTheSwitch],
      [beforeItMadeItsOwn, beforeTheSwitch],
      [beforeItMadeItsOwn, `${beforeTheSwitch}; rm /etc/ssh/pawl_next_host_key`],
    ] as const) {
      kept.push(known);
      await machine.exec(undo);
      expect(await machine.hostKey()).toBe(thrownAway);
      const next = begin();
      expect((await next.gather(serverAt(machine), tell)).contact.isThrowAway).toBe(true);
      await next.rotateHostKey(tell);
      expect(last()).toEqual({ ...done, hostKey: await machine.hostKey() });
      expect(last().hostKey).not.toBe(thrownAway);
    }
  });

  test("is refused when it shows another key later, until a person says otherwise", async () => {
    const machine = await boot();
    const before = await machine.hostKey();
    await begin({ given: before }).gather(serverAt(machine), tell);
    const after = await machine.rekey();
    await expect(begin().gather(serverAt(machine), tell)).rejects.toMatchObject({
      code: "HOST_KEY_CHANGED",
      message: expect.stringContaining(`${after} (ssh-ed25519), expected was ${before}`) as string,
    });
    expect(told).toEqual([]);
    await begin({ acceptNewHostKey: true }).gather(serverAt(machine), tell);
    expect(told).toEqual([
      { event: "advice", text: `The host key ${after} is pinned now in place of ${before}.` },
    ]);
    const now = await begin().gather(serverAt(machine), tell);
    expect(now.contact.hostKey).toBe(after);
    expect(now.machine.connection).toEqual({ from: await seenFrom(machine), port: 22 });
  });

  test("is refused when nobody has vouched for its key", async () => {
    const machine = await boot();
    await expect(begin().gather(serverAt(machine), tell)).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      hint: expect.stringContaining("has forgotten that server") as string,
    });
    const knownToSsh = [{ fingerprint: await machine.hostKey(), type: "ssh-ed25519" }];
    await begin({ knownToSsh }).gather(serverAt(machine), tell);
    expect(last().hostKey).toBe(await machine.hostKey());
  });

  test("runs a long step on while the cable is out, under the same lock", async () => {
    const machine = await boot();
    const run = begin({ given: await machine.hostKey() });
    await run.gather(serverAt(machine), tell);
    await using _ = await run.lock();
    const lines: string[] = [];
    const heard = Promise.withResolvers<void>();
    const going = run.run({
      ...long,
      script: "echo begun; until [ -e /root/go ]; do sleep 0.1; done; echo ended; exit 3",
      onLine: (line) => {
        lines.push(line);
        heard.resolve();
      },
    });
    await heard.promise;
    await machine.pullCable();
    await expect
      .poll(() => told.find((one) => one.event === "waiting" && one.what === "the connection is back"), {
        timeout: 20_000,
      })
      .toBeDefined();
    await machine.exec("touch /root/go");
    await machine.plugCable();
    expect(await going).toEqual({ status: 3, output: "begun\nended\n" });
    expect(lines).toEqual(["begun", "ended"]);
    expect((await machine.run("flock -n /run/pawl-provision/lock true")).status).not.toBe(0);
  });

  test("says what a short script says, on both streams", async () => {
    const machine = await boot();
    const run = begin({ given: await machine.hostKey() });
    await run.gather(serverAt(machine), tell);
    const script = "cat; echo err >&2; exit 4";
    expect(await run.run({ ...long, long: false, script, input: "in\n" })).toEqual({
      status: 4,
      output: "in\nerr\n",
    });
  });
});

const wanted: Wanted = wantedInCloud();

/** Has a machine whose key was changed show the one of its user data again, and keep the other for later. */
const beforeTheSwitch = `set -e; cd /etc/ssh
mv ssh_host_ed25519_key pawl_next_host_key; mv ssh_host_ed25519_key.pub pawl_next_host_key.pub
awk '/ed25519_private/ { on = 1; next } /ed25519_public/ { on = 0 } on { sub(/^ +/, ""); print }' \
  /var/lib/cloud/seed/nocloud/user-data > ssh_host_ed25519_key
chmod 600 ssh_host_ed25519_key
ssh-keygen -y -f ssh_host_ed25519_key > ssh_host_ed25519_key.pub
systemctl restart ssh`;

const long = {
  step: "test.long",
  seconds: 60,
  long: true,
  onLine: () => undefined,
} satisfies Partial<MachineRun>;

function serverAt({ address }: Machine): Server {
  return {
    id: "1",
    name: wanted.name,
    state: "active",
    ours: true,
    address,
    region: "nyc3",
    size: "small",
    image: "debian",
    createdAt: "2026-11-21T10:00:00Z",
  };
}

/** Our address, by sshd's own word on who is connected. */
async function seenFrom(machine: Machine): Promise<string> {
  const said = await machine.exec("journalctl -u ssh -o cat --no-pager | grep Accepted | tail -n 1");
  return / from (\S+) port /.exec(said)?.[1] ?? "nobody";
}
