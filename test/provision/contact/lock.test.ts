import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { lockMachine, type Locking } from "../../../provision/contact/lock.ts";
import { realClock } from "../../../src/adapters/time/real-clock.ts";
import type { RemoteHost } from "../../../src/ports/remote-host.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { machinesBootHere } from "../../support/machine/here.ts";
import { Machine } from "../../support/machine/machine.ts";
import { visit, visitor } from "./on-machine.ts";

describe.runIf(machinesBootHere())("the lock of a machine", { tags: ["droplet", "slow"] }, () => {
  let machine: Machine;
  let host: RemoteHost;
  beforeAll(async () => {
    machine = await Machine.boot({ name: "locked", authorizedKey: visitor.publicKey });
    host = await visit(machine);
  }, 300_000);
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    await machine[Symbol.asyncDispose]();
  });

  const us: Locking = { who: "us", clock: realClock, onWait: () => undefined };

  test("keeps another run out, who is told who holds it; and is free again when that one has ended", async () => {
    const who = `ada@laptop's "$(id)"\u001b[2J`;
    const held = await lockMachine(host, { ...us, who });
    const other = await visit(machine);
    const clock = new HandClock();
    const waits: string[] = [];
    const refused = lockMachine(other, {
      ...us,
      clock,
      onWait: (holder) => {
        waits.push(holder);
        void clock.untilSomeoneSleeps().then(() => clock.advance(5000));
      },
    }).catch((error: unknown) => error);
    expect(await refused).toMatchObject({
      code: "ALREADY_RUNNING",
      message: expect.stringContaining(`ada@laptop's "$(id)" [2J, for`) as string,
    });
    expect(waits.length).toBeGreaterThan(1);

    await held[Symbol.asyncDispose]();
    await using _ = await lockMachine(other, us);
    await other[Symbol.asyncDispose]();
  });

  test("is free when the connection of its holder is cut", async () => {
    const lost = await visit(machine);
    await lockMachine(lost, us);
    await machine.exec("pkill -KILL -n -f '^sshd: root@notty'");
    await using _ = await lockMachine(host, us);
    await lost[Symbol.asyncDispose]();
  });

  test("is let go by the machine when it hears nothing from its holder, though the connection stands", async () => {
    const silent = await visit(machine);
    const still = { ...us, clock: new HandClock() };
    await lockMachine(silent, still);
    await machine.exec("pkill -STOP -n -f '^sshd: root@notty'");
    const waits: string[] = [];
    await using _ = await lockMachine(host, { ...us, onWait: (holder) => waits.push(holder) });
    expect(waits[0]).toMatch(/^us, for \d+ s now$/);
    await machine.exec("pkill -KILL -n -f '^sshd: root@notty'");
    await silent[Symbol.asyncDispose]();
  });

  test("is root's alone", async () => {
    await using _ = await lockMachine(host, us);
    const outside =
      "setpriv --reuid 65534 --regid 65534 --clear-groups flock -n /run/pawl-provision/lock true";
    expect((await machine.run(outside)).status).not.toBe(0);
  });
});
