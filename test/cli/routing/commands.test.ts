import { writeFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";

import { ActionId, EventId, type Action } from "../../../src/core/envelope.ts";
import { documented, shapeOf } from "../../support/cli-page.ts";
import { queueText } from "../../support/ledgers.ts";
import { aTask } from "../../support/tasks.ts";
import { aDay, at, ToldDesk } from "./told-desk.ts";

const action: Action = {
  id: ActionId.parse("ac_01KA9Z8Q5Y0V2T6W3R4X7B"),
  kind: "approve",
  options: [
    { verb: "ok", label: "Approve" },
    { verb: "no", label: "Reject" },
  ],
  deadline: "2036-11-21T12:00:00Z",
  risk: "low",
  payloadHash: `sha256:${"0".repeat(64)}`,
};
const question = { category: "action.approve", title: "Send 14 invoices?", action } as const;
const event = EventId.parse("ev_01KA9Z8Q5Y0V2T6W3R4X7B8N00");

describe("notify", () => {
  test("lays an event into main's box and prints its id", async () => {
    await using told = await ToldDesk.sitDown();
    const typed = ["notify", "Backup done", "--category", "result.cron", "--label", "job=backup"];
    const { out, code } = await told.desk.type(...typed, "--link", "Log=https://example.org/log");
    expect(code).toBe(0);
    const [asked, ...others] = await told.asked();
    expect(others).toEqual([]);
    expect(asked).toMatchObject({
      kind: "event",
      envelope: {
        id: out.trim(),
        category: "result.cron",
        title: "Backup done",
        labels: { job: "backup" },
        links: [{ text: "Log", url: "https://example.org/log" }],
      },
    });
  });

  test.each([
    [["--category", "outage", "--severity", "wraning"], 'severity "wraning": not one of'],
    [["--category", "Outage!"], "category"],
    [["--category", "outage", "--label", "x"], "has no name and value"],
    [["--category", "outage", "--link", "a=javascript:alert(1)"], "links.0.url"],
  ])("refuses %j", async (options, problem) => {
    await using told = await ToldDesk.sitDown();
    const { code, err } = await told.desk.type("notify", "x", ...options);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(problem) as string });
    expect(await told.asked()).toEqual([]);
  });

  test("says of a category that nobody knows which one may be meant", async () => {
    await using told = await ToldDesk.sitDown();
    const { err } = await told.desk.type("notify", "x", "--category", "heartbeat.alrt");
    expect(err).toContain("did you mean heartbeat.alert?");
  });

  test("is refused where main never ran", async () => {
    await using told = await ToldDesk.sitDown();
    const { err, code } = await told.desk.type(
      "notify",
      "x",
      "--category",
      "outage",
      "--config",
      at(told.desk, "none"),
    );
    expect(code).not.toBe(0);
    expect(err).toContain("none");
  });
});

describe("ask", () => {
  test("asks with two answers, and says no when nobody answers in time", async () => {
    await using told = await ToldDesk.sitDown();
    const { out } = await told.desk.type("ask", "Send them?", "--deadline", "4h", "--risk", "high");
    const [asked] = await told.asked();
    expect(asked).toMatchObject({
      envelope: {
        category: "action.approve",
        action: { id: out.trim(), risk: "high", options: [{ verb: "ok" }, { verb: "no" }] },
      },
    });
  });

  test.each([
    ["ok", 0, "Approve"],
    ["no", 10, "Reject"],
  ])("--wait ends when %s is answered", async (verb, code, said) => {
    await using told = await ToldDesk.sitDown();
    const waiting = told.desk.type("ask", "Send them?", "--wait");
    await told.desk.clock.untilSomeoneSleeps();
    const [asked] = await told.asked();
    if (asked?.kind !== "event" || !asked.envelope.action) throw new Error("nothing was asked");
    const { id, action: asks } = { id: asked.envelope.id, action: asked.envelope.action };
    const by = { person: "aaron", via: "telegram" } as const;
    const answer = { action: asks.id, event: id, verb, payloadHash: asks.payloadHash, by, at: aDay };
    await told.journal.append([
      { at: aDay, t: "event", envelope: asked.envelope },
      { at: aDay, t: "answered", answer },
    ]);
    await told.desk.clock.advance(1000);
    expect(await waiting).toMatchObject({ code, out: `${said}\n` });
  });

  test.each([["toolong=x"], ["z2=Later"], ["ab"], ["y1=x"]])("refuses the answer %s", async (option) => {
    await using told = await ToldDesk.sitDown();
    expect(await told.desk.type("ask", "Which?", "--option", option)).toMatchObject({ code: 2 });
  });
});

describe("approve and reject", () => {
  test("answer a question as a button does", async () => {
    await using told = await ToldDesk.sitDown([question]);
    const typing = told.desk.type("approve", action.id);
    let isOver = false;
    void typing.then(() => (isOver = true));
    while (!isOver) {
      await Promise.race([told.desk.clock.untilSomeoneSleeps(), typing]);
      await told.desk.clock.advance(200);
    }
    expect(await typing).toMatchObject({
      code: 0,
      out: expect.stringContaining("main is not running") as string,
    });
    expect(await told.asked()).toEqual([{ kind: "answer", action: action.id, verb: "ok", person: "ada" }]);
  });

  test("say who was first", async () => {
    await using told = await ToldDesk.sitDown([question]);
    const by = { person: "aaron", via: "telegram" } as const;
    const answer = { action: action.id, event, verb: "no", payloadHash: action.payloadHash, by, at: aDay };
    await told.journal.append([{ at: aDay, t: "answered", answer }]);
    const { out, code } = await told.desk.type("approve", action.id);
    expect({ out, code }).toEqual({ out: `${action.id} was answered before: no, by aaron.\n`, code: 1 });
  });

  test("refuse what is no answer, and a question that nobody asks", async () => {
    await using told = await ToldDesk.sitDown([question]);
    expect(await told.desk.type("approve", action.id, "--verb", "zz")).toMatchObject({ code: 1 });
    expect(await told.desk.type("reject", "ac_01KA9Z8Q5Y0V2T6W3R4X70")).toMatchObject({ code: 4 });
  });
});

describe("inbox", () => {
  test("has what waits for a person", async () => {
    await using told = await ToldDesk.sitDown([question, { title: "done" }]);
    expect(await told.desk.json("inbox")).toEqual({
      open: [
        { id: action.id, what: "approve", title: question.title, deadline: action.deadline, task: null },
      ],
    });
  });
});

describe("route", () => {
  test("explain says where an event would go, and why", async () => {
    await using told = await ToldDesk.sitDown();
    const typed = ["route", "explain", "--category", "incident", "--severity", "critical"];
    const { out, code } = await told.desk.type(...typed, "--at", "2026-11-22T12:00:00Z");
    expect(code).toBe(0);
    expect(out).toMatch(/YES critical -> /);
    expect(out).toContain("=> file:alerts");
  });

  test("why says what was decided about one that came, and what became of it", async () => {
    await using told = await ToldDesk.sitDown([{ title: "A result" }]);
    const { out, code } = await told.desk.type("route", "why", event);
    expect(code).toBe(0);
    expect(out).toContain("file:results");
    expect(out).toContain(`(${event}/results/1)`);
    expect(await told.desk.type("route", "why", "ev_01KA9Z8Q5Y0V2T6W3R4X7B8N99")).toMatchObject({ code: 4 });
  });

  test("compares a file of expectations with the rules", async () => {
    await using told = await ToldDesk.sitDown();
    const fixtures = (to: string) =>
      `- { event: { category: memory.update, title: x, subject: s, source: cli }, expect: [${to}] }\n`;
    await writeFile(at(told.desk, "route-tests.yaml"), fixtures("memory"));
    expect(await told.desk.type("route", "test")).toMatchObject({ code: 0 });
    await writeFile(at(told.desk, "wrong.yaml"), fixtures("alerts"));
    expect(await told.desk.type("route", "test", "wrong.yaml")).toMatchObject({ code: 1 });
    expect(await told.desk.type("route", "test", "none.yaml")).toMatchObject({ code: 4 });
  });

  test("show and lint speak of the rules in force", async () => {
    await using told = await ToldDesk.sitDown();
    expect((await told.desk.type("route", "show")).out).toContain("Quiet from 22:30 to 07:30");
    expect(await told.desk.type("route", "lint")).toMatchObject({
      code: 0,
      out: "The rules are in order.\n",
    });
  });

  test("backtest counts what other rules would have sent", async () => {
    await using told = await ToldDesk.sitDown([{ title: "one" }, { title: "two" }]);
    const other = "remote: x\nrouting:\n  rules:\n    - name: all\n      to: [system]\n";
    await writeFile(at(told.desk, "other.yaml"), other);
    const typed = ["route", "backtest", "--rules", "other.yaml", "--since", "365d"];
    expect(await told.desk.json(...typed)).toMatchObject({ events: 2, changed: [{}, {}] });
  });

  test("setup without a network says what is missing", async () => {
    await using told = await ToldDesk.sitDown();
    const { code, err } = await told.desk.type("route", "setup");
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining("telegram:") as string });
  });
});

describe("deliveries", () => {
  test("lists, shows, and asks main to try again or to give up", async () => {
    await using told = await ToldDesk.sitDown([{ title: "A result" }]);
    const id = `${event}/results/1`;
    expect(await told.desk.json("deliveries")).toMatchObject({
      deliveries: [{ id, destination: "results", title: "A result", sentAt: null }],
    });
    expect((await told.desk.type("deliveries", "show", id)).out).toContain("A result");
    await told.desk.type("deliveries", "retry", id);
    await told.desk.type("deliveries", "give-up", id);
    expect(await told.asked()).toEqual([
      { kind: "retry", delivery: id, by: "ada" },
      { kind: "give-up", delivery: id, by: "ada" },
    ]);
    expect(await told.desk.type("deliveries", "show", "x")).toMatchObject({ code: 4 });
  });
});

describe("quiet, silence and digest", () => {
  test("ask main for it", async () => {
    await using told = await ToldDesk.sitDown();
    await told.desk.type("quiet", "2h");
    await told.desk.type("quiet", "off");
    await told.desk.type("silence", "add", "--subject", "service:mail", "--for", "4h");
    await told.desk.type("digest", "flush", "hourly");
    expect(await told.asked()).toMatchObject([
      { kind: "quiet", until: expect.any(String) as string },
      { kind: "quiet", until: null },
      { kind: "silence", silence: { subject: "service:mail", by: "ada" } },
      { kind: "flush", digest: "hourly" },
    ]);
  });

  test.each([
    ["quiet", "soon"],
    ["silence", "add"],
    ["silence", "end", "si_x"],
    ["digest", "flush", "none"],
  ])("refuse %s %s", async (...typed) => {
    await using told = await ToldDesk.sitDown();
    expect(await told.desk.type(...typed)).toMatchObject({ code: 2 });
  });

  test("digest show has what waits", async () => {
    await using told = await ToldDesk.sitDown([{ category: "memory.update", title: "Noted" }]);
    expect(await told.desk.json("digest", "show", "hourly")).toMatchObject({ lines: [{ title: "Noted" }] });
  });
});

describe("channel check", () => {
  test("looks at all destinations, and asks main to post a test message", async () => {
    await using told = await ToldDesk.sitDown();
    expect(await told.desk.type("channel", "check")).toMatchObject({ code: 0 });
    await told.desk.type("channel", "check", "alerts", "--send");
    expect((await told.asked()).at(-1)).toMatchObject({
      kind: "checked",
      destination: "alerts",
      event: expect.stringMatching(/^ev_/) as string,
    });
    expect(await told.desk.type("channel", "check", "none")).toMatchObject({ code: 2 });
  });
});

describe("the page on the commands", () => {
  test.each([
    ["inbox"],
    ["notify", "x", "--category", "x.y"],
    ["ask", "x"],
    ["deliveries"],
    ["digest"],
    ["quiet"],
    ["silence", "list"],
    ["channel", "check", "alerts"],
  ])("shows the shape that pawl %s --json really has", async (name, ...rest) => {
    await using told = await ToldDesk.sitDown([name === "inbox" ? question : {}]);
    told.desk.push({ "worker/QUEUE.md": queueText([aTask({ state: { kind: "needs-human", why: "x" } })]) });
    const silence = { id: "si_x", subject: "s", until: "2036-01-01T00:00:00Z", why: "", by: "ada" };
    await told.journal.append([{ at: aDay, t: "silenced", silence }]);
    expect(shapeOf(await told.desk.json(name, ...rest))).toEqual(shapeOf(documented(name)));
  });
});
