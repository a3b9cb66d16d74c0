import { beforeEach, describe, expect, test } from "vitest";

import { PostOffice } from "../../support/post-office.ts";
import { anEvent, networks, routingOf } from "../../support/routing.ts";

describe("two things that go on with one worker", () => {
  let office: PostOffice;
  let count = 0;

  const tell = (title: string, category: string, status: "firing" | "resolved") =>
    office.tell(
      anEvent(
        {
          at: office.clock.now().toISOString(),
          subject: "worker:w1",
          severity: status === "firing" ? "warning" : "info",
          title,
          category,
          status,
        },
        ++count,
      ),
    );
  const alerts = () => office.channel("alerts").texts.map((text) => text.split("\n", 2).join(" "));

  beforeEach(async () => {
    office = new PostOffice(routingOf(`${networks}routing: { quietHours: off }\n`));
    await office.open();
  });

  test("have a message each, which its own end edits", async () => {
    await tell("w1 stands still", "outage", "firing");
    await office.pass(200, 100);
    await tell("w1 has no disk left", "heartbeat.alert", "firing");
    await tell("w1 goes on", "outage", "resolved");
    expect(alerts()).toEqual([
      expect.stringContaining("w1 goes on"),
      expect.stringContaining("w1 has no disk left"),
    ]);
  });

  test("are not taken for over when one of them is over before it was shown", async () => {
    await tell("w1 stands still", "outage", "firing");
    await tell("w1 has a new version", "system.lifecycle", "firing");
    await tell("w1 goes on", "outage", "resolved");
    await office.pass(600, 100);
    expect(alerts()).toEqual([]);
    expect(office.channel("system").texts).toEqual([expect.stringContaining("w1 has a new version")]);
  });

  test("do not drop each other while the network asks for patience", async () => {
    await tell("w1 stands still", "outage", "firing");
    await office.pass(200, 100);
    office.channel("alerts").trouble = () => ({ kind: "later", afterSeconds: 30, why: "slow down" });
    await tell("w1 has no disk left", "heartbeat.alert", "firing");
    await tell("w1 goes on", "outage", "resolved");
    office.channel("alerts").trouble = undefined;
    await office.pass(600, 30);
    expect(alerts()).toEqual([
      expect.stringContaining("w1 goes on"),
      expect.stringContaining("w1 has no disk left"),
    ]);
  });
});
