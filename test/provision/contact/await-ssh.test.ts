import { describe, expect, test } from "vitest";

import { awaitSsh, type Patience } from "../../../provision/contact/await-ssh.ts";
import { Fault, type FaultCode } from "../../../src/fault.ts";
import type { RemoteHost } from "../../../src/ports/remote-host.ts";
import { HandClock } from "../../support/hand-clock.ts";

const host: RemoteHost = {
  hostKey: "SHA256:x",
  run: () => Promise.reject(new Error("not here")),
  hold: () => Promise.reject(new Error("not here")),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Comes to a machine that is in these states, one after the other, the last one for ever. */
function come(states: readonly (FaultCode | "no way" | "open" | "defect")[]) {
  const clock = new HandClock();
  const told: string[] = [];
  let n = 0;
  const patience: Patience = {
    clock,
    seconds: 10,
    everySeconds: 2,
    onWait: (obstacle, seconds) => {
      told.push(`${obstacle} after ${seconds} s`);
      void clock.untilSomeoneSleeps().then(() => clock.advance(2000));
    },
  };
  const open = async (): Promise<RemoteHost> => {
    const state = states[Math.min(n++, states.length - 1)];
    if (state === "open") return host;
    if (state === "defect" || state === undefined) throw new TypeError("a defect");
    if (state === "no way") {
      throw new Fault("SSH_REFUSED", "There is no way from here (EHOSTUNREACH)", { hint: "a hint" });
    }
    const also = state === "SSH_REFUSED" ? ": it refuses connections" : "";
    throw new Fault(state, `what ${state} says${also}`, { hint: "a hint" });
  };
  return { told, came: awaitSsh(open, patience) };
}

describe("waiting for ssh", () => {
  test("ends with the connection, and tells what stood in the way until then", async () => {
    const { told, came } = come([
      "SSH_TIMEOUT",
      "SSH_REFUSED",
      "HOST_KEY_CHANGED",
      "SSH_AUTH",
      "SSH_LOST",
      "open",
    ]);
    expect(await came).toBe(host);
    expect(told).toEqual([
      "no answer after 0 s",
      "connection refused after 2 s",
      "it shows another host key after 4 s",
      "our key is not let in yet after 6 s",
      "connection lost after 8 s",
    ]);
  });

  test("calls refused only what was", async () => {
    const { told, came } = come(["no way", "open"]);
    expect(await came).toBe(host);
    expect(told).toEqual(["There is no way from here (EHOSTUNREACH) after 0 s"]);
  });

  test.each<FaultCode>(["SSH_TIMEOUT", "SSH_REFUSED", "HOST_KEY_CHANGED", "SSH_AUTH"])(
    "has an end, and then says the last obstacle: %s",
    async (code) => {
      await expect(come(["SSH_LOST", code]).came).rejects.toMatchObject({
        code,
        message: expect.stringMatching(`^what ${code} says.*, for 10 s now$`),
        hint: "a hint",
      });
    },
  );

  test.each<FaultCode | "defect">(["HOST_KEY_UNKNOWN", "SSH_NO_KEY", "defect"])(
    "does not wait for what time does not mend: %s",
    async (state) => {
      const { told, came } = come([state, "open"]);
      await expect(came).rejects.toBeInstanceOf(Error);
      expect(told).toEqual([]);
    },
  );
});
