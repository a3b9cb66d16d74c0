import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { isPaid, type ExecutorConfig } from "../../src/config/executors.ts";
import { loadConfig } from "../../src/config/load.ts";
import { folderOf, profileOf } from "../../src/config/profile.ts";
import { secretValues } from "../../src/config/secret-values.ts";
import type { Surroundings } from "../../src/config/surroundings.ts";
import { Fault } from "../../src/fault.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-config-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the configuration", () => {
  test("is found upwards of the current folder", async () => {
    await write("pawl.config.yaml", "remote: hub.git\n");
    await mkdir(join(folder, "a", "b"), { recursive: true });
    const config = loadConfig(around({ cwd: join(folder, "a", "b") }));
    expect(config.source).toBe(join(folder, "pawl.config.yaml"));
    expect(config.remote, "a path counts from the file").toBe(join(folder, "hub.git"));
  });

  test("is otherwise the user's own", async () => {
    await write(".config/pawl/pawl.config.json", '{"remote": "ssh://hub/x.git"}');
    await mkdir(join(folder, "empty"));
    expect(loadConfig(around({ cwd: join(folder, "empty") })).remote).toBe("ssh://hub/x.git");
  });

  test("may be nothing but the environment", () => {
    const config = loadConfig(around({ env: { PAWL_REMOTE: "git@hub.example:x.git", PAWL_NODE: "box" } }));
    expect(config).toMatchObject({ source: undefined, remote: "git@hub.example:x.git", name: "box" });
  });

  test("fills in what is not said", async () => {
    await write("pawl.config.yaml", "remote: ssh://hub.example/x.git\n");
    expect(loadConfig(around())).toMatchObject({
      branch: "main",
      name: "my-box",
      profile: "own-hub",
      pollSeconds: 5,
      keepResults: 150,
      defaultExecutor: "openclaw",
      defaults: {},
      worker: { name: "my-box", slots: 1, drainSeconds: 300 },
      executors: { openclaw: { kind: "openclaw" } },
    });
  });

  test("runs as many tasks at once as there is memory for, unless a number is given", async () => {
    const machine = { memoryBytes: 8e9, cores: 4 };
    await write("pawl.config.yaml", "remote: a.git\n");
    expect(loadConfig({ ...around(), machine }).worker.slots).toBe(4);
    await write("pawl.config.yaml", "remote: a.git\nworker: {limits: {memory: 3GB}}\n");
    expect(loadConfig({ ...around(), machine }).worker.slots).toBe(2);
    await write("pawl.config.yaml", "remote: a.git\nworker: {slots: 7}\n");
    expect(loadConfig({ ...around(), machine }).worker.slots).toBe(7);
  });

  test("keeps tasks apart where that works, and limits nothing, unless it is told otherwise", async () => {
    await write("pawl.config.yaml", "remote: a.git\n");
    expect(loadConfig(around()).worker).toMatchObject({
      sandbox: { mode: "auto", readOnly: [], writable: [] },
      limits: { memoryBytes: undefined, processes: undefined, cpuPercent: undefined },
    });
    await write(
      "pawl.config.yaml",
      "remote: a.git\nworker:\n  sandbox: {mode: required, writable: [~/.claude, data]}\n  limits: {memory: 1300MB, processes: 400, cpu: 150%}\n",
    );
    expect(loadConfig(around()).worker).toMatchObject({
      sandbox: {
        mode: "required",
        readOnly: [],
        writable: [expect.stringMatching(/\/\.claude$/), join(folder, "data")],
      },
      limits: { memoryBytes: 1_300_000_000, processes: 400, cpuPercent: 150 },
    });
  });

  test("keeps the state of each remote in a folder of its own", async () => {
    await write("pawl.config.yaml", "remote: ssh://hub.example/x.git\nstate: ~/state\n");
    const one = loadConfig(around()).state;
    expect(one).toMatch(/\/state\/x-[0-9a-f]{8}$/);
    await write("pawl.config.yaml", "remote: ssh://other.example/x.git\nstate: ~/state\n");
    expect(loadConfig(around()).state).not.toBe(one);
  });

  test("turns on the command executor and templates only where they are named", async () => {
    await write(
      "pawl.config.yaml",
      'remote: a.git\nexecutors:\n  command: {}\n  claude: {argv: [claude, -p, ["--model", "{model}"]]}\n',
    );
    expect(loadConfig(around()).executors).toEqual({
      openclaw: { kind: "openclaw" },
      command: { kind: "command", mode: "shell" },
      claude: { kind: "template", argv: ["claude", "-p", ["--model", "{model}"]] },
    });
  });

  test("has a table of models, in which one word will do for a list", async () => {
    const rules = "- {when: {category: briefing.*, needs: [a, b]}, model: small}\n- {thinking: low}\n";
    await write("pawl.config.yaml", `remote: ssh://h/x.git\nmodels:\n${rules}`);
    expect(loadConfig(around()).models).toEqual([
      { when: { category: ["briefing.*"], needs: ["a", "b"] }, model: "small" },
      { when: {}, thinking: "low" },
    ]);
  });

  test.each([
    ["{when: {category: briefing}}", "says neither model nor fallback nor thinking"],
    ["{when: {executor: cluade}, model: x}", 'models names "cluade", which is not configured'],
    ["{when: {category: '*.a'}, model: x}", "models.0.when.category"],
  ])("refuses the rule for models %s", async (rule, why) => {
    await write("pawl.config.yaml", `remote: ssh://h/x.git\nmodels: [${rule}]\n`);
    expect(() => loadConfig(around())).toThrow(why);
  });

  test("has a budget for each day only where one is named, and takes none of nothing", async () => {
    const budget = (perDay: string) =>
      write("pawl.config.yaml", `remote: ssh://h/x.git\nworker: {budget: {perDay: ${perDay}}}\n`);
    await budget("2.5");
    expect(loadConfig(around()).worker.budget).toEqual({ perDay: 2.5 });
    await budget("0");
    expect(() => loadConfig(around())).toThrow("worker.budget.perDay");
  });

  test.each([
    [{ kind: "openclaw" }, true],
    [{ kind: "openclaw", paid: false }, false],
    [{ kind: "template", argv: ["claude"] }, false],
    [{ kind: "template", argv: ["claude"], paid: true }, true],
    [{ kind: "command", mode: "shell" }, false],
  ] as const)("of an executor %o it is %s that its work costs money", (executor, paid) => {
    expect(isPaid(structuredClone(executor) as ExecutorConfig)).toBe(paid);
  });

  test("shortens all of a worker's patience along with its beat", async () => {
    await write("pawl.config.yaml", "remote: a.git\nbeat: 2s\n");
    expect(loadConfig(around()).pace).toMatchObject({ beat: 2, lease: 12, renew: 6, watchdog: 2, grace: 1 });
  });

  test.each([
    ["git@github.com:me/x.git", "hosted"],
    ["https://git.example.org/x.git", "hosted"],
    ["ssh://git@gitlab.com/x.git", "hosted"],
    ["me@box:/srv/hub.git", "own-hub"],
    ["/srv/hub.git", "own-hub"],
    ["file:///srv/hub.git", "own-hub"],
  ])("takes %s to be %s", (remote, profile) => {
    expect(profileOf(remote)).toBe(profile);
  });

  test.each([
    ["/srv/a hub.git", "/srv/a hub.git"],
    ["file:///srv/a%20hub.git", "/srv/a hub.git"],
    ["me@box:/srv/hub.git", undefined],
    ["https://git.example.org/x.git", undefined],
  ])("finds the folder of the hub %s: %s", (remote, hub) => {
    expect(folderOf(remote)).toBe(hub);
  });

  test("knows the secrets of this node by the variables and files it names", async () => {
    await write("token", "tok-123456\n");
    await write("all.env", '# keys\nexport A_KEY="quoted-1"\nB=plain-2\n');
    const values = secretValues(
      { secrets: { env: ["C_KEY", "UNSET"], files: [join(folder, "token"), join(folder, "all.env")] } },
      { C_KEY: "from-env-3" },
    );
    expect(values).toEqual(["from-env-3", "tok-123456", "quoted-1", "plain-2"]);
  });
});

describe("a bad configuration", () => {
  test("is refused as a whole, with every problem and where it stands", async () => {
    await write(
      "pawl.config.yaml",
      [
        "remote: hub.git",
        "pol: 5s",
        "poll: 5",
        "beat: 5 sec",
        "keepResults: many",
        "worker:",
        "  executers: [openclaw]",
        "  name: Big_Box",
        "profile: host",
      ].join("\n"),
    );
    expect(refusal().message.split("\n")).toEqual([
      'pawl.config.yaml:2:1: unknown key "pol"; did you mean poll?',
      'pawl.config.yaml:3:7: poll is 5; expected a text, such as "90s"',
      'pawl.config.yaml:4:7: beat is "5 sec": a duration is written like 90s, 15m, 2h or 1d',
      'pawl.config.yaml:5:14: keepResults is "many"; expected a number',
      'pawl.config.yaml:7:3: unknown key "executers" in worker; did you mean executors?',
      'pawl.config.yaml:8:9: worker.name is "Big_Box": a node name is lower-case letters, digits and hyphens, begins with a letter and has at most 40 characters',
      'pawl.config.yaml:9:10: profile is "host", not one of auto, own-hub, hosted; did you mean hosted?',
    ]);
  });

  test.each([
    ["remote: a.git\nworker: {sandbox: on}\n", 'worker.sandbox is "on": must be auto, off or required'],
    [
      "remote: a.git\nworker: {limits: {cpu: 2}}\n",
      'worker.limits.cpu is 2; expected a text, such as "150%"',
    ],
    ["remote: a.git\nworker: {limits: {memory: 1 GiB}}\n", "must be a size such as 20MB"],
    ["remote: [", /^pawl\.config\.yaml:1:\d+: /],
    ["remote: a\nremote: b\n", "Map keys must be unique"],
    ["- remote\n", "the file is"],
    ["remote: a.git\nworker: {slots: 0}\n", "worker.slots is 0: at least 1"],
    ["remote: a.git\nexecutors: {claude: {bin: x}}\n", "executors.claude.argv is missing; expected a list"],
    ["remote: a.git\nbranch: -x\n", 'branch is "-x": must be the name of a branch'],
    ["remote: a.git\nworker: {logLimit: 20}\n", 'worker.logLimit is 20; expected a text, such as "20MB"'],
    [
      "remote: a.git\nworker: {executors: [claude]}\n",
      'worker.executors names "claude", which is not configured',
    ],
    ["name: box\n", "Nothing says where the coordination repository is"],
    ["remote: a.git\nlease: 60s\n", "A lease of 1m is too short for a beat each 1m"],
  ])("%j is told what is wrong", async (text, said) => {
    await write("pawl.config.yaml", text);
    expect(refusal().message).toMatch(said);
  });

  test.each([
    "remote: https://me:ghp_0123456789abcdefghij0123@github.com/me/x\n",
    "remote: a.git\ntelegram: 1234567890:AAE0123456789abcdefghijklmnopqrstuv\n",
    "remote: a.git\nexecutors: {claude: {argv: [claude], env: {KEY: sk-ant-0123456789abcdefghij}}}\n",
  ])("with a secret in it names a better place, and never the secret (%#)", async (text) => {
    await write("pawl.config.yaml", text);
    const { message } = refusal();
    expect(message).toContain("looks like a secret; name an environment variable or file instead");
    expect(message).not.toMatch(/ghp_0|AAE0|sk-ant/);
  });

  test("is told apart from one that is not there", () => {
    expect(refusal({}, "nowhere.yaml")).toMatchObject({ code: "CONFIG_MISSING" });
  });

  test("is one of two in the same folder", async () => {
    await write("pawl.config.yaml", "remote: a.git\n");
    await write("pawl.config.json", "{}");
    expect(refusal().message).toBe(`pawl.config.yaml and pawl.config.json both stand in ${folder}`);
  });
});

async function write(name: string, text: string): Promise<void> {
  await mkdir(join(folder, name, ".."), { recursive: true });
  await writeFile(join(folder, name), text);
}

function around(about: Partial<Surroundings> = {}): Surroundings {
  return { cwd: folder, home: folder, hostname: "My_Box.example.org", env: {}, ...about };
}

function refusal(about: Partial<Surroundings> = {}, named?: string): Fault {
  try {
    loadConfig(around(about), named);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("it was accepted");
}
