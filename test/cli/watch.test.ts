import { describe, expect, test } from "vitest";

import { Desk } from "../support/desk.ts";
import { queueText } from "../support/ledgers.ts";
import { ada, adasTask, adasToken, anId, aTask } from "../support/tasks.ts";

describe("watch", () => {
  test("tells programs each event as a line of JSON", async () => {
    await using desk = await Desk.sitDown();
    const watching = desk.type("watch", "--ndjson");
    await desk.clock.untilSomeoneSleeps();
    await desk.clock.advance(1000);
    desk.push({ "worker/QUEUE.md": queueText([aTask()]) });
    await desk.clock.untilSomeoneSleeps();
    await desk.clock.advance(1000);
    desk.push({ "worker/QUEUE.md": queueText([adasTask()]) });
    await desk.clock.untilSomeoneSleeps();
    await desk.clock.advance(1000);
    await desk.clock.untilSomeoneSleeps();
    desk.signals.get("SIGINT")?.();
    const { code, out } = await watching;
    expect(code).toBe(0);
    const events = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(events).toMatchObject([
      { kind: "task-queued", task: anId() },
      { kind: "task-claimed", task: anId(), by: "ada", attempt: 1 },
    ]);
  });

  test("shows people who does what, and gives the terminal back", async () => {
    await using desk = await Desk.sitDown({ queue: queueText([adasTask()]) });
    desk.screens.out.isTerminal = true;
    desk.world.around = { ...desk.world.around, env: { NO_COLOR: "1" } };
    desk.beat({
      worker: ada,
      count: 1,
      at: "2026-11-21T10:00:00Z",
      version: "0.1.0",
      host: "box",
      state: "busy",
      slots: 2,
      executors: ["openclaw"],
      capabilities: ["gpu"],
      unhealthy: {},
      running: [{ task: anId(), token: adasToken, attempt: 1, seconds: 65, progress: "halfway" }],
      every: 60,
    });
    const watching = desk.type("watch");
    await desk.clock.untilSomeoneSleeps();
    await desk.clock.advance(1000);
    await desk.clock.untilSomeoneSleeps();
    desk.signals.get("SIGINT")?.();
    const { out } = await watching;
    expect(out).toMatch(/ada +alive +1\/2 busy +openclaw gpu/);
    expect(out).toMatch(new RegExp(`${anId()} +running +ada +1m5s +Rebuild the nightly report {2}halfway`));
    expect(out.startsWith("\u001b[?1049h")).toBe(true);
    expect(out.endsWith("\u001b[?25h\u001b[?1049l")).toBe(true);
  });
});
