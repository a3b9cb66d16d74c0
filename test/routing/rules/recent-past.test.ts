import { expect, test } from "vitest";

import { anEvent, brief, Rehearsal, routingOf } from "../../support/routing.ts";

const at = "2026-11-21T11:00:00Z";

test("what goes on is remembered by what it is about, and forgotten at its end", () => {
  const play = new Rehearsal();
  play.tell(at, { category: "outage", status: "firing", subject: "a:1" });
  play.tell(at, { category: "incident", status: "update", subject: "a:1" });
  play.tell(at, { category: "x.a", status: "once", subject: "b:2" });
  expect(play.past.episodes().map(({ envelope }) => envelope.category)).toEqual(["outage", "incident"]);
  play.tell(at, { category: "outage", status: "resolved", subject: "a:1" });
  expect(play.past.episodes().map(({ envelope }) => envelope.category)).toEqual(["incident"]);
});

test("somebody who only ever tells beginnings does not fill the memory", { timeout: 60_000 }, () => {
  const play = new Rehearsal(routingOf("routing: { rules: [{ to: system }] }\n"));
  for (let n = 0; n < 2100; n++) {
    play.tell(at, { category: "outage", status: "firing", subject: `a:${n}`, source: `cron:${n}` });
  }
  expect(play.past.episodes()).toHaveLength(2000);
  expect(play.past.episodes()[0]?.envelope.subject).toBe("a:100");
});

test("an old echo is forgotten along with thousands of others", () => {
  const play = new Rehearsal(routingOf("routing: { rules: [{ to: system }] }\n"));
  const startMs = Date.parse(at);
  const told = (n: number, text: string) =>
    play.tell(new Date(startMs + n * 1000).toISOString(), { category: "x.a", summary: text, subject: text });
  for (let n = 0; n < 3000; n++) told(n, `${n}`);
  expect(brief(told(3000, "2999"))).toEqual(["nowhere: duplicate"]);
  expect(brief(told(3001, "2000"))).not.toEqual(["nowhere: duplicate"]);
});

test("an entry about an event that is not known changes nothing", () => {
  const play = new Rehearsal();
  const envelope = anEvent({ category: "outage", status: "firing" });
  const plan = { trace: [], deliveries: [], suppressed: [] };
  play.note(at, { t: "planned", event: envelope.id, config: "c", plan });
  play.note(at, { t: "heard", key: "k" });
  expect(play.past.about(envelope, new Date(at))).toMatchObject({
    open: undefined,
    duplicateOf: undefined,
    fromSource: 0,
  });
});

test("the day's messages are those of the local day", () => {
  const play = new Rehearsal(
    routingOf("telegram: { owner: 4242 }\nrouting: { rules: [{ to: owner, quiet: pass }] }\n"),
  );
  const event = anEvent();
  const spent = (now: string) => play.past.about(event, new Date(now)).telegramToday;
  play.tell("2026-11-21T22:59:00Z", { category: "x.a", summary: "1" });
  expect([spent("2026-11-21T22:59:59Z"), spent("2026-11-21T23:00:00Z")]).toEqual([1, 0]);
  play.tell("2026-11-21T23:00:00Z", { category: "x.a", summary: "2" });
  play.tell("2026-11-22T03:00:00Z", { category: "x.a", summary: "3" });
  expect(spent("2026-11-22T22:59:59Z")).toBe(2);
});
