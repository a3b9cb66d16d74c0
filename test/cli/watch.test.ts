import { describe, expect, test } from "vitest";

import type { Result } from "../../src/core/outcome.ts";
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

describe("watch --for openclaw", () => {
  const round = async (desk: Desk, ms: number) => {
    await desk.clock.untilSomeoneSleeps();
    await desk.clock.advance(ms);
    await desk.clock.untilSomeoneSleeps();
  };
  const linesOf = (desk: Desk) => desk.screens.out.text.trim().split("\n").filter(Boolean);

  test("tells each end once, at most one batch in half a minute, also after a restart", async () => {
    await using desk = await Desk.sitDown();
    desk.end(anEnd(0));
    const watching = desk.type("watch", "--ndjson", "--for", "openclaw");
    await round(desk, 1000);
    expect(linesOf(desk)).toEqual([]);
    desk.end(anEnd(1));
    await round(desk, 6000);
    expect(linesOf(desk).map((line) => JSON.parse(line) as object)).toEqual([
      {
        task: anId(1),
        outcome: "succeeded",
        title: "Task 1",
        read: `pawl show ${anId(1)}`,
        file: `worker/RESULTS/${anId(1)}.md`,
      },
    ]);
    desk.end(anEnd(2));
    await round(desk, 6000);
    expect(linesOf(desk)).toHaveLength(1);
    await round(desk, 30_000);
    expect(linesOf(desk)).toHaveLength(2);
    desk.signals.get("SIGTERM")?.();
    expect(await watching).toMatchObject({ code: 0 });

    desk.end(anEnd(3));
    const again = desk.type("watch", "--ndjson", "--for", "openclaw");
    await round(desk, 1000);
    desk.signals.get("SIGTERM")?.();
    expect((await again).out).toContain(anId(3));
    expect((await again).out).not.toContain(anId(2));
  });

  test("does not wake the agent for the parts that a task has handed out, and their task tells of", async () => {
    await using desk = await Desk.sitDown();
    const watching = desk.type("watch", "--for", "openclaw");
    await round(desk, 1000);
    desk.end({ ...anEnd(1), request: { parent: anId(2) } });
    desk.end(anEnd(2));
    await round(desk, 6000);
    expect(linesOf(desk)).toHaveLength(1);
    expect(desk.screens.out.text).toContain(anId(2));
    desk.signals.get("SIGTERM")?.();
    await watching;
    expect((await desk.json("heartbeat", "--peek"))["results"]).toMatchObject([{ id: anId(2) }]);
    expect((await desk.type("results", "--unread")).out).toContain(anId(1));
  });

  test("keeps a batch below 16 KiB", async () => {
    await using desk = await Desk.sitDown();
    const watching = desk.type("watch", "--for", "openclaw");
    await round(desk, 1000);
    for (let n = 0; n < 100; n++) desk.end(anEnd(n, "x".repeat(200)));
    await round(desk, 6000);
    const told = linesOf(desk).length;
    expect(Buffer.byteLength(desk.screens.out.text)).toBeLessThan(16_384);
    expect(told).toBeGreaterThan(20);
    expect(told).toBeLessThan(100);
    await round(desk, 30_000);
    expect(linesOf(desk)).toHaveLength(Math.min(100, 2 * told));
    desk.signals.get("SIGINT")?.();
    await watching;
  });
});

function anEnd(n: number, title = `Task ${n}`): Result {
  return {
    id: anId(n),
    title,
    outcome: "succeeded",
    why: undefined,
    lease: undefined,
    attempt: 1,
    started: undefined,
    ended: `2026-11-21T10:${String(n % 60).padStart(2, "0")}:00Z`,
    request: {},
    tried: [],
    facts: {},
    text: "done",
  };
}
