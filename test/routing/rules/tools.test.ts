import { describe, expect, test } from "vitest";

import type { Entry } from "../../../src/routing/entry.ts";
import { backtest } from "../../../src/routing/rules/backtest.ts";
import { explain, isWithoutRule } from "../../../src/routing/rules/explain.ts";
import { Fixtures, tested } from "../../../src/routing/rules/fixtures.ts";
import { lint } from "../../../src/routing/rules/lint.ts";
import { plan } from "../../../src/routing/rules/plan.ts";
import { ruleText } from "../../../src/routing/rules/words.ts";
import { anAction, anEvent, networks, Rehearsal, routingOf } from "../../support/routing.ts";

const night = "2026-11-21T03:10:00Z";

describe("an explanation", () => {
  test("tells of each rule why, and what comes of it", () => {
    const play = new Rehearsal();
    const given = {
      category: "action.approve",
      severity: "warning",
      source: "worker:w2",
      title: "Send 14 invoices?",
      action: anAction(),
    };
    const envelope = anEvent({ at: night, ...given });
    const made = play.tell(night, given);
    expect(explain({ envelope, plan: made, routing: play.routing, now: new Date(night) }))
      .toMatchInlineSnapshot(`
      [
        "action.approve warning "Send 14 invoices?" from worker:w2 at 2026-11-21T03:10:00Z",
        "  no  critical: category action.approve is not incident|security|heartbeat.alert",
        "  YES needs-owner -> owner (and on)",
        "  no  alerts: category action.approve is not incident|security|budget|heartbeat.alert",
        "  no  outages: category action.approve is not outage",
        "  YES results -> results",
        "  -   briefings: not looked at",
        "  -   all-is-well: not looked at",
        "  -   cron-silent: not looked at",
        "  -   cron: not looked at",
        "  -   memory: not looked at",
        "  -   lifecycle: not looked at",
        "  -   chat: not looked at",
        "  -   rest: not looked at",
        "  => telegram:owner   held until 07:30 (quiet hours, local 04:10), asked again after 1h, 4h, 1d",
        "  => discord:results  with others of results:job:test at 04:10, in a thread, silent",
      ]
    `);
  });

  test("says why there is nothing", () => {
    const play = new Rehearsal();
    const said = (given: object) => {
      const made = play.tell(night, given);
      return explain({
        envelope: anEvent({ at: night, ...given }),
        plan: made,
        routing: play.routing,
        now: new Date(night),
      }).slice(-1);
    };
    expect(said({ category: "result.cron" })).toEqual([
      "  =| ledger:ledger not sent: rule cron-silent only records it",
    ]);
    expect(said({ category: "outage", status: "resolved" })).toEqual([
      "  =| not sent: it is the end of something whose beginning nobody told",
    ]);
    expect(said({ category: "chat", expires: night })).toEqual(["  =| not sent: it was too old to be news"]);
  });

  test("knows what no rule has thought of", () => {
    const play = new Rehearsal();
    expect(isWithoutRule(play.tell(night, { category: "x.garden" }))).toBe(true);
    expect(isWithoutRule(play.tell(night, { category: "garden" }))).toBe(true);
    expect(
      isWithoutRule(play.tell(night, { category: "x.garden", action: anAction() })),
      "a rule wants its question",
    ).toBe(false);
    expect(isWithoutRule(play.tell(night, { category: "chat" }))).toBe(false);
  });
});

describe("lint", () => {
  const texts = (yaml: string, seen: string[] = []) =>
    lint(routingOf(yaml), seen).map(({ rule, text }) => (rule ? `${rule}: ${text}` : text));

  test("finds nothing in the default rules", () => {
    expect(texts(networks)).toEqual([]);
    expect(texts("")).toEqual([]);
  });

  test("finds what cannot be meant", () => {
    const yaml = `${networks}
routing:
  destinations: { ops: { kind: console } }
  digests: { evening: { at: "18:00" } }
  rules:
    - { name: all-actions, when: { category: "action.*" }, to: results }
    - { name: approvals, when: { category: action.approve, minSeverity: warning }, to: owner }
    - { name: question-or-cost, when: { category: [action.choose, budget] }, to: system }
    - { name: cron, when: { category: "result.*", source: "cron:*" }, to: system, also: true }
    - { name: cron-backup, when: { category: result.cron, source: "cron:backup" }, to: system, digest: hourly, hold: 5m }
    - { name: rest, to: system }
    - { name: late, when: { category: chat }, to: chat }
    - { name: last, to: alerts, statusCard: true, remind: { after: [1h] } }
`;
    expect(texts(yaml, ["resutl.cron", "chat", "x.mine"])).toEqual([
      "approvals: never looked at: all-actions before it takes all it could match",
      "late: never looked at: rest before it takes all it could match",
      "last: never looked at: rest before it takes all it could match",
      "cron-backup: hold has no effect beside digest",
      "last: remind has no effect beside statusCard",
      "no rule sends anything to briefings",
      "no rule sends anything to memory",
      "no rule sends anything to ops",
      "no rule fills the digest evening",
      "events of category resutl.cron come, which is none of ours; did you mean result.cron?",
    ]);
  });

  test("finds questions that come to no chat", () => {
    expect(
      texts(
        `${networks}routing: { rules: [{ when: { category: incident }, to: owner }, { to: [briefings, alerts, results, system, memory, chat] }] }\n`,
      ),
    ).toEqual(["no rule takes questions (action.*) to Telegram, where they have buttons"]);
  });

  test("calls no rule unreachable that an event can reach", () => {
    const routing = routingOf(networks);
    const events = [
      { category: "incident", severity: "critical" },
      { category: "action.input", action: anAction() },
      { category: "budget" },
      { category: "outage", status: "firing" },
      { category: "result.subagent" },
      { category: "briefing.weekly" },
      { category: "heartbeat.ok" },
      { category: "result.cron" },
      { category: "result.cron", summary: "x" },
      { category: "memory.update" },
      { category: "system.lifecycle" },
      { category: "chat" },
      { category: "x.a" },
    ];
    const reached = new Set(
      events.flatMap((given) =>
        new Rehearsal(routing)
          .tell(night, given)
          .trace.flatMap((line) => (line.verdict === "matched" ? line.rule : [])),
      ),
    );
    expect(routing.rules.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
  });
});

describe("fixtures", () => {
  const run = (input: unknown, yaml = networks) => tested(Fixtures.parse(input), routingOf(yaml));

  test("say what events are to become", () => {
    const outcomes = run([
      {
        name: "at night",
        at: "2026-11-21T03:10:00+01:00",
        event: { category: "action.approve", action: true },
        expect: { owner: "held", results: "grouped" },
      },
      { event: { category: "incident", severity: "critical" }, expect: ["alerts", "owner"] },
      { event: { category: "result.cron" }, expect: "recorded-only" },
      {
        after: [{ category: "outage", status: "firing", subject: "a:b" }],
        event: { category: "outage", status: "resolved", subject: "a:b" },
        expect: "never-shown",
      },
      { event: { category: "chat" }, expect: ["system"] },
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true, false]);
    expect(outcomes.at(-1)).toMatchObject({ name: "chat info", expected: "system", got: "chat" });
  });

  test.each([
    [[], "has no event to test"],
    [[{ event: {}, expect: ["a"] }], "category"],
    [[{ event: { category: "chat" } }], "must be a list of destinations"],
    [[{ event: { category: "chat", colour: "red" }, expect: ["chat"] }], "colour"],
  ])("are refused: %j", (input, expected) => {
    expect(JSON.stringify(Fixtures.safeParse(input).error?.issues)).toContain(expected);
  });
});

describe("a backtest", () => {
  const told = (at: string, given: object, n: number): Entry[] => {
    const play = new Rehearsal();
    const envelope = anEvent({ at, ...given }, n);
    const made = play.tell(at, { id: envelope.id, ...given });
    return [
      { at, t: "event", envelope },
      { at, t: "planned", event: envelope.id, config: "c", plan: made },
    ];
  };

  const week = (count: number): Entry[] => {
    const play = new Rehearsal();
    return Array.from({ length: count }, (_, n): Entry[] => {
      const at = new Date(Date.parse("2026-11-20T09:00:00Z") + n * 3_600_000).toISOString();
      const given =
        n % 4 === 0
          ? { category: "action.approve", action: anAction({ id: `ac_${String(n).padStart(22, "0")}` }) }
          : { category: "memory.update", summary: `${n}` };
      const envelope = anEvent({ at, ...given }, n);
      const made = plan(envelope, {
        routing: play.routing,
        now: new Date(at),
        past: play.past.about(envelope, new Date(at)),
      });
      const entries: Entry[] = [
        { at, t: "event", envelope },
        { at, t: "planned", event: envelope.id, config: "c", plan: made },
      ];
      for (const entry of entries) play.past.take(entry);
      return entries;
    }).flat();
  };

  test("of the same rules changes nothing", () => {
    const { events, changed, messages } = backtest(week(48), routingOf());
    expect({ events, changed }).toEqual({ events: 48, changed: [] });
    expect(messages.every(({ before, after }) => before === after)).toBe(true);
  });

  test("counts what other rules would have sent, messages that are several events once", () => {
    const other = routingOf(
      `${networks}routing: { rules: [{ when: { category: memory.update }, to: owner, quiet: pass }, { include: defaults }] }\n`,
    );
    const { changed, messages } = backtest(week(24), other);
    expect(messages).toEqual([
      { destination: "memory", before: 18, after: 0 },
      { destination: "owner", before: 5, after: 23 },
      { destination: "results", before: 6, after: 6 },
    ]);
    expect(changed).toHaveLength(18);
    expect(changed[0]).toMatchObject({ before: "memory digest", after: "owner now" });
  });

  test("does not count what is changed and makes no message", () => {
    const entries = [
      ...told("2026-11-21T11:00:00Z", { category: "incident", status: "firing" }, 100),
      ...told("2026-11-21T11:01:00Z", { category: "heartbeat.ok" }, 101),
    ];
    const { messages } = backtest(entries, routingOf());
    expect(messages).toEqual([{ destination: "alerts", before: 1, after: 1 }]);
  });

  test("counts from a time on, and remembers what was before", () => {
    expect(backtest(week(24), routingOf(), new Date("2026-11-20T20:00:00Z")).events).toBe(13);
  });
});

test("a rule is one line", () => {
  const lines = routingOf().rules.map(ruleText);
  expect(lines[0]).toBe(
    "critical: incident|security|heartbeat.alert, at least critical, firing|once -> owner, alerts, quiet pass, remind 30m 2h, thread",
  );
  expect(lines.at(-1)).toBe("rest: everything -> system");
});
