import { describe, expect, test } from "vitest";

import { categories, severities, statuses, type Envelope } from "../../../src/core/envelope.ts";
import { plan } from "../../../src/routing/rules/plan.ts";
import { Random } from "../../support/random.ts";
import { anAction, anEvent, brief, Rehearsal, routingOf } from "../../support/routing.ts";

type Given = Partial<Record<keyof Envelope, unknown>>;

const noon = "2026-11-21T11:00:00Z";
const night = "2026-11-21T02:00:00Z";
const ask = { action: anAction() };
const tomorrowAsk = { action: anAction({ deadline: "2026-11-23T12:00:00Z" }) };
const soonAsk = { action: anAction({ deadline: "2026-11-21T05:00:00Z" }) };

describe("the default rules send", () => {
  test.each<[string, string, Given, string[]]>([
    [
      "a question to the owner, with a card among the results",
      noon,
      { category: "action.approve", ...ask },
      ["owner now", "results grouped 11-21T11:00 silent"],
    ],
    [
      "a question at night in the morning",
      night,
      { category: "action.approve", ...ask },
      ["owner held 11-21T06:30 quiet", "results grouped 11-21T02:00 silent"],
    ],
    [
      "a question with time left in the morning too",
      night,
      { category: "action.input", ...tomorrowAsk },
      ["owner held 11-21T06:30 quiet", "results grouped 11-21T02:00 silent"],
    ],
    [
      "a question that is over before morning at once",
      night,
      { category: "action.approve", ...soonAsk },
      ["owner now", "results grouped 11-21T02:00 silent"],
    ],
    [
      "a question that is over by morning at once as well",
      night,
      { category: "action.approve", action: anAction({ deadline: "2026-11-21T06:30:00Z" }) },
      ["owner now", "results grouped 11-21T02:00 silent"],
    ],
    [
      "a critical question at once, night or not",
      night,
      { category: "action.choose", severity: "critical", ...ask },
      ["owner now", "results grouped 11-21T02:00 silent"],
    ],
    [
      "a critical incident everywhere, night or not",
      night,
      { category: "incident", severity: "critical" },
      ["owner now", "alerts now"],
    ],
    [
      "a critical security event likewise",
      night,
      { category: "security", severity: "critical", status: "firing" },
      ["owner now", "alerts now"],
    ],
    [
      "a critical finding of the heartbeat likewise",
      night,
      { category: "heartbeat.alert", severity: "critical" },
      ["owner now", "alerts now"],
    ],
    [
      "a lesser incident to the alerts alone",
      noon,
      { category: "incident", severity: "warning" },
      ["alerts now"],
    ],
    ["a spent budget to the alerts", noon, { category: "budget", severity: "notice" }, ["alerts now"]],
    [
      "an outage to the alerts, two minutes later",
      noon,
      { category: "outage", status: "firing", severity: "warning" },
      ["alerts held 11-21T11:02 hold"],
    ],
    [
      "a critical outage to the alerts alone: who needs the owner asks",
      noon,
      { category: "outage", status: "firing", severity: "critical" },
      ["alerts held 11-21T11:02 hold"],
    ],
    [
      "a briefing to the briefings, at night as well",
      night,
      { category: "briefing.morning" },
      ["briefings now silent"],
    ],
    [
      "a result to the results, with others of its subject",
      noon,
      { category: "result.subagent" },
      ["results grouped 11-21T11:00 silent"],
    ],
    [
      "a failure that asks what next to the owner too",
      noon,
      { category: "result.subagent", severity: "warning", ...ask },
      ["owner now", "results grouped 11-21T11:00 silent"],
    ],
    [
      "what a job said into the hourly digest",
      noon,
      { category: "result.cron", summary: "3 files" },
      ["system digest 11-21T12:00 silent"],
    ],
    ["a job that said nothing nowhere", noon, { category: "result.cron" }, ["ledger: recorded-only"]],
    [
      "a healthy beat to the status card",
      noon,
      { category: "heartbeat.ok", body: "fine" },
      ["system now silent status card"],
    ],
    [
      "a finding of the heartbeat to the alerts",
      noon,
      { category: "heartbeat.alert", severity: "warning" },
      ["alerts now"],
    ],
    [
      "a memory to the hourly digest",
      noon,
      { category: "memory.update", body: "…" },
      ["memory digest 11-21T12:00 silent"],
    ],
    [
      "starts and stops together",
      noon,
      { category: "system.lifecycle" },
      ["system grouped 11-21T11:10 silent"],
    ],
    [
      "trouble with deliveries to the system channel",
      noon,
      { category: "system.delivery", severity: "warning" },
      ["system now"],
    ],
    ["an answer to the chat", noon, { category: "chat", body: "42" }, ["chat now"]],
    ["what nobody has thought of to the system channel", noon, { category: "x.garden" }, ["system now"]],
    ["an unknown category to the system channel", noon, { category: "garden.alert" }, ["system now"]],
  ])("%s", (_, at, given, expected) => {
    expect(brief(new Rehearsal().tell(at, { ...given, at }))).toEqual(expected);
  });
});

test("a plan says of each rule what it thought of the event", () => {
  const { trace } = new Rehearsal().tell(noon, { category: "action.approve", severity: "warning", ...ask });
  expect(trace.slice(0, 7)).toEqual([
    {
      rule: "critical",
      verdict: "no",
      because: "category action.approve is not incident|security|heartbeat.alert",
    },
    { rule: "needs-owner", verdict: "matched", goesOn: true, to: ["owner"] },
    {
      rule: "alerts",
      verdict: "no",
      because: "category action.approve is not incident|security|budget|heartbeat.alert",
    },
    { rule: "outages", verdict: "no", because: "category action.approve is not outage" },
    { rule: "results", verdict: "matched", goesOn: false, to: ["results"] },
    { rule: "briefings", verdict: "not-looked-at" },
    { rule: "all-is-well", verdict: "not-looked-at" },
  ]);
  expect(trace).toHaveLength(13);
});

test("only the first destination of a rule is reminded", () => {
  const { deliveries } = new Rehearsal().tell(noon, { category: "incident", severity: "critical" });
  expect(deliveries.map(({ destination, remindAfter }) => [destination, remindAfter])).toEqual([
    ["owner", [1800, 7200]],
    ["alerts", []],
  ]);
});

describe("what is known of before decides too:", () => {
  const outage = { category: "outage", subject: "service:gmail", severity: "warning" };

  test("an outage that is over within two minutes is told to nobody", () => {
    const play = new Rehearsal();
    play.tell("2026-11-21T11:00:00Z", { ...outage, status: "firing" });
    const over = play.tell("2026-11-21T11:01:59Z", { ...outage, status: "resolved" });
    expect(brief(over)).toEqual(["nowhere: never-shown"]);
  });

  test("the end of one that was shown changes what was shown", () => {
    const play = new Rehearsal();
    play.tell("2026-11-21T11:00:00Z", { ...outage, status: "firing" });
    const over = play.tell("2026-11-21T11:02:00Z", { ...outage, status: "resolved" });
    expect(brief(over)).toEqual(["alerts now in place"]);
    expect(over.deliveries[0]?.remindAfter).toEqual([]);
  });

  test("told again while it goes on, it is the same; worse or better told it is not", () => {
    const play = new Rehearsal();
    play.tell(noon, { ...outage, status: "firing" });
    expect(brief(play.tell(noon, { ...outage, status: "firing", title: "other words" }))).toEqual([
      "nowhere: duplicate",
    ]);
    expect(brief(play.tell(noon, { ...outage, status: "firing", severity: "critical" }))).toEqual([
      "alerts held 11-21T11:02 hold",
    ]);
    expect(
      brief(play.tell(noon, { ...outage, status: "firing", severity: "critical", revision: 2 })),
    ).toEqual(["alerts held 11-21T11:02 hold in place"]);
  });

  test("what was shown is not taken back by worse news that waits", () => {
    const play = new Rehearsal();
    play.tell("2026-11-21T11:00:00Z", { ...outage, status: "firing" });
    play.tell("2026-11-21T11:05:00Z", { ...outage, status: "firing", severity: "critical" });
    const over = play.tell("2026-11-21T11:06:00Z", { ...outage, status: "resolved" });
    expect(brief(over)).toEqual(["alerts now in place"]);
  });

  test("after its end the same outage is a new one", () => {
    const play = new Rehearsal();
    play.tell("2026-11-21T11:00:00Z", { ...outage, status: "firing" });
    play.tell("2026-11-21T11:10:00Z", { ...outage, status: "resolved" });
    const again = play.tell("2026-11-21T11:11:00Z", { ...outage, status: "firing" });
    expect(brief(again)).toEqual(["alerts held 11-21T11:13 hold"]);
    expect(brief(play.tell("2026-11-21T11:20:00Z", { ...outage, status: "resolved" }))).toEqual([
      "alerts now in place",
    ]);
  });

  test("the end of what nobody has told the beginning of is told to nobody", () => {
    expect(brief(new Rehearsal().tell(noon, { ...outage, status: "resolved" }))).toEqual([
      "nowhere: nothing-open",
    ]);
  });

  test("the owner sees the end of what the owner has seen, without a sound", () => {
    const play = new Rehearsal();
    const incident = { category: "incident", subject: "ledger:history" };
    play.tell(night, { ...incident, severity: "critical", status: "firing" });
    const over = play.tell("2026-11-21T02:30:00Z", { ...incident, status: "resolved" });
    expect(brief(over)).toEqual(["alerts now in place", "owner now silent in place"]);
    expect(over.trace.at(-1)).toEqual({
      rule: "(follow-up)",
      verdict: "matched",
      goesOn: false,
      to: ["owner"],
    });
  });

  test("a service that is away hides the failures that name it, and no others", () => {
    const play = new Rehearsal();
    play.tell(noon, { ...outage, status: "firing" });
    const failed = { category: "result.subagent", severity: "warning" };
    expect(
      brief(play.tell(noon, { ...failed, subject: "task:a", labels: { needs: "net, service:gmail" } })),
    ).toEqual(["nowhere: inhibited"]);
    expect(brief(play.tell(noon, { ...failed, subject: "task:b", labels: { needs: "gmail" } }))).toEqual([
      "nowhere: inhibited",
    ]);
    expect(
      brief(play.tell(noon, { ...failed, subject: "task:c", labels: { needs: "calendar" } })),
    ).toHaveLength(1);
    expect(
      brief(play.tell(noon, { category: "result.subagent", subject: "task:d", labels: { needs: "gmail" } })),
    ).toEqual(["results grouped 11-21T11:00 silent"]);
    play.tell("2026-11-21T11:10:00Z", { ...outage, status: "resolved" });
    expect(
      brief(play.tell("2026-11-21T11:11:00Z", { ...failed, subject: "task:e", labels: { needs: "gmail" } })),
    ).toEqual(["results grouped 11-21T11:11 silent"]);
  });

  test("a silence holds until its end, for what it names", () => {
    const play = new Rehearsal();
    const silence = {
      id: "s1",
      subject: "service:*",
      until: "2026-11-21T13:00:00Z",
      why: "moving house",
      by: "you",
    };
    play.note(noon, { t: "silenced", silence });
    expect(brief(play.tell(noon, { ...outage, status: "firing" }))).toEqual(["nowhere: silenced"]);
    expect(brief(play.tell(noon, { ...outage, status: "firing", subject: "worker:w1" }))).toHaveLength(1);
    expect(brief(play.tell("2026-11-21T13:00:00Z", { category: "incident", subject: "service:x" }))).toEqual([
      "alerts now",
    ]);
    play.note(noon, {
      t: "silenced",
      silence: { id: "s2", until: "2026-11-22T13:00:00Z", why: "", by: "you" },
    });
    expect(brief(play.tell(noon, { category: "incident", subject: "b" })), "a silence of nothing").toEqual([
      "alerts now",
    ]);
    play.note(noon, { t: "silence-ended", id: "s1", by: "you" });
    expect(brief(play.tell(noon, { category: "incident", subject: "service:y" }))).toEqual(["alerts now"]);
  });

  test("an echo is dropped, the same words an hour later are news", () => {
    const play = new Rehearsal();
    const news = { category: "x.backup", summary: "3 files" };
    play.tell("2026-11-21T11:00:00Z", news);
    expect(brief(play.tell("2026-11-21T11:05:00Z", news))).toEqual(["nowhere: duplicate"]);
    expect(brief(play.tell("2026-11-21T11:05:00Z", { ...news, summary: "4 files" }))).toEqual(["system now"]);
    expect(brief(play.tell("2026-11-21T11:10:01Z", news))).toEqual(["system now"]);
  });

  test("the same answers in a chat, and the same questions, are all told", () => {
    const play = new Rehearsal();
    for (const n of [0, 1]) {
      expect(brief(play.tell(noon, { category: "chat", body: "yes" })), `${n}`).toEqual(["chat now"]);
      expect(brief(play.tell(noon, { category: "action.approve", ...ask })), `${n}`).toHaveLength(2);
    }
  });

  test("a key of the teller's own holds for a week", () => {
    const play = new Rehearsal();
    const news = { category: "x.backup", dedup: "2026-11-21" };
    play.tell("2026-11-21T11:00:00Z", { ...news, summary: "first" });
    expect(brief(play.tell("2026-11-28T10:59:59Z", { ...news, summary: "second" }))).toEqual([
      "nowhere: duplicate",
    ]);
    expect(brief(play.tell("2026-11-28T11:00:00Z", { ...news, summary: "third" }))).toEqual(["system now"]);
  });

  test("the same event again is a duplicate of itself", () => {
    const play = new Rehearsal();
    play.tell(noon, { id: "ev_AAAAAAAAAAAAAAAAAAAAAAAAAA", category: "chat" });
    const again = play.tell(noon, { id: "ev_AAAAAAAAAAAAAAAAAAAAAAAAAA", category: "chat" });
    expect(again.suppressed).toEqual([{ why: "duplicate", of: "ev_AAAAAAAAAAAAAAAAAAAAAAAAAA" }]);
  });

  test("more than the day's budget waits for the morning, unless it cannot", () => {
    const play = new Rehearsal(
      routingOf("telegram: { owner: 4242 }\nrouting: { budget: { telegram: 2 } }\n"),
    );
    const question = (given: object) => play.tell(noon, { category: "action.approve", ...given });
    expect(brief(question(ask))[0]).toBe("owner now");
    expect(brief(question(ask))[0]).toBe("owner now");
    expect(brief(question(ask))[0]).toBe("owner held 11-22T06:30 budget");
    expect(brief(question({ severity: "critical", ...ask }))[0]).toBe("owner now");
    expect(brief(question({ action: anAction({ deadline: "2026-11-21T20:00:00Z" }) }))[0]).toBe("owner now");
    const tomorrow = play.tell("2026-11-22T11:00:00Z", { category: "action.approve", ...ask });
    expect(brief(tomorrow)[0], "each local day has its own").toBe("owner now");
  });

  test("a message that is changed costs nothing", () => {
    const play = new Rehearsal(
      routingOf("telegram: { owner: 4242 }\nrouting: { budget: { telegram: 2 } }\n"),
    );
    play.tell(noon, { category: "incident", status: "firing", severity: "critical" });
    play.tell(noon, { category: "incident", status: "resolved" });
    expect(brief(play.tell(noon, { category: "action.approve", ...ask }))[0]).toBe("owner now");
  });

  test("a source is not too loud by the event that is being planned", () => {
    const play = new Rehearsal(routingOf("routing: { flood: { perMinute: 1 } }\n"));
    const envelope = anEvent({ at: noon, category: "x.log" });
    play.note(noon, { t: "event", envelope });
    const now = new Date(noon);
    expect(
      brief(plan(envelope, { routing: play.routing, now, past: play.past.about(envelope, now) })),
    ).toEqual(["system now"]);
  });

  test("a source that talks too much is heard together", () => {
    const play = new Rehearsal(routingOf("routing: { flood: { perMinute: 3 } }\n"));
    const said = [0, 1, 2, 3].map((n) =>
      play.tell(noon, { category: "x.log", source: "cron:a", summary: `${n}` }),
    );
    expect(said.map((made) => brief(made)[0])).toEqual([
      "system now",
      "system now",
      "system now",
      "system grouped 11-21T11:01",
    ]);
    expect(brief(play.tell(noon, { category: "x.log", source: "cron:b", summary: "!" }))).toEqual([
      "system now",
    ]);
    expect(
      brief(play.tell("2026-11-21T11:01:00Z", { category: "x.log", source: "cron:a", summary: "later" })),
    ).toEqual(["system now"]);
  });

  test("what is too old is listed, not posted", () => {
    const play = new Rehearsal();
    const at = "2026-11-21T02:00:00Z";
    const late = (given: Given, now: string) => {
      const envelope = anEvent({ at, ...given });
      return brief(
        plan(envelope, {
          routing: play.routing,
          now: new Date(now),
          past: play.past.about(envelope, new Date(now)),
        }),
      );
    };
    expect(late({ category: "briefing.morning" }, "2026-11-21T08:00:00Z")).toEqual(["briefings: expired"]);
    expect(late({ category: "briefing.morning" }, "2026-11-21T07:59:59Z")).toEqual(["briefings now silent"]);
    expect(late({ category: "incident" }, "2026-11-22T02:00:00Z")).toEqual(["alerts: expired"]);
    expect(late({ category: "x.a", expires: "2026-11-21T09:00:00Z" }, "2026-11-21T09:00:00Z")).toEqual([
      "nowhere: expired",
    ]);
  });
});

describe("every event", () => {
  test("has a destination or a reason, whatever was before it", { timeout: 60_000 }, () => {
    const seed = 20_261_121;
    const random = new Random(seed);
    const play = new Rehearsal(routingOf(`${withOddRules}`));
    let ms = Date.parse("2026-10-24T00:00:00Z");
    for (let n = 0; n < 4000; n++) {
      ms += random.below(900_000);
      const at = new Date(ms).toISOString();
      if (random.below(50) === 0)
        play.note(at, {
          t: "quiet",
          until: random.below(2) ? new Date(ms + 7.2e6).toISOString() : null,
          by: "you",
        });
      const given: Given = {
        category: random.pick([...categories, "x.a", "what.ever"]),
        severity: random.pick(severities),
        status: random.pick(statuses),
        subject: random.pick(["a:1", "b:2", "service:x"]),
        source: random.pick(["main", "cron:a", "worker:w1"]),
        revision: 1 + random.below(2),
        summary: random.text(["x", " ", "y"], 2),
        labels: random.below(3) === 0 ? { needs: "x" } : {},
        ...(random.below(4) === 0 ? ask : {}),
        ...(random.below(5) === 0 ? { expires: new Date(ms + random.below(1e8) - 1e6).toISOString() } : {}),
      };
      const made = play.tell(at, given);
      const why = `seed ${seed}, event ${n}: ${JSON.stringify(given)}`;
      expect(made.deliveries.length + made.suppressed.length, `${why}`).toBeGreaterThan(0);
      const matched = made.trace.some(({ verdict }) => verdict === "matched");
      expect(matched, `${why}`).toBe(true);
      const places = made.deliveries.map(({ destination }) => destination);
      expect(new Set(places).size, `${why}`).toBe(places.length);
      for (const { timing, expires } of made.deliveries) {
        if (timing.kind === "now") continue;
        expect(Date.parse(timing.until), `${why}`).toBeGreaterThan(ms - 1000);
        expect(expires > timing.until || expires === given.expires, `${why}`).toBe(true);
      }
    }
  });

  test("has the same plan for the same past", () => {
    const once = () => {
      const random = new Random(7);
      const play = new Rehearsal();
      return Array.from({ length: 300 }, (_, n) =>
        play.tell(new Date(Date.parse(noon) + n * 60_000).toISOString(), {
          category: random.pick(categories),
          status: random.pick(statuses),
          severity: random.pick(severities),
        }),
      );
    };
    expect(once()).toEqual(once());
  });
});

const withOddRules = `
telegram: { owner: 4242 }
routing:
  budget: { telegram: 5 }
  flood: { perMinute: 2 }
  digests: { twice: { at: ["02:30", "18:00"] } }
  rules:
    - { when: { source: "cron:*" }, to: owner, digest: twice, also: true }
    - { when: { label: { constructor: "*" } }, to: chat }
    - { when: { label: { needs: "*" } }, to: [owner, alerts], group: 5m, quiet: silent }
    - { when: { status: firing, empty: true }, to: console, hold: 10m, also: true }
    - { include: defaults }
`;
