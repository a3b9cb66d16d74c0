import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { Fault } from "../../src/fault.ts";
import type { Serving } from "../../src/wire/world.ts";
import { Desk, type Said } from "../support/desk.ts";
import { ada } from "../support/tasks.ts";

describe("a daemon", () => {
  test("drains on the first signal and stops on the second", async () => {
    await using desk = await Desk.sitDown();
    const { serving, ended } = await start(desk, "worker");
    desk.signals.get("SIGTERM")?.();
    expect([serving.signals.drain.aborted, serving.signals.stop.aborted]).toEqual([true, false]);
    desk.signals.get("SIGINT")?.();
    expect(serving.signals.stop.aborted).toBe(true);
    expect((await ended()).code).toBe(0);
    expect(desk.signals.size, "nobody listens any more").toBe(0);
  });

  test("reads its configuration again on SIGHUP", async () => {
    await using desk = await Desk.sitDown();
    const { serving, ended } = await start(desk, "main");
    await reconfigure(desk, "remote: ssh://hub.example/hub.git\nname: desk\npoll: 30s\n");
    expect(serving.config().pollSeconds).toBe(30);
    expect((await ended()).out).toMatch(/\d\d:\d\d:\d\d {2}desk read its configuration again\n/);
  });

  test("tells of a new configuration where the node tells of everything else", async () => {
    await using desk = await Desk.sitDown();
    const { serving, ended } = await start(desk, "main");
    const logged: string[] = [];
    serving.onLog?.((event) => {
      logged.push(event.kind);
      serving.announce(event);
    });
    await reconfigure(desk, "remote: ssh://hub.example/hub.git\nname: desk\npoll: 30s\n");
    await ended();
    expect(logged).toEqual(["settings-reread"]);
  });

  test.each([
    ["remote: ssh://hub.example/hub.git\npol: 30s\n", 'unknown key "pol"; did you mean poll?'],
    ["remote: ssh://hub.example/other.git\nname: desk\n", "a new remote and state folder needs a restart"],
    ["remote: ssh://hub.example/hub.git\nname: chair\n", "a new name needs a restart"],
  ])("keeps the old configuration when the new one is %j", async (text, why) => {
    await using desk = await Desk.sitDown();
    const { serving, ended } = await start(desk, "main");
    const before = serving.config();
    await reconfigure(desk, text);
    expect(serving.config()).toBe(before);
    expect((await ended()).out).toContain(`desk keeps its old configuration: `);
    expect(desk.screens.out.text).toContain(why);
  });

  test("keeps the old configuration when the new one does not fit what runs already", async () => {
    await using desk = await Desk.sitDown();
    const { serving, ended } = await start(desk, "worker");
    serving.onReread?.((read) => {
      throw new Fault("SETTINGS_UNSAFE", `a beat each ${read.pace.beat} s is too fast`, { hint: "Wait." });
    });
    const before = serving.config();
    await reconfigure(desk, "remote: ssh://hub.example/hub.git\nname: desk\nbeat: 10s\n");
    expect(serving.config()).toBe(before);
    expect((await ended()).out).toContain("desk keeps its old configuration: a beat each 10 s is too fast");
  });

  test("prints a line for each event: a sentence, or JSON", async () => {
    const event = { kind: "worker-seen", worker: ada } as const;
    await using desk = await Desk.sitDown();
    const forPeople = await start(desk, "main");
    forPeople.serving.announce(event);
    expect((await forPeople.ended()).out).toMatch(/^\d\d:\d\d:\d\d {2}worker ada is there\n$/);
    const forPrograms = await start(desk, "main", "--json");
    forPrograms.serving.announce(event);
    expect(JSON.parse((await forPrograms.ended()).out)).toEqual({ at: "2026-11-21T10:00:00.000Z", ...event });
  });

  test("lets the command line say more than the configuration", async () => {
    await using desk = await Desk.sitDown();
    const { serving, ended } = await start(
      desk,
      "worker",
      "--slots",
      "3",
      "--drain-timeout",
      "10m",
      "--name",
      "w3",
    );
    expect(serving.config().worker).toMatchObject({ name: "w3", slots: 3, drainSeconds: 600 });
    await ended();
  });

  test.each([
    [["--slots", "0"], "--slots 0: expected a number from 1 to 64"],
    [["--drain-timeout", "5"], "--drain-timeout 5: a duration is written like 90s, 15m, 2h or 1d"],
    [["--name", "W 3"], "--name W 3: a node name is lower-case letters"],
  ])("refuses %j", async (args, said) => {
    await using desk = await Desk.sitDown();
    const { code, err } = await desk.type("worker", ...args);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});

async function start(desk: Desk, ...args: string[]) {
  const started = Promise.withResolvers<Serving>();
  const over = Promise.withResolvers<void>();
  desk.world.serve = (_, serving) => {
    started.resolve(serving);
    return over.promise;
  };
  const typed = desk.type(...args);
  const serving = await started.promise;
  const ended = (): Promise<Said> => {
    over.resolve();
    return typed;
  };
  return { serving, ended };
}

/** Writes another configuration and waits until the daemon has said what it thinks of it. */
async function reconfigure(desk: Desk, text: string): Promise<void> {
  await writeFile(join(desk.folder, "pawl.config.yaml"), text);
  desk.signals.get("SIGHUP")?.();
  while (!desk.screens.out.text.includes("configuration")) await new Promise(setImmediate);
}
