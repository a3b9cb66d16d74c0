import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { describe, expect, test } from "vitest";

import type { Result } from "../../src/core/outcome.ts";
import { parseQueue } from "../../src/format/queue.ts";
import { Desk } from "../support/desk.ts";
import { queueText } from "../support/ledgers.ts";
import { ada, adasTask, adasToken, anId, aTask } from "../support/tasks.ts";

describe("the command line", () => {
  test("prints its help, and ends with 2, when nothing is asked", async () => {
    await using desk = await Desk.sitDown();
    const { code, out, err } = await desk.type();
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("put a task into the queue");
  });

  test.each([
    [["sbmit"], "Unknown command 'sbmit'\nDid you mean submit? [USAGE]\n"],
    [["queue", "--jso"], "Unknown option '--jso'\nDid you mean --json? [USAGE]\n"],
    [["show"], "Missing required argument 'id'\n`pawl help <command>` shows how it is used. [USAGE]\n"],
  ])("answers %j with what was meant", async (args, said) => {
    await using desk = await Desk.sitDown();
    expect(await desk.type(...args)).toEqual({ code: 2, out: "", err: said });
  });

  test("tells a fault as JSON to a program", async () => {
    await using desk = await Desk.sitDown({ config: "remot: x\n" });
    const { code, out, err } = await desk.type("queue", "--json");
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(JSON.parse(err)).toMatchObject({
      error: {
        code: "CONFIG_INVALID",
        message: 'pawl.config.yaml:1:1: unknown key "remot"; did you mean remote?',
      },
    });
  });

  test("does not dress up a bug", async () => {
    await using desk = await Desk.sitDown();
    desk.world.poke = () => Promise.reject(new TypeError("x is not a function"));
    const { code, err } = await desk.type("poke");
    expect(code).toBe(70);
    expect(err).toMatch(/TypeError: x is not a function\n {4}at .*[^]*This is a bug in pawl/);
  });

  test("uses colours on a terminal, and not with NO_COLOR", async () => {
    await using desk = await Desk.sitDown({ queue: queueText([aTask()]) });
    desk.screens.out.isTerminal = true;
    expect((await desk.type("queue")).out).toContain("\u001b[");
    desk.world.around = { ...desk.world.around, env: { NO_COLOR: "1" } };
    expect((await desk.type("queue")).out).not.toContain("\u001b[");
  });

  test("has examples in the help of every command", { timeout: 60_000 }, async () => {
    await using desk = await Desk.sitDown();
    const helpOf = async (...words: string[]) => (await desk.type(...words, "--help")).out;
    const commandsIn = (help: string) =>
      [...(help.split("\nCommands:\n")[1] ?? "").matchAll(/^ {2}([a-z][a-z-]*) ?.*$/gm)].flatMap(([, name]) =>
        name === undefined || name === "help" ? [] : name,
      );
    const names = commandsIn(await helpOf());
    expect(names.length).toBeGreaterThan(25);
    for (const name of names) {
      const help = await helpOf(name);
      const below = await Promise.all(commandsIn(help).map((verb) => helpOf(name, verb)));
      for (const one of below.length === 0 ? [help] : below) {
        expect(one).toMatch(new RegExp(`\\$ .*\\bpawl ${name}\\b`));
      }
    }
  });

  test("queues a task and prints its id, and nothing else", async () => {
    await using desk = await Desk.sitDown();
    const { code, out, err } = await desk.type(
      "submit",
      "Compare",
      "the offers",
      "--priority",
      "high",
      "--timeout",
      "90m",
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [section] = parseQueue(desk.file("worker/QUEUE.md") ?? "").tasks;
    expect(section?.task).toMatchObject({
      id: out.trim(),
      title: "Compare the offers",
      prompt: "Compare the offers",
      state: { kind: "queued" },
      request: { priority: "high", timeout: 5400, by: "ada", created: "2026-11-21T10:00:00Z" },
    });
    expect(desk.poked, "the nodes on this machine are told").toHaveLength(1);
  });

  test("takes the prompt from standard input or from a file", async () => {
    await using desk = await Desk.sitDown();
    desk.stdin = "# From a pipe\n\nDo it.\n";
    await desk.type("submit", "-");
    await writeFile(join(desk.folder, "p.md"), "From a file");
    await desk.type("submit", "--file", "p.md");
    const { tasks } = parseQueue(desk.file("worker/QUEUE.md") ?? "");
    expect(tasks.map(({ task }) => task.title)).toEqual(["From a pipe", "From a file"]);
  });

  test("writes into the task what the configuration says about it, and no more", async () => {
    await using desk = await Desk.sitDown({
      config: "remote: ssh://h/x.git\ndefaults: {category: ops, timeout: 2h, needs: [linux]}\n",
    });
    await desk.type("submit", "x", "--category", "news");
    const [section] = parseQueue(desk.file("worker/QUEUE.md") ?? "").tasks;
    expect(section?.task.request).toMatchObject({ category: "news", timeout: 7200, needs: ["linux"] });
    expect(section?.task.request.executor).toBeUndefined();
  });

  test("answers the same key with the same task, open or ended", async () => {
    await using desk = await Desk.sitDown();
    const first = await desk.json("submit", "x", "--key", "nightly");
    expect(await desk.json("submit", "x", "--key", "nightly")).toEqual({ ...first, existing: true });
    desk.end(aResult({ id: first["id"] as Result["id"], request: { key: "nightly" } }));
    expect(await desk.json("submit", "x", "--key", "nightly")).toEqual({
      id: first["id"],
      state: "succeeded",
      existing: true,
    });
  });

  test("lets a task wait for others, which may be named by a part of their ids", async () => {
    await using desk = await Desk.sitDown({ queue: queueText([aTask({ id: anId(5) })]) });
    desk.end(aResult({ id: anId(6) }), queueText([aTask({ id: anId(5) })]));
    expect(await desk.json("submit", "x", "--after", "00005")).toMatchObject({ state: "blocked" });
    expect(await desk.json("submit", "x", "--after", anId(6))).toMatchObject({ state: "queued" });
  });

  test.each([
    [["submit"], 2, "The prompt is empty\n"],
    [["submit", "  "], 2, "The prompt is empty\n"],
    [["submit", "x", "--file", "p.md"], 2, "The prompt is given twice, as text and by --file\n"],
    [["submit", "--file", "nope.md"], 4, "nope.md cannot be read"],
    [
      ["submit", "x", "--priority", "hih"],
      2,
      '--priority "hih": not one of urgent, high, normal, low; did you mean high?\n',
    ],
    [["submit", "x", "--timeout", "5"], 2, '--timeout "5": a duration is written like 90s, 15m, 2h or 1d\n'],
    [["submit", "x", "--attempts", "0"], 2, '--attempts "0": a number from 1 to 20\n'],
    [["submit", "x", "--expires", "soon"], 2, '--expires "soon": write a date'],
    [["submit", "x", "--expires", "2020-01-01"], 2, "--expires 2020-01-01 is over already\n"],
    [["submit", "x", "--after", "T-20261121-zzzzz"], 4, "There is no task T-20261121-zzzzz\n"],
  ])("refuses %j", async (args, exit, said) => {
    await using desk = await Desk.sitDown();
    const { code, out, err } = await desk.type(...args);
    expect({ code, out }).toEqual({ code: exit, out: "" });
    expect(err).toContain(said);
    expect(desk.file("worker/QUEUE.md")).not.toContain("## T-");
  });

  test("takes a duration for the time at which a task expires", async () => {
    await using desk = await Desk.sitDown();
    await desk.type("submit", "x", "--expires", "2h");
    expect(desk.file("worker/QUEUE.md")).toContain("- expires: 2026-11-21T12:00:00Z");
  });
});

describe("submit --wait", () => {
  test.each([
    ["succeeded", 0],
    ["failed", 1],
  ] as const)("prints the result of a task that %s and exits with %d", async (outcome, code) => {
    await using desk = await Desk.sitDown();
    const waiting = desk.type("submit", "x", "--wait");
    const id = await idIn(desk);
    desk.push({ "worker/QUEUE.md": queueText([adasTask({ id })]) });
    desk.beat(adasBeat(id));
    await desk.clock.untilSomeoneSleeps();
    await desk.clock.advance(2000);
    desk.end(aResult({ id, outcome, text: "It is done." }));
    await desk.clock.untilSomeoneSleeps();
    await desk.clock.advance(2000);
    const said = await waiting;
    expect(said.code).toBe(code);
    expect(said.out).toContain("It is done.");
    expect(said.err).toContain(`${id}  running on ada  halfway`);
  });

  test("stops waiting on Ctrl-C and says that the task goes on", async () => {
    await using desk = await Desk.sitDown();
    const waiting = desk.type("submit", "x", "--wait");
    const id = await idIn(desk);
    await desk.clock.untilSomeoneSleeps();
    desk.signals.get("SIGINT")?.();
    const { code, out, err } = await waiting;
    expect({ code, out }).toEqual({ code: 130, out: "" });
    expect(err).toContain(`Stopped waiting; ${id} goes on.`);
    expect(desk.file("worker/QUEUE.md")).toContain(id);
  });
});

describe("submit --wait --json", () => {
  test("tells a program on Ctrl-C which task goes on", async () => {
    await using desk = await Desk.sitDown();
    const waiting = desk.type("submit", "x", "--wait", "--json");
    const id = await idIn(desk);
    await desk.clock.untilSomeoneSleeps();
    desk.signals.get("SIGINT")?.();
    const { code, out, err } = await waiting;
    expect(code).toBe(130);
    expect(JSON.parse(out)).toEqual({ id, state: "queued", waiting: false });
    expect(err).not.toContain("Stopped");
  });
});

describe("an id", () => {
  test.each([["T-20261121-000a1"], ["000a1"], ["000a"], ["t-20261121-000a"]])(
    "may be written %s",
    async (given) => {
      await using desk = await Desk.sitDown({ queue: twoTasks });
      expect(await desk.json("show", given)).toMatchObject({ id: "T-20261121-000a1" });
    },
  );

  test("that may be several is answered with all of them", async () => {
    await using desk = await Desk.sitDown({ queue: twoTasks });
    const { code, err } = await desk.type("show", "000");
    expect(code).toBe(4);
    expect(err).toBe(
      "000 may be any of 2 tasks\nWrite more of the id: T-20261121-000a1, T-20261121-000b2. [TASK_AMBIGUOUS]\n",
    );
  });

  test("that is misspelt is answered with the nearest one", async () => {
    await using desk = await Desk.sitDown({ queue: twoTasks });
    const { code, err } = await desk.type("show", "T-20261121-000a2");
    expect(code).toBe(4);
    expect(err).toMatch(/^There is no task T-20261121-000a2; did you mean T-20261121-000[ab]\d\?\n/);
  });
});

describe("cancel", () => {
  test("takes a task back, and says who has to stop it", async () => {
    await using desk = await Desk.sitDown({ queue: queueText([adasTask()]) });
    const { code, out } = await desk.type("cancel", anId());
    expect({ code, out }).toEqual({
      code: 0,
      out: `${anId()} is cancelled; ada stops it as soon as it looks.\n`,
    });
    expect(desk.file("worker/QUEUE.md")).toContain("- state: cancelled");
    expect((await desk.type("cancel", anId())).out).toBe(`${anId()} is being cancelled already.\n`);
  });

  test("says how a task ended that has ended already", async () => {
    await using desk = await Desk.sitDown();
    desk.end(aResult());
    expect(await desk.type("cancel", anId())).toMatchObject({
      code: 1,
      out: `${anId()} has ended already: succeeded.\n`,
    });
  });
});

describe("retry", () => {
  test("puts a task back that needs a person", async () => {
    await using desk = await Desk.sitDown({
      queue: queueText([
        aTask({ state: { kind: "needs-human", why: "3 attempts ended as lost" }, attempt: 3 }),
      ]),
    });
    expect(await desk.json("retry", anId())).toEqual({ id: anId(), state: "queued" });
    expect(desk.file("worker/QUEUE.md")).toContain("- state: queued\n- attempt: 3\n");
  });

  test("submits a copy of a task that has ended, without its key", async () => {
    await using desk = await Desk.sitDown();
    desk.end(aResult({ outcome: "failed", request: { key: "once", category: "ops" } }));
    const { out, err } = await desk.type("retry", anId());
    const [section] = parseQueue(desk.file("worker/QUEUE.md") ?? "").tasks;
    expect(section?.task).toMatchObject({
      id: out.trim(),
      prompt: "the old prompt",
      request: { category: "ops" },
    });
    expect(section?.task.request.key).toBeUndefined();
    expect(err).toBe(`${anId()} has ended as failed; ${out.trim()} is a copy of it.\n`);
  });

  test("refuses a task that what it comes after would block again at once", async () => {
    const state = { kind: "blocked", why: `comes after ${anId(9)}, which nobody knows` } as const;
    const request = { after: [anId(9)] };
    await using desk = await Desk.sitDown({ queue: queueText([aTask({ state, request })]) });
    const { code, err } = await desk.type("retry", anId());
    expect(code).toBe(1);
    expect(err).toContain(`it comes after ${anId(9)}, which nobody knows\nChange its line \`- after:\``);
  });

  test("refuses a task that runs", async () => {
    await using desk = await Desk.sitDown({ queue: queueText([adasTask()]) });
    const { code, err } = await desk.type("retry", anId());
    expect(code).toBe(1);
    expect(err).toContain(`${anId()} is running on ada; only a blocked task`);
  });
});

describe("heartbeat", () => {
  test("tells what is new once, then says HEARTBEAT_OK", async () => {
    await using desk = await Desk.sitDown();
    expect((await desk.type("heartbeat")).out).toBe("HEARTBEAT_OK\n");
    desk.end(aResult({ text: "# All three offers\n\nThe second one is best." }));
    expect((await desk.type("heartbeat")).out).toBe(
      `1 new result:\n- ${anId()} succeeded: Compare the offers — All three offers\nThe whole of one: pawl show <id>\n`,
    );
    expect((await desk.type("heartbeat")).out).toBe("HEARTBEAT_OK\n");
  });

  test("tells ten at a time, the oldest first, and the others when it is asked again", async () => {
    await using desk = await Desk.sitDown();
    for (let n = 10; n < 22; n++) desk.end(aResult({ id: anId(n), ended: `2026-11-21T10:00:${n}Z` }));
    const { out } = await desk.type("heartbeat");
    expect(out).toMatch(/^12 new results:\n/);
    expect(out.match(/ succeeded: /g)).toHaveLength(10);
    expect(out).toContain("- and 2 more, which the next `pawl heartbeat` tells\n");
    expect(await desk.json("heartbeat")).toMatchObject({
      results: [{ id: anId(21) }, { id: anId(20) }],
      more: 0,
    });
    expect((await desk.type("heartbeat")).out).toBe("HEARTBEAT_OK\n");
  });

  test("names a result that cannot be read, once", async () => {
    await using desk = await Desk.sitDown();
    desk.push({ [`worker/RESULTS/${anId()}.md`]: "?" });
    expect((await desk.type("heartbeat")).out).toContain(`- ${anId()} has a result that cannot be read: `);
    expect((await desk.type("heartbeat")).out).toBe("HEARTBEAT_OK\n");
  });

  test("tells it again when nobody took what was printed", async () => {
    await using desk = await Desk.sitDown();
    desk.end(aResult());
    desk.screens.out.brokenBy = new Error("write EPIPE");
    await desk.type("heartbeat");
    desk.screens.out.brokenBy = undefined;
    expect((await desk.type("heartbeat")).out).toContain("1 new result:");
  });

  test("asks for a person once for each time that a task does", async () => {
    const asking = aTask({ state: { kind: "needs-human", why: "no credentials" }, attempt: 2 });
    await using desk = await Desk.sitDown({ queue: queueText([asking]) });
    expect((await desk.type("heartbeat")).out).toContain(
      `Waiting for a person:\n- ${anId()} needs-human: Rebuild the nightly report (no credentials)\n`,
    );
    expect((await desk.type("heartbeat")).out).toBe("HEARTBEAT_OK\n");
  });
});

describe("results", () => {
  test("lists what has ended, the last one first, and marks only what it listed as read", async () => {
    await using desk = await Desk.sitDown();
    desk.end(aResult({ id: anId(1), ended: "2026-11-20T10:00:00Z" }));
    desk.end(aResult({ id: anId(2), ended: "2026-11-21T09:00:00Z", outcome: "failed", why: "exit code 3" }));
    expect((await desk.json("results"))["results"]).toMatchObject([
      { id: anId(2), state: "failed", why: "exit code 3", unread: true },
      { id: anId(1), state: "succeeded", unread: true },
    ]);
    expect(await desk.json("results", "--since", "2h")).toMatchObject({ results: [{ id: anId(2) }] });
    expect(await desk.json("results", "--unread", "--limit", "1")).toMatchObject({
      results: [{ id: anId(2) }],
      more: 1,
    });
    expect(await desk.json("results", "--unread")).toMatchObject({ results: [{ id: anId(1) }], more: 0 });
    expect((await desk.type("results", "--unread")).out).toBe("Nothing new.\n");
  });

  test("names those that cannot be read", async () => {
    await using desk = await Desk.sitDown();
    desk.push({ [`worker/RESULTS/${anId()}.md`]: "?" });
    expect((await desk.type("results")).err).toContain(`The result of ${anId()} cannot be read: `);
  });

  test.each([
    [["--limit", "few"], "--limit few: expected a number from 1"],
    [["--since", "yesterday"], "--since yesterday: expected a duration or a date"],
  ])("refuses %j", async (args, said) => {
    await using desk = await Desk.sitDown();
    const { code, err } = await desk.type("results", ...args);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});

describe("doctor", () => {
  test.each([
    ["# Protocol\n\nProtocol version: 1\n", "ok", "protocol version 1"],
    ["Protocol version: 2\n", "warn", "PROTOCOL.md is of version 2; this pawl speaks version 1"],
    ["Protocol version: 0\n", "warn", "PROTOCOL.md is of version 0; this pawl speaks version 1"],
    ["A version of 2026\n", "warn", "PROTOCOL.md names no version; this pawl speaks version 1"],
  ])("compares the version that %j names with its own", async (protocol, level, seen) => {
    await using desk = await Desk.sitDown();
    desk.push({ "PROTOCOL.md": protocol });
    const { findings } = await desk.json("doctor");
    expect(findings).toContainEqual(expect.objectContaining({ about: "template", level, seen }));
  });

  test("asks a hub that is written as an address of a folder what it refuses", async () => {
    await using desk = await Desk.sitDown();
    const hub = join(desk.folder, "hub.git");
    await mkdir(hub);
    await writeFile(join(hub, "HEAD"), "");
    await writeFile(
      join(desk.folder, "pawl.config.yaml"),
      `remote: ${pathToFileURL(hub).href}\nname: desk\n`,
    );
    const asked: string[] = [];
    const probe = await desk.world.probe();
    desk.world.probe = async () => ({
      ...probe,
      hubRefuses: async (folder) => {
        asked.push(folder);
        return { force: false, deletes: true };
      },
    });
    const { findings } = await desk.json("doctor");
    expect(asked).toEqual([hub]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        about: "protection",
        todo: `Run \`pawl hub init ${hub}\`; it corrects the settings.`,
      }),
    );
  });
});

describe("logs", () => {
  test("names the worker on whose machine the output is", async () => {
    await using desk = await Desk.sitDown({ queue: queueText([adasTask()]) });
    const { code, err } = await desk.type("logs", anId());
    expect(code).toBe(4);
    expect(err).toBe(
      `The output of ${anId()} is not on this machine (Desk.example.org)\nRun \`pawl logs ${anId()}\` on the machine of ada. [FILE_NOT_FOUND]\n`,
    );
  });
});

const twoTasks = queueText([
  aTask({ id: "T-20261121-000a1" as Result["id"] }),
  aTask({ id: "T-20261121-000b2" as Result["id"] }),
]);

function aResult(about: Partial<Result> = {}): Result {
  return {
    id: anId(),
    title: "Compare the offers",
    outcome: "succeeded",
    why: undefined,
    lease: { by: ada, token: adasToken },
    attempt: 1,
    started: "2026-11-21T09:50:00Z",
    ended: "2026-11-21T10:00:00Z",
    request: {},
    tried: [],
    facts: {},
    text: "Done.",
    ...about,
  };
}

function adasBeat(task: Result["id"]) {
  return {
    worker: ada,
    count: 1,
    at: "2026-11-21T10:00:00Z",
    version: "0.1.0",
    host: "box",
    state: "busy" as const,
    slots: 1,
    executors: ["openclaw"],
    capabilities: [],
    unhealthy: {},
    running: [{ task, token: adasToken, attempt: 1, seconds: 5, progress: "halfway" }],
    every: 60,
  };
}

/** The id of the only task, as soon as it is there. */
async function idIn(desk: Desk): Promise<Result["id"]> {
  for (;;) {
    const [section] = parseQueue(desk.file("worker/QUEUE.md") ?? "").tasks;
    if (section) return section.task.id;
    await new Promise(setImmediate);
  }
}
