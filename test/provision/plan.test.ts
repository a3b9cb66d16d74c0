import { describe, expect, test } from "vitest";

import { allSteps } from "../../provision/all-steps.ts";
import type { Facts } from "../../provision/facts.ts";
import { exitCodeOf, plan, type Plan, requireReady } from "../../provision/plan.ts";
import type { Step, Verdict } from "../../provision/step.ts";
import { Fault } from "../../src/fault.ts";
import { ModelWorld } from "./model-world.ts";
import { provisioned } from "./play.ts";
import { wantedInCloud, wantedOnHost } from "./wanted.ts";

const right = { is: "right" } as const;
const work = { is: "work", because: "it is not there" } as const;
const unknown = { is: "unknown" } as const;
const impossible = { is: "impossible", fault: new Fault("LOW_DISK", "full", { hint: "make room" }) } as const;

function step(id: string, verdict: Verdict, changes: Partial<Step> = {}): Step {
  return {
    id,
    phase: "system",
    sentence: () => id,
    after: [],
    risk: "free",
    codes: [],
    check: () => verdict,
    apply: () => [],
    ...changes,
  };
}

function found({ steps }: Plan): Record<string, Verdict["is"]> {
  return Object.fromEntries(steps.map((one) => [one.step.id, one.verdict.is]));
}

async function factsOf(world: ModelWorld): Promise<Facts> {
  const hands = world.hands();
  return {
    cloud: await hands.gatherCloud(),
    repository: await hands.gatherRepository(),
    ...(world.machine && (await hands.gatherMachine(undefined, () => undefined))),
  };
}

describe("a step alone", () => {
  test("waits for what is itself not known yet, and not for what nobody asked for", () => {
    const steps = [
      step("system.one", unknown),
      step("system.none", work, { isAsked: () => false }),
      step("system.two", work, { after: ["system.one", "system.none"] }),
      step("system.three", work, { after: ["system.none"] }),
    ];
    expect(() => requireReady("system.two", steps, {}, wantedOnHost())).toThrow(
      "system.two waits for system.one, which is not done",
    );
    expect(() => requireReady("system.three", steps, {}, wantedOnHost())).not.toThrow();
  });
});

describe("a plan", () => {
  test("of nothing yet knows what is to be ordered, what it costs, and that the rest is to come", async () => {
    const world = new ModelWorld(wantedInCloud());
    const made = plan(allSteps, await factsOf(world), world.wanted);
    const { "cloud.server": server, "cloud.key": key, "cloud.account": account, ...rest } = found(made);
    expect({ server, key, account }).toEqual({ server: "work", key: "work", account: "right" });
    expect(rest["service.units"]).toBe("unknown");
    expect(made.monthly).toEqual({ monthly: 12, currency: "USD" });
    expect(exitCodeOf(made)).toBe(2);
  });

  test("of a worker that is all right has no work and no price", async () => {
    const world = await provisioned(new ModelWorld(wantedInCloud()));
    const made = plan(allSteps, await factsOf(world), world.wanted);
    expect(new Set(Object.values(found(made)))).toEqual(new Set(["right"]));
    expect(made.monthly).toBeUndefined();
    expect(exitCodeOf(made)).toBe(0);
  });

  test("leaves out what nobody asked for", () => {
    const wanted = wantedOnHost({ start: false });
    const ids = Object.keys(found(plan(allSteps, {}, wanted)));
    expect(ids.filter((id) => id.startsWith("cloud."))).toEqual([]);
    expect(ids).not.toContain("service.started");
    expect(ids).not.toContain("identity.registered");
  });

  test("tells at once what is impossible, whatever comes before it", () => {
    const steps = [step("system.one", work), step("system.two", impossible, { after: ["system.one"] })];
    expect(found(plan(steps, {}, wantedOnHost()))).toEqual({
      "system.one": "work",
      "system.two": "impossible",
    });
  });

  test("adds up what is to be paid, of the shown steps alone", () => {
    const price = (monthly: number) => ({ monthly, hourly: 0, currency: "EUR" as const });
    const steps = [4, 8].map((monthly) => step(`cloud.n${monthly}`, { ...work, price: price(monthly) }));
    expect(plan(steps, {}, wantedOnHost()).monthly).toEqual({ monthly: 12, currency: "EUR" });
    expect(plan(steps, {}, wantedOnHost(), { only: "cloud.n4" }).monthly?.monthly).toBe(4);
  });

  test.each([
    [0, [right]],
    [2, [right, work]],
    [2, [right, unknown]],
    [1, [work, impossible]],
  ])("ends with %i", (code, verdicts) => {
    const steps = verdicts.map((verdict, n) => step(`system.n${n}`, verdict));
    expect(exitCodeOf(plan(steps, {}, wantedOnHost()))).toBe(code);
  });
});
