import { describe, expect, test } from "vitest";

import { type Health, judge } from "../../../provision/status/judge.ts";
import type { Look } from "../../../provision/status/look.ts";
import type { Seen } from "../../../provision/status/seen.ts";
import { aBeat, aHub, aMachine, aReport, aSeen, aServer, aUnit } from "../../support/seen.ts";

const cutOff: Look<never> = { is: "unreachable", code: "SSH_TIMEOUT", why: "203.0.113.7 does not answer" };
const notAsked: Look<never> = { is: "not-asked", why: "DO_API_TOKEN is not set" };

function machineWith(unit: Parameters<typeof aUnit>[0], facts: Parameters<typeof aMachine>[0] = {}) {
  const value = aMachine({
    ...facts,
    units: { "openclaw-worker.service": aUnit(unit), "pawl-heartbeat.timer": aUnit() },
  });
  return { is: "seen" as const, value, ms: 1 };
}

function seenHub(about: Parameters<typeof aHub>[0]) {
  return { is: "seen" as const, value: aHub(about), ms: 1 };
}

describe("a worker", () => {
  test("at which all is well is healthy, and there is nothing to say", () => {
    expect(judge(aSeen())).toEqual({ health: "healthy", reasons: [] });
  });

  test.each<[what: string, seen: Partial<Seen>, health: Health, says: RegExp]>([
    ["whose provider is down", { servers: cutOff }, "healthy", /does not answer/],
    ["of nobody's cloud", { servers: { is: "seen", value: [], ms: 1 } }, "healthy", /^$/],
    [
      "without a server",
      {
        servers: { is: "seen", value: [], ms: 1 },
        machine: { is: "not-asked", why: "no address is known" },
        hub: seenHub({ age: { by: "looker", atLeastSeconds: 0, atMostSeconds: undefined } }),
      },
      "dead",
      /there is no server named pawl-worker-1/,
    ],
    [
      "without a server in this account that beats all the same",
      {
        servers: { is: "seen", value: [], ms: 1 },
        machine: { is: "not-asked", why: "its provider has no such server" },
        hub: seenHub({ age: { by: "looker", atLeastSeconds: 60, atMostSeconds: 90 } }),
      },
      "degraded",
      /no server named pawl-worker-1, and yet it beats/,
    ],
    [
      "with a twin",
      { servers: { is: "seen", value: [aServer(), aServer({ id: "4712" })], ms: 1 } },
      "degraded",
      /2 servers are named pawl-worker-1 \(4711, 4712\)/,
    ],
    [
      "that is switched off",
      { servers: { is: "seen", value: [aServer({ state: "off" })], ms: 1 }, machine: cutOff },
      "dead",
      /the server is off/,
    ],
    ["that ssh does not reach", { machine: cutOff }, "degraded", /does not answer/],
    [
      "that ssh does not reach and whose machine reports that it has failed",
      {
        machine: cutOff,
        hub: seenHub({ age: { by: "looker", atLeastSeconds: 0, atMostSeconds: undefined } }),
        report: aReport(),
      },
      "dead",
      /reported that the worker has failed \(exit-code\), at 2026-11-21T09:55:00Z by its own clock/,
    ],
    [
      "that beats, though an older report says that it has failed",
      { machine: cutOff, report: aReport() },
      "degraded",
      /has failed/,
    ],
    [
      "that ssh does not reach and whose machine reports that it was stopped",
      { machine: cutOff, report: aReport({ active: "inactive", sub: "dead", result: "success" }) },
      "degraded",
      /reported that the worker is inactive/,
    ],
    ["that ssh reaches, whatever was reported before", { report: aReport() }, "healthy", /^$/],
    [
      "that ssh does not reach and whose beats have stopped",
      {
        machine: cutOff,
        hub: seenHub({ age: { by: "looker", atLeastSeconds: 901, atMostSeconds: undefined } }),
      },
      "dead",
      /last beat is at least 15m1s old/,
    ],
    [
      "that ssh does not reach and that never beat",
      { machine: cutOff, hub: seenHub({ sign: undefined, age: undefined }) },
      "dead",
      /no sign of life/,
    ],
    [
      "that ssh does not reach and that is seen for the first time",
      {
        machine: cutOff,
        hub: seenHub({ age: { by: "looker", atLeastSeconds: 0, atMostSeconds: undefined } }),
      },
      "degraded",
      /cannot be told from one look/,
    ],
    [
      "whose machine was not asked and that is seen for the first time",
      {
        machine: { is: "not-asked", why: "no address is known" },
        hub: seenHub({ age: { by: "looker", atLeastSeconds: 0, atMostSeconds: undefined } }),
      },
      "degraded",
      /cannot be told from one look/,
    ],
    [
      "that ssh reaches and whose beat does not say when it was made",
      { hub: seenHub({ age: { by: "looker", atLeastSeconds: 0, atMostSeconds: undefined } }) },
      "healthy",
      /cannot be told from one look/,
    ],
    ["of which nothing is known", { machine: cutOff, hub: cutOff }, "dead", /nothing shows that it lives/],
    ["whose hub is cut off", { hub: cutOff }, "degraded", /does not answer/],
    ["without a configuration here", { hub: notAsked }, "healthy", /DO_API_TOKEN is not set/],
    ["that failed", { machine: machineWith({ active: "failed", result: "exit-code" }) }, "dead", /exit-code/],
    [
      "that was stopped",
      { machine: machineWith({ active: "inactive", sub: "dead" }) },
      "dead",
      /the worker was stopped/,
    ],
    [
      "that was never started",
      {
        machine: machineWith({ active: "inactive", sub: "dead", enabled: "disabled" }),
        hub: seenHub({ sign: undefined, age: undefined }),
      },
      "degraded",
      /installed and not started/,
    ],
    [
      "that is held",
      { machine: machineWith({ active: "inactive", sub: "dead" }, { held: true }) },
      "degraded",
      /\/etc\/pawl\/hold/,
    ],
    [
      "in a loop",
      { machine: machineWith({ active: "activating", sub: "auto-restart" }) },
      "degraded",
      /as soon as it begins/,
    ],
    ["with restarts", { machine: machineWith({ restarts: 3 }) }, "degraded", /restarted 3 times/],
    ["with a full disk", { machine: machineWith({}, { diskFreeMb: 200 }) }, "degraded", /200 MB of disk/],
    [
      "without memory",
      { machine: machineWith({}, { memoryFreeMb: 12, swapMb: 0 }) },
      "degraded",
      /12 MB.*no swap/,
    ],
    [
      "that differs",
      { drift: ["2 GB of swap", "Node 24.21.0"] },
      "degraded",
      /2 steps differ: 2 GB of swap; Node/,
    ],
    [
      "that waits for a restart",
      { machine: machineWith({}, { rebootPending: true }) },
      "healthy",
      /restart of the machine/,
    ],
    [
      "with an old key",
      { machine: machineWith({}, { hostKeyMadeAt: 1e9 }) },
      "healthy",
      /host key is older than a year/,
    ],
    ["late", { hub: seenHub({ age: { by: "worker", seconds: 420 } }) }, "degraded", /last beat is 7m old/],
    ["silent", { hub: seenHub({ age: { by: "worker", seconds: 900 } }) }, "dead", /last beat is 15m old/],
    [
      "that said goodbye",
      { hub: seenHub({ sign: { beat: aBeat({ state: "stopped" }), commit: "c" } }) },
      "degraded",
      /said goodbye/,
    ],
    [
      "in trouble",
      { hub: seenHub({ sign: { beat: aBeat({ trouble: "PUSH_DENIED" }), commit: "c" } }) },
      "degraded",
      /PUSH_DENIED/,
    ],
    [
      "with a broken executor",
      { hub: seenHub({ sign: { beat: aBeat({ unhealthy: { openclaw: "no key" } }), commit: "c" } }) },
      "degraded",
      /openclaw is switched off: no key/,
    ],
    [
      "with an executor that rests",
      {
        hub: seenHub({
          sign: {
            beat: aBeat({ unhealthy: { openclaw: "HTTP 429" }, resting: { openclaw: 40 } }),
            commit: "c",
          },
        }),
      },
      "healthy",
      /openclaw rests: HTTP 429; next try in 40s/,
    ],
    [
      "that has spent its budget",
      {
        hub: seenHub({
          sign: {
            beat: aBeat({
              unhealthy: { openclaw: "budget" },
              budget: { day: "2026-11-21", spentUsd: 6, perDayUsd: 5, executors: ["openclaw"] },
            }),
            commit: "c",
          },
        }),
      },
      "healthy",
      /budget of 5 USD/,
    ],
  ])("%s", (_, seen, health, says) => {
    const judged = judge(aSeen(seen));
    expect(judged.health).toBe(health);
    expect(judged.reasons.map((reason) => reason.says).join("\n")).toMatch(says);
  });

  test("that anything but a note is said about tells what to type next", () => {
    const seen = aSeen({ machine: machineWith({ active: "failed" }), drift: ["2 GB of swap"], hub: cutOff });
    const { reasons } = judge(seen);
    expect(reasons.filter(({ weight }) => weight !== "note").map(({ next }) => next)).toEqual([
      "journalctl -u openclaw-worker.service there",
      "provision-worker pawl-worker-1 --plan",
      "pawl doctor",
    ]);
  });

  test("says once what is true of two", () => {
    const nothing: Look<never> = { is: "not-asked", why: "Nothing says where the repository is" };
    const { reasons } = judge(aSeen({ machine: nothing, hub: nothing }));
    expect(reasons.map(({ about }) => about)).toEqual(["ssh", "evidence"]);
  });

  test("cannot write on the terminal with what it logs", () => {
    const { reasons } = judge(
      aSeen({ hub: seenHub({ sign: { beat: aBeat({ unhealthy: { x: "\u001b[2J\nno" } }), commit: "c" } }) }),
    );
    expect(reasons.map(({ says }) => says).join()).not.toContain("\u001b");
  });
});
