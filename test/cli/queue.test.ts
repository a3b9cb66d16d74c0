import { describe, expect, test } from "vitest";

import { Desk } from "../support/desk.ts";
import { queueText } from "../support/ledgers.ts";
import { anId, aTask } from "../support/tasks.ts";

describe("queue", () => {
  test("cuts titles to the terminal, and to nothing in a pipe", async () => {
    const title = "A title that goes on and on and on for longer than any terminal is wide, or nearly any";
    await using desk = await Desk.sitDown({ queue: queueText([aTask({ title })]) });
    expect((await desk.type("queue")).out).toContain(title);
    desk.screens.out.isTerminal = true;
    desk.screens.out.columns = 80;
    desk.world.around = { ...desk.world.around, env: { NO_COLOR: "1" } };
    for (const line of (await desk.type("queue")).out.split("\n")) expect(line.length).toBeLessThan(80);
  });

  test("says what a queued task waits for, as pawl show does", async () => {
    await using desk = await Desk.sitDown({ queue: queueText([aTask()]) });
    const said = "waits for a worker; none shows a sign of life";
    expect((await desk.type("queue")).out).toContain(`(${said})`);
    expect((await desk.type("show", anId())).out).toContain("waits for  a worker; none shows");
    const waiting = desk.type("submit", "x", "--wait");
    for (let second = 0; second < 12; second++) {
      await desk.clock.untilSomeoneSleeps();
      await desk.clock.advance(1000);
    }
    await desk.clock.untilSomeoneSleeps();
    desk.signals.get("SIGINT")?.();
    expect((await waiting).err.split(said)).toHaveLength(2);
  });

  test("names sections that cannot be read", async () => {
    await using desk = await Desk.sitDown({ queue: "# Queue\n\n## T-1 x\n\n## Inbox\n\n- [ ] one more\n" });
    const { err } = await desk.type("queue");
    expect(err).toContain("QUEUE.md line 3 is left alone:");
    expect(err).toContain("1 more wait for the main node");
  });

  test("names files in INBOX that cannot be read, and counts the others", async () => {
    await using desk = await Desk.sitDown();
    desk.push({
      "worker/INBOX/bad.md": "# x\n\n- priority: hih\n",
      "worker/INBOX/good.md": "do it\n",
      "worker/INBOX/README.md": "",
    });
    const { badInbox, unadopted } = await desk.json("queue");
    expect({ badInbox, unadopted }).toMatchObject({ badInbox: [{ name: "bad.md" }], unadopted: 1 });
    expect((await desk.type("queue")).err).toMatch(/^INBOX\/bad\.md is left alone: .*hih/);
  });
});
