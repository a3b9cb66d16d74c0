import { expect, test } from "vitest";

import type { Envelope } from "../../src/core/envelope.ts";
import { Fault } from "../../src/fault.ts";
import { budgetOfMain } from "../../src/main/budget-of-main.ts";
import { mirrorDeliveries } from "../../src/wire/mirror-deliveries.ts";
import type { Config } from "../../src/config/settle.ts";
import { HandClock } from "../support/hand-clock.ts";

test("a copy of the deliveries that fails, whatever the reason, is told once a day and tried again", async () => {
  const clock = new HandClock("2026-11-21T23:50:00Z");
  const stop = new AbortController();
  const told = new Map<string, Envelope>();
  let tries = 0;
  const reasons = [
    new TypeError("words of a library"),
    Object.assign(new Error("open"), { code: "EIO", syscall: "open" }),
    new Fault("AUTH_REFUSED", "The host refuses this key", { hint: "-" }),
  ];
  const courier = {
    mirror: () => Promise.reject(reasons[tries++ % reasons.length]!),
    tell: (envelope: Envelope) => void told.set(envelope.id, told.get(envelope.id) ?? envelope),
  };
  const config = () => ({ profile: "own-hub" }) as Config;
  const tools = { config, blank: (text: string) => text, clock, pushes: budgetOfMain(clock, () => 5) };
  const running = mirrorDeliveries(courier, tools, stop.signal);
  await clock.advance(20 * 60_000);
  stop.abort();
  await running;
  expect(tries).toBeGreaterThan(10);
  expect([...told.values()].map(({ at }) => at.slice(0, 10))).toEqual(["2026-11-21", "2026-11-22"]);
  expect([...told.values()][0]?.summary).toBe(
    "It broke (TypeError). They are safe on this machine; it is tried again.",
  );
});
