import { beforeEach, describe, expect, test } from "vitest";

import type { Heard } from "../../../src/ports/owner-line.ts";
import { openActions } from "../../../src/routing/deliveries/select.ts";
import { confirmingVerb, verbs } from "../../../src/routing/verbs.ts";
import { PostOffice, verbsOf } from "../../support/post-office.ts";
import { anAction, anEvent, networks, routingOf } from "../../support/routing.ts";

const action = "ac_0000000000000000000001";
const options = [
  { verb: "ok", label: "Approve", style: "success" },
  { verb: "no", label: "Reject", style: "danger" },
];
const target = { kind: "approve-task", task: "T-20261121-aaaaa", digest: "d".repeat(16) };

const question = (given: object = {}, event: object = {}) =>
  anEvent(
    {
      at: "2026-11-21T10:00:00Z",
      category: "action.approve",
      title: "Send 14 invoices?",
      subject: "task:T-20261121-aaaaa",
      body: "All of it",
      action: anAction({ id: action, options, target, ...given }),
      ...event,
    },
    1,
  );

describe("a question", () => {
  let office: PostOffice;
  let presses = 0;

  const press = (verb: string, message = "m1") =>
    office.courier.hear(
      {
        key: `update ${++presses}`,
        person: "aaron",
        user: "4242",
        at: "2026-11-21T10:00:00Z",
        kind: "press",
        action,
        verb,
        chat: "c",
        message,
      },
      "telegram",
    );
  const owner = () => office.channel("owner").shown;

  beforeEach(async () => {
    office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
    await office.open();
  });

  test("is answered by the first press, carried out, and says in its messages who it was", async () => {
    await office.tell(question());
    expect(verbsOf(owner()[0]!)).toEqual(["ok", "no", "z2", "sh"]);
    expect(await press("ok")).toEqual({ toast: "Recorded" });
    await office.rest();
    expect(office.errands).toEqual([
      expect.objectContaining({ kind: "approve-task", verb: "ok", by: "aaron", task: target.task }),
    ]);
    expect(owner()).toHaveLength(1);
    expect(owner()[0]?.text).toMatch(/Approved by aaron/);
    expect(verbsOf(owner()[0]!)).toEqual([]);
    expect(office.kinds("carried-out")).toHaveLength(1);
    expect(openActions(office.courier.state)).toEqual([]);
  });

  test("says so where the ledger does not take the answer", async () => {
    await office.tell(question());
    office.errandEnds = { kind: "refused", how: "it was edited after it was shown" };
    await press("ok");
    await office.rest();
    expect(owner()).toHaveLength(1);
    expect(owner()[0]?.text).toMatch(/Approved by aaron .*, and not done: it was edited after it was shown/);
  });

  test("shows on every network how it ended", async () => {
    await office.tell(question());
    await office.pass(60);
    expect(office.channel("results").texts[0]).not.toMatch(/Approved/);
    await press("ok");
    await office.rest();
    expect(JSON.stringify(office.channel("results").shown[0]?.parcel.message)).toMatch(/Approved by aaron/);
  });

  test("tells the second one who answered first, and stays as it was answered", async () => {
    await office.tell(question());
    await Promise.all([press("no"), press("ok"), press("ok")]);
    expect(await press("ok")).toEqual({
      toast: "Already answered at 10:00 by aaron: Reject",
      alert: true,
    });
    await office.rest();
    expect(office.errands.map(({ verb }) => verb)).toEqual(["no"]);
  });

  test("hears the same press once, however often the network brings it", async () => {
    await office.tell(question());
    const heard: Heard = {
      key: "update 88123",
      person: "aaron",
      user: "4242",
      at: "",
      kind: "press",
      action,
      verb: "ok",
      chat: "c",
      message: "m1",
    };
    await office.courier.hear(heard, "telegram");
    await office.open();
    expect(await office.courier.hear(heard, "telegram")).toEqual({});
    expect(office.kinds("answered")).toHaveLength(1);
  });

  test("is not confirmed before the answer is on disk", async () => {
    await office.tell(question());
    office.journal.failure = new Error("no room");
    await expect(press("ok")).rejects.toThrow("no room");
    office.journal.failure = undefined;
    await office.rest();
    expect(office.kinds("answered")).toHaveLength(1);
  });

  test("is not answered by a reply to the list that it stands in", async () => {
    const asksWords = { kind: "input", options: [], target: undefined };
    office = new PostOffice(
      routingOf(`${networks}routing: { quietHours: { from: "09:00", to: "12:00" } }\n`),
    );
    await office.open();
    await office.tell(question(asksWords));
    await office.tell({
      ...question(
        { ...asksWords, id: "ac_0000000000000000000002" },
        { subject: "s:2", title: "And to whom?" },
      ),
      id: "ev_00000000000000000000000002" as never,
    });
    await office.pass(2 * 3600, 600);
    const list = owner().find(({ text }) => text.includes("14 invoices") && text.includes("to whom"));
    const said = { key: "r", person: "aaron", user: "4242", at: "", kind: "reply", text: "Thanks!" } as const;
    const { reply } = await office.courier.hear(
      { ...said, to: list?.id ?? "", chat: "c", message: "9" },
      "telegram",
    );
    expect(list).toBeDefined();
    expect(reply?.markdown).toMatch(/Nothing was asked/);
    expect(openActions(office.courier.state)).toHaveLength(2);
  });

  test("of high risk counts only when it is confirmed in the same message", async () => {
    await office.tell(question({ risk: "high" }));
    await press("ok");
    await office.rest();
    expect(office.errands).toEqual([]);
    const yes = confirmingVerb({ options: options as never }, "ok");
    expect(verbsOf(owner()[0]!)).toEqual([yes, "bk"]);
    await press(verbs.back);
    await office.rest();
    expect(verbsOf(owner()[0]!)).toContain("ok");
    expect(await press(yes)).toMatchObject({ alert: true });
    await press("ok");
    await press(yes);
    await office.rest();
    expect(office.errands).toHaveLength(1);
    expect(owner()).toHaveLength(1);
  });

  test("expires at its deadline and is never approved by silence", async () => {
    await office.tell(question({ deadline: "2026-11-21T12:00:00Z" }));
    await office.pass(2 * 3600 + 1, 600);
    expect(office.courier.state.questions.values().next().value?.answer?.by.via).toBe("deadline");
    expect(owner().at(0)?.text).toMatch(/Expired/);
    expect(await press("ok")).toMatchObject({ toast: expect.stringMatching(/expired/), alert: true });
    await office.rest();
    expect(office.errands).toEqual([]);
  });

  test("is asked again after an hour, four hours and a day, one reminder at a time", async () => {
    await office.tell(question());
    const standing: number[] = [];
    for (let hour = 0; hour < 26; hour++) {
      await office.pass(3600);
      standing.push(owner().filter(({ text }) => text.includes("Still open")).length);
    }
    expect(standing.every((count) => count <= 1)).toBe(true);
    expect(office.channel("owner").removed).toHaveLength(2);
    const reminders = office.kinds("due").filter((entry) => entry.t === "due" && entry.reason === "reminder");
    expect(reminders.map(({ at }) => at)).toEqual([
      "2026-11-21T11:00:00.000Z",
      "2026-11-21T14:00:00.000Z",
      "2026-11-22T10:00:00.000Z",
    ]);
    expect(owner().at(-1)?.parcel.replyTo).toEqual({ chat: "c", message: "m1" });
    await press("ok");
    await office.rest();
    expect(owner().filter(({ text }) => text.includes("Still open"))).toEqual([]);
  });

  test("leaves the owner in peace for two hours when asked to", async () => {
    await office.tell(question());
    expect(await press(verbs.snooze)).toEqual({ toast: "I ask again at 12:00" });
    await office.pass(7000, 500);
    expect(owner()).toHaveLength(1);
    await office.pass(300);
    expect(owner()).toHaveLength(2);
  });

  test("shows all of its body to whoever asks", async () => {
    await office.tell(question());
    expect(await press(verbs.showAll)).toEqual({ reply: { markdown: "All of it" } });
  });

  test("is pointless once newer news asks for something else", async () => {
    await office.tell(question());
    const other = "ac_0000000000000000000002";
    await office.tell({
      ...question({ id: other, target: { ...target, digest: "e".repeat(16) } }),
      id: "ev_00000000000000000000000002" as never,
      revision: 2,
    });
    expect(await press("ok")).toMatchObject({ toast: expect.stringMatching(/pointless/), alert: true });
    await office.rest();
    expect(owner()[0]?.text).toMatch(/No longer asked/);
    expect(office.errands).toEqual([]);
  });

  test("is not asked twice while it stands, or while its answer is being carried out", async () => {
    await office.tell(question());
    const again = {
      ...question({ id: "ac_0000000000000000000002" }),
      id: "ev_00000000000000000000000002" as never,
    };
    await office.tell(again);
    expect(office.courier.state.questions.size).toBe(1);
    expect(await press("ok")).toMatchObject({ toast: "Recorded" });
  });

  test("is answered with words where words were asked for", async () => {
    await office.tell(question({ kind: "input", options: [], target: undefined }));
    const reply = (to: string) =>
      office.courier.hear(
        {
          key: `r${to}`,
          person: "aaron",
          user: "4242",
          at: "",
          kind: "reply",
          text: "Blue",
          to,
          chat: "c",
          message: "9",
        },
        "telegram",
      );
    expect((await reply("m9")).reply?.markdown).toMatch(/Nothing was asked/);
    expect((await reply("m1")).reply?.markdown).toBe("Recorded");
    await office.rest();
    expect(owner()[0]?.text).toMatch(/Answered by aaron .*: Blue/);
  });

  test("is carried out until that is done, once", async () => {
    await office.tell(question());
    office.errandEnds = { kind: "later", how: "no connection" };
    await press("ok");
    await office.pass(3600, 60);
    expect(office.errands.length).toBeGreaterThan(3);
    expect(office.kinds("carried-out")).toEqual([]);
    office.errandEnds = { kind: "done", how: "approved" };
    await office.pass(600, 60);
    const count = office.errands.length;
    await office.open();
    await office.pass(3600, 600);
    expect(office.errands).toHaveLength(count);
    expect(office.kinds("carried-out")).toHaveLength(1);
  });

  test("is closed with a refusal when carrying it out breaks, and the courier goes on", async () => {
    await office.tell(question());
    office.errandEnds = new RangeError("secret words of a library");
    await press("ok");
    await office.rest();
    expect(office.kinds("carried-out")).toMatchObject([{ how: "refused: it broke (RangeError)" }]);
    await office.open();
    await office.rest();
    expect(office.errands).toHaveLength(1);
  });

  test("is no question when what it is about is no task", () => {
    expect(() => question({ target: { ...target, task: "deploy-17" } })).toThrow("a task id looks like");
  });

  test("is carried out later when the system has no files left", async () => {
    await office.tell(question());
    office.errandEnds = Object.assign(new Error("too many open files"), { code: "EMFILE", syscall: "open" });
    await press("ok");
    await office.rest();
    expect(office.kinds("carried-out")).toEqual([]);
    office.errandEnds = { kind: "done", how: "approved" };
    await office.pass(600, 60);
    expect(office.kinds("carried-out")).toHaveLength(1);
  });

  test("of harm asks to be seen, and silences its subject for two hours if asked to", async () => {
    const harm = { category: "incident", severity: "critical", subject: "service:disk", status: "firing" };
    const tell = (n: number, given: object) =>
      office.tell(anEvent({ at: "2026-11-21T10:00:00Z", title: "Disk is full", ...harm, ...given }, n));
    await tell(1, {});
    const [asked] = openActions(office.courier.state);
    expect(verbsOf(owner()[0]!)).toEqual(["ak", "s2"]);
    await office.courier.ask({
      kind: "answer",
      action: asked!.question.action.id,
      verb: verbs.silence,
      person: "aaron",
    });
    await tell(2, { category: "heartbeat.alert", severity: "warning", status: "once", revision: 2 });
    expect(office.channel("alerts").shown).toHaveLength(1);
    expect(openActions(office.courier.state)).toEqual([]);
  });

  test("is not all that a chat is for: a command heard again after a crash has the key that it had", async () => {
    const typed = { name: "submit", args: "Compare the offers", person: "aaron", key: "telegram:7" };
    const heard: Heard = { ...typed, kind: "command", user: "4242", at: "", chat: "c", message: "m9" };
    office.journal.failure = new Error("no room");
    await expect(office.courier.hear(heard, "telegram")).rejects.toThrow("no room");
    office.journal.failure = undefined;
    await office.open();
    expect(await office.courier.hear(heard, "telegram")).toEqual({ reply: { markdown: "as asked" } });
    expect(office.typed).toEqual([typed, typed]);
    expect(await office.courier.hear(heard, "telegram")).toEqual({});
  });
});
