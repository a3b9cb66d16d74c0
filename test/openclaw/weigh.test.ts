import { describe, expect, test } from "vitest";

import { readCrontab } from "../../src/openclaw/crontab.ts";
import { Job } from "../../src/openclaw/job.ts";
import { nameDrafts } from "../../src/openclaw/name-drafts.ts";
import { weighJob } from "../../src/openclaw/weigh-job.ts";
import { weighLine } from "../../src/openclaw/weigh-line.ts";

const place = { timezone: "Europe/Berlin" };

const nightly = {
  id: "one",
  name: "Nightly",
  schedule: { kind: "cron", expr: "0 3 * * *" },
  sessionTarget: "isolated",
  payload: { kind: "agentTurn", message: "Compare the offers." },
};

describe("an automation of OpenClaw", () => {
  test("moves with all that was said about it", () => {
    const payload = { ...nightly.payload, model: "p/m", thinking: "high", timeoutSeconds: 1800 };
    expect(weigh({ payload })).toMatchObject({
      move: true,
      draft: {
        cron: "0 3 * * *",
        timezone: "Europe/Berlin",
        title: "Nightly",
        prompt: "Compare the offers.",
        model: "p/m",
        thinking: "high",
        timeout: "30m",
      },
    });
  });

  test("moves with its own rhythm", () => {
    const schedule = { kind: "every", everyMs: 5_400_000 };
    expect(weigh({ schedule })).toMatchObject({ draft: { every: "1h30m" } });
  });

  test("moves with a word on what it will miss there", () => {
    const message = "Read ~/mail, /srv/x.txt and https://a.org/etc/x at localhost:80.";
    const delivery = { mode: "announce", channel: "telegram" };
    expect(weigh({ payload: { kind: "agentTurn", message }, delivery })).toMatchObject({
      notes: [
        expect.stringContaining("its answer went to telegram"),
        expect.stringContaining("names ~/mail:"),
        expect.stringContaining("names /srv/x.txt:"),
        expect.stringContaining("names localhost:80:"),
      ],
    });
  });

  test.each<[string, object]>([
    ["belongs to OpenClaw itself", { declarationKey: "skill-collection-review:main" }],
    ["belongs to pawl", { declarationKey: "pawl.results" }],
    ["is switched off", { enabled: false }],
    ["waits for something", { schedule: { kind: "stream", command: ["x"] } }],
    ["waits for something", { schedule: { kind: "on-exit" } }],
    ["looks after something", { trigger: { script: "x" } }],
    ["runs a command on this machine", { payload: { kind: "command", argv: ["restic", "backup"] } }],
    ["speaks to the main agent", { payload: { kind: "systemEvent", text: "Tea" }, sessionTarget: "main" }],
    ["goes on in the session session:diary", { sessionTarget: "session:diary" }],
    ["happens once", { schedule: { kind: "at", at: "2026-12-24T18:00:00Z" } }],
    ["is short: it took 20s", { state: { lastDurationMs: 20_000 } }],
    ["more often than each minute", { schedule: { kind: "every", everyMs: 30_000 } }],
    ["has a time that cannot be read", { schedule: { kind: "cron", expr: "99 3 * * *" } }],
    ["by a rhythm that is not known here: tide", { schedule: { kind: "tide" } }],
  ])("stays where it %s", (why, change) => {
    expect(weigh(change)).toMatchObject({ move: false, why: expect.stringContaining(why) as string });
  });

  function weigh(change: object) {
    return weighJob(Job.parse({ ...nightly, ...change }), place);
  }
});

describe("a line of a crontab", () => {
  test.each([
    [`openclaw agent exec --json --message "Compare \\"A\\" and 'B'" --model p/m`, `Compare "A" and 'B'`],
    ["KEY=x /usr/local/bin/openclaw agent -m 'Read it'\\''s page' >/dev/null 2>&1", "Read it's page"],
    ["claude --print Look\\ around &>> /var/log/x", "Look around"],
    ["codex exec 'Half: 50\\%'", "Half: 50%"],
  ])("that does nothing but run an agent moves: %s", (command, prompt) => {
    expect(weigh(`0 8 * * 1 ${command}`)).toMatchObject({ move: true, draft: { cron: "0 8 * * 1", prompt } });
  });

  test.each([
    ["0 2 * * * tar cf /backup/x.tar /etc", "runs a command on this machine"],
    ["@reboot claude -p hello", "belongs to the start of this machine"],
    ["@daily cd /srv && claude -p hello", "cannot be read from the line"],
    ['@daily claude -p "$(cat prompt.md)"', "cannot be read from the line"],
    ["@daily claude -p < prompt.md", "cannot be read from the line"],
    ["@daily claude -p%hello", "cannot be read from the line"],
    ["@daily openclaw agent exec --message-file x.md", "cannot be read from the line"],
    ["61 2 * * * claude -p hello", "has a time that cannot be read"],
  ])("stays otherwise: %s", (line, why) => {
    expect(weigh(line)).toMatchObject({ move: false, why: expect.stringContaining(why) as string });
  });

  test("is told from comments and settings, and has the zone that was set before it", () => {
    const text = [
      "# 0 1 * * * no",
      "MAILTO=you",
      "",
      "CRON_TZ='Asia/Tokyo'",
      "  0  2 * *\t* run it",
      "@hourly other",
      "broken",
    ].join("\n");
    expect(readCrontab(text)).toEqual([
      { line: 5, expression: "0 2 * * *", command: "run it", timezone: "Asia/Tokyo" },
      { line: 6, expression: "@hourly", command: "other", timezone: "Asia/Tokyo" },
    ]);
  });

  function weigh(line: string) {
    return weighLine(readCrontab(line)[0]!, place);
  }
});

test("schedules get names that nobody has", () => {
  const job = (name: string) => weighJob(Job.parse({ ...nightly, name }), place);
  const taken = [{ name: "nightly", title: "Other", rhythm: { kind: "every", seconds: 60 } as const }];
  const named = nameDrafts([job("Nightly"), job("nightly!"), job("?"), job("x".repeat(90))], taken);
  expect(named.map(({ schedule }) => schedule)).toEqual(["nightly-2", "nightly-3", "job", "x".repeat(40)]);
});
