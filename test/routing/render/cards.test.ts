import { describe, expect, test } from "vitest";

import type { ActionId, Envelope } from "../../../src/core/envelope.ts";
import { eventCard } from "../../../src/routing/render/cards/event-card.ts";
import { listCard, type Listing } from "../../../src/routing/render/cards/list-card.ts";
import {
  asks,
  confirmCard,
  decidedCard,
  reminderCard,
  type Asking,
} from "../../../src/routing/render/cards/question-cards.ts";
import { statusCard } from "../../../src/routing/render/cards/status-card.ts";
import { confirmedVerb } from "../../../src/routing/verbs.ts";
import { anEnvelope } from "./cards.ts";

const showing = { timeZone: "America/New_York" };
const payloadHash = `sha256:${"0".repeat(64)}`;

function aQuestion(action: object = {}, parts: Parameters<typeof anEnvelope>[0] = {}): Asking {
  const envelope = anEnvelope({
    category: "action.approve",
    title: "Send 14 invoices?",
    summary: "Total 8,420 USD",
    body: "- Acme Ltd",
    labels: { "asked-by": "aaron", job: "invoices" },
    action: {
      id: "ac_01KA9Z8Q5Y0V2T6W3R4X7B",
      kind: "approve",
      options: [
        { verb: "ok", label: "Approve", style: "success" },
        { verb: "no", label: "Reject", style: "danger" },
      ],
      deadline: "2026-11-22T09:00:00Z",
      payloadHash,
      ...action,
    },
    ...parts,
  });
  if (!asks(envelope)) throw new TypeError("it asks nothing");
  return envelope;
}

describe("the card of an event", () => {
  test("says what is asked, until when and what silence means, with the answers first", () => {
    const card = eventCard(aQuestion(), showing);
    expect(card).toMatchObject({ tone: "ask", title: "Approve · Send 14 invoices?" });
    expect(card.lines).toEqual([
      "Total 8,420 USD",
      "Asked by aaron",
      "Answer by Sun 22 Nov 04:00 · no answer means no",
    ]);
    expect(card.facts).toEqual([{ name: "Job", value: "invoices" }]);
    expect(card.ask?.rows.map((row) => row.map(({ label }) => label))).toEqual([
      ["Approve", "Reject"],
      ["In 2 h", "Show all"],
    ]);
  });

  test("gives a long answer a row of its own, and asks for a reply where words are wanted", () => {
    const options = [
      { verb: "aa", label: "Frankfurt, the cheapest one" },
      { verb: "bb", label: "Oslo" },
      { verb: "cc", label: "Rome" },
    ];
    const choice = eventCard(aQuestion({ kind: "choose", options }), showing);
    expect(choice.ask?.rows.map((row) => row.length)).toEqual([1, 2, 2]);
    const input = eventCard(aQuestion({ kind: "input", options: [], deadline: undefined }), showing);
    expect(input.lines).toContain("Reply to this message with your answer");
  });

  test("lets critical news be acknowledged or silenced", () => {
    const { ask, tone } = eventCard(
      aQuestion(
        { kind: "ack", options: [], deadline: undefined },
        { category: "incident", severity: "critical" },
      ),
      showing,
    );
    expect(tone).toBe("bad");
    expect(ask?.rows.flat().map(({ verb }) => verb)).toEqual(["ak", "s2"]);
  });

  test.each<[what: string, parts: Partial<Envelope>, tone: string, title: string]>([
    ["a result", {}, "ok", "Research: hosting prices"],
    [
      "a failure",
      { severity: "warning", labels: { outcome: "failed" } },
      "bad",
      "Failed · Research: hosting prices",
    ],
    [
      "an outage",
      { category: "outage", status: "firing", severity: "warning" },
      "warning",
      "Outage · Research: hosting prices",
    ],
    ["its end", { category: "outage", status: "resolved" }, "ok", "Resolved · Research: hosting prices"],
    [
      "an incident",
      { category: "incident", severity: "critical" },
      "bad",
      "Incident · Research: hosting prices",
    ],
    ["a change of memory", { category: "memory.update" }, "info", "Memory · Research: hosting prices"],
    ["a start", { category: "system.lifecycle" }, "info", "Research: hosting prices"],
  ])("shows %s from afar", (_, parts, tone, title) => {
    expect(eventCard(anEnvelope(parts as object), showing)).toMatchObject({ tone, title });
  });

  test("says how long an outage lasted", () => {
    const envelope = anEnvelope({ category: "outage", status: "resolved" });
    const card = eventCard(envelope, { ...showing, since: "2026-11-21T08:00:00Z" });
    expect(card.lines).toEqual(["It lasted 1h10m"]);
  });

  test("notes that it may be there twice, and that no rule is made for it", () => {
    const { note } = eventCard(anEnvelope(), {
      ...showing,
      again: true,
      noRule: true,
      note: "owner is away",
    });
    expect(note).toBe(
      "(sent again, the first copy may have got lost)\n(no rule is made for this; the last one took it)\nowner is away",
    );
  });

  test("puts worker, duration and cost first among its facts, and shows each link with its address", () => {
    const { facts, lines, url } = eventCard(
      anEnvelope({
        labels: { region: "fra1", cost: "$0.31", needs: "gpu", duration: "4m12s", worker: "w1" },
        links: [{ text: "Draft", url: "https://a.example/x" }],
      }),
      showing,
    );
    expect(facts.map(({ name }) => name)).toEqual(["Worker", "Duration", "Cost", "Region"]);
    expect(lines).toEqual(["Draft: https://a.example/x"]);
    expect(url).toBe("https://a.example/x");
  });
});

describe("the card of a question", () => {
  const answer = {
    action: "ac_01KA9Z8Q5Y0V2T6W3R4X7B" as ActionId,
    event: anEnvelope().id,
    verb: "ok",
    payloadHash,
    by: { person: "Aaron", via: "telegram" as const },
    at: "2026-11-21T12:31:00Z",
  };

  test("says who decided and when once it is over, and has nothing to press any more", () => {
    const card = decidedCard(aQuestion(), answer, showing);
    expect(card).toMatchObject({ tone: "ok", decided: "Approved by Aaron Sat 21 Nov 07:31" });
    expect(card.ask).toBeUndefined();
    expect(card.lines.join()).not.toContain("Answer by");
  });

  test.each([
    [{ ...answer, verb: "no" }, "info", "Rejected by Aaron Sat 21 Nov 07:31"],
    [
      { ...answer, verb: "xp", by: { person: "nobody", via: "deadline" as const } },
      "info",
      "Expired Sat 21 Nov 07:31, nobody answered",
    ],
  ])("says so when it was not a yes", (ending, tone, decided) => {
    expect(decidedCard(aQuestion(), ending, showing)).toMatchObject({ tone, decided });
  });

  test("asks once more with buttons that say something else than the answer", () => {
    const question = aQuestion({ risk: "high" });
    const { ask, note } = confirmCard(question, "no", showing);
    const [yes, back] = ask?.rows.flat() ?? [];
    expect(note).toBe("Really “Reject”? It counts when you confirm it below.");
    expect(yes).toEqual({ verb: "y1", label: "Yes, reject", style: "danger" });
    expect(back?.verb).toBe("bk");
    expect(confirmedVerb(question.action, "y1")).toBe("no");
    expect(confirmedVerb(question.action, "no")).toBeUndefined();
  });

  test("reminds in a few words, with how long it has been waiting", () => {
    const card = reminderCard(aQuestion(), 2, "2026-11-21T13:10:00Z", showing);
    expect(card).toMatchObject({
      title: "Still open · Approve · Send 14 invoices?",
      marker: "remind:ac_01KA9Z8Q5Y0V2T6W3R4X7B:2",
    });
    expect(card.lines[0]).toBe("Waits for 4h, reminder 2");
    expect(card.ask).toBeUndefined();
  });
});

describe("the card of several events", () => {
  const later = aQuestion({}, { id: "ev_00000000000000000000000002", title: "Later" });
  const sooner = aQuestion(
    { id: "ac_0000000000000000000002", deadline: "2026-11-21T12:00:00Z" },
    { id: "ev_00000000000000000000000003", title: "Sooner" },
  );
  const result = anEnvelope({ id: "ev_00000000000000000000000001" });
  const listing: Listing = {
    kind: "list",
    because: "morning",
    name: "morning",
    events: [result, later, sooner],
    open: new Set([later.action.id, sooner.action.id]),
    now: "2026-11-21T12:30:00Z",
    marker: "m",
  };

  test("puts open decisions on top, the oldest deadline first", () => {
    const { title, items, tone } = listCard(listing, showing);
    expect(title).toBe("Good morning · 3 held: 2 decisions, 1 ambient");
    expect(tone).toBe("ask");
    expect(items?.map((item) => item.event)).toEqual([sooner.id, later.id, result.id]);
    expect(items?.[0]?.detail).toContain("answer by Sat 21 Nov 07:00");
  });

  test("says how long it was away", () => {
    const back = { ...listing, because: "back" as const, since: "2026-11-21T09:30:00Z", events: [result] };
    expect(listCard(back, showing).title).toBe("Back after 3h · 1 held");
  });

  test("says of a digest how to see what did not fit", () => {
    const digest = { ...listing, because: "digest" as const, name: "memory", open: new Set<ActionId>() };
    expect(listCard(digest, showing)).toMatchObject({
      title: "Memory digest · 3 events",
      more: "pawl digest show memory",
    });
  });
});

test("the status card says in its title whether all is well", () => {
  const node = {
    name: "w1",
    role: "worker" as const,
    state: "running",
    well: true,
    running: 1,
    slots: 2,
    beat: "2026-11-21T09:09:30Z",
  };
  const status = {
    at: "2026-11-21T09:10:00Z",
    nodes: [node],
    tasks: { queued: 3, blocked: 0 },
    openDecisions: 1,
  };
  expect(statusCard(status, showing)).toMatchObject({
    title: "All is well",
    lines: ["Tasks: 3 queued", "Open decisions: 1", "As of Sat 21 Nov 04:10"],
    facts: [{ name: "w1", value: "worker, running · 1 of 2 running · last beat 30s ago" }],
  });
  const ill = { ...status, nodes: [{ ...node, well: false, state: "silent" }] };
  expect(statusCard(ill, showing)).toMatchObject({ tone: "warning", title: "Needs a look · w1" });
});
