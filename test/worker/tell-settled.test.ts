import { expect, test } from "vitest";

import { NodeName } from "../../src/core/ids.ts";
import { ownHub } from "../../src/core/pace.ts";
import type { Event } from "../../src/core/event.ts";
import { tellSettled } from "../../worker/tell-settled.ts";
import { Unfit } from "../../worker/unfit.ts";
import { HandClock } from "../support/hand-clock.ts";
import { adasTask, adasToken } from "../support/tasks.ts";

const settings = {
  name: NodeName.parse("ada"),
  slots: 1,
  capabilities: [],
  pollSeconds: 5,
  pace: ownHub,
  drainSeconds: 10,
  defaultExecutor: "agent",
  remote: "hub",
  host: "here",
  version: "0",
};

test("learns of a misconfigured executor also when the ledger had that before the answer got lost", () => {
  const told: Event[] = [];
  const unfit = new Unfit(new HandClock(), () => 0.5);
  const ending = { kind: "misconfigured", why: "no credentials" } as const;
  const finished = { task: adasTask(), token: adasToken, ending, facts: {}, started: "", ended: "" };
  const listeners = { announce: (event: Event) => void told.push(event), unfit, settings };
  tellSettled([{ finished, kind: "known" }], listeners);
  expect(told).toEqual([
    { kind: "worker-unhealthy", worker: "ada", executor: "agent", why: "no credentials" },
  ]);
  expect(unfit.misconfigured).toEqual({ agent: "no credentials" });
  expect(unfit.any).toBe(true);
});
