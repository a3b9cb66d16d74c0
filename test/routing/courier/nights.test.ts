import { beforeEach, describe, expect, test } from "vitest";

import type { Sending } from "../../../src/ports/channel.ts";
import { PostOffice } from "../../support/post-office.ts";
import { anAction, anEvent, networks, routingOf } from "../../support/routing.ts";

const hour = 3600;
const refused: Sending = { kind: "refused", code: "503", why: "not now" };

/** Chat goes to the phone; the clock begins at eleven in Berlin, where the night is from 22:30 to 07:30. */
const rules = `${networks}
routing:
  rules:
    - { name: loud, when: { category: [incident] }, to: owner, quiet: pass }
    - { name: mine, when: { category: [chat, "action.*", "briefing.*"] }, to: owner }
    - { name: rest, to: system }
`;

describe("what is ready when the night has begun", () => {
  let office: PostOffice;
  const phone = () => office.channel("owner");
  const tell = (n: number, given: object = {}) =>
    office.tell(
      anEvent(
        {
          at: office.clock.now().toISOString(),
          category: "chat",
          subject: `s:${n}`,
          title: `News ${n}`,
          ...given,
        },
        n,
      ),
    );
  /** News that could not be shown before it was night. */
  const belated = async (given: object = {}) => {
    phone().trouble = () => refused;
    await tell(1, given);
    await office.pass(hour);
    phone().trouble = undefined;
  };

  beforeEach(async () => {
    office = new PostOffice(routingOf(rules));
    await office.open();
    await office.pass(11 * hour);
  });

  test("waits for the morning, and is not too old then", async () => {
    await belated({ category: "briefing.morning" });
    await office.pass(8 * hour, hour / 2);
    expect(phone().shown).toEqual([]);
    await office.pass(2 * hour, hour / 2);
    expect(phone().texts).toEqual([expect.stringContaining("News 1")]);
  });

  test("waits after a restart as well", async () => {
    await belated();
    await office.open();
    await office.pass(hour, 600);
    expect(phone().shown).toEqual([]);
  });

  test("does not wait if it is critical, over by the morning, or of a rule that says so", async () => {
    phone().trouble = () => refused;
    await tell(1, { severity: "critical" });
    await tell(2, { expires: new Date(office.clock.now().getTime() + 4 * hour * 1000).toISOString() });
    await tell(3, { category: "incident" });
    await tell(4);
    await office.pass(hour);
    phone().trouble = undefined;
    await office.pass(hour, 600);
    expect(
      phone()
        .texts.map((text) => /News \d/.exec(text)?.[0])
        .toSorted((a = "", b = "") => a.localeCompare(b)),
    ).toEqual(["News 1", "News 2", "News 3"]);
  });

  test("comes as one list in the morning when the network was away for long", async () => {
    phone().trouble = () => refused;
    for (const n of [1, 2, 3]) await tell(n);
    await tell(4, { severity: "critical" });
    await office.pass(hour);
    phone().trouble = undefined;
    await office.pass(hour, 600);
    expect(phone().texts).toEqual([expect.stringContaining("News 4")]);
    await office.pass(9 * hour, hour / 2);
    expect(phone().texts.slice(1)).toEqual([expect.stringMatching(/Back after .* 3 held/)]);
  });

  test("holds up no critical news of the same subject", async () => {
    await belated();
    await tell(2, { severity: "critical", subject: "s:1" });
    expect(phone().texts).toEqual([expect.stringContaining("News 2")]);
  });

  test("lets a message that stands be put right", async () => {
    await tell(1, { category: "action.approve", action: anAction() });
    await office.pass(hour);
    const [action] = office.courier.state.questions.keys();
    await office.courier.ask({ kind: "answer", action: action!, verb: "ok", person: "aaron" });
    await office.rest();
    expect(phone().shown).toEqual([expect.objectContaining({ edits: 1 })]);
  });

  test("comes at once when somebody wants it tried again", async () => {
    await belated();
    const [delivery = ""] = office.courier.state.open;
    await office.courier.ask({ kind: "give-up", delivery, by: "aaron" });
    await office.courier.ask({ kind: "retry", delivery, by: "aaron" });
    await office.rest();
    expect(phone().texts).toEqual([expect.stringContaining("News 1")]);
  });
});

describe("quiet that somebody asks for by day", () => {
  test("holds what is ready, and reminders, until it is over", async () => {
    const office = new PostOffice(routingOf(rules));
    await office.open();
    const phone = office.channel("owner");
    const at = office.clock.now();
    const inTwoHours = new Date(at.getTime() + 2 * hour * 1000).toISOString();
    phone.trouble = () => refused;
    await office.tell(anEvent({ at: at.toISOString(), category: "chat", subject: "s:1", title: "News" }, 1));
    await office.courier.ask({ kind: "quiet", until: inTwoHours, by: "aaron" });
    phone.trouble = undefined;
    await office.pass(1.9 * hour, 600);
    expect(phone.shown).toEqual([]);
    await office.pass(hour, 600);
    expect(phone.shown).toHaveLength(1);
  });

  test("ends when they say so", async () => {
    const office = new PostOffice(routingOf(rules));
    await office.open();
    const phone = office.channel("owner");
    const at = office.clock.now();
    const inTwoHours = new Date(at.getTime() + 2 * hour * 1000).toISOString();
    phone.trouble = () => refused;
    await office.tell(anEvent({ at: at.toISOString(), category: "chat", subject: "s:1", title: "News" }, 1));
    await office.courier.ask({ kind: "quiet", until: inTwoHours, by: "aaron" });
    phone.trouble = undefined;
    await office.pass(600);
    await office.courier.ask({ kind: "quiet", until: null, by: "aaron" });
    await office.rest();
    expect(phone.shown).toHaveLength(1);
  });
});
