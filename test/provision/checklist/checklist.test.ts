import { describe, expect, test } from "vitest";

import { checklist, type Automations } from "../../../provision/checklist/checklist.ts";
import { checklistText } from "../../../provision/checklist/checklist-text.ts";
import type { Chore } from "../../../provision/checklist/chore.ts";
import { readAutomations } from "../../../provision/checklist/read-automations.ts";
import { Job } from "../../../src/openclaw/job.ts";
import type { Ran } from "../../../src/ports/agent-program.ts";
import type { Timer, Timetable } from "../../../src/ports/timetable.ts";
import { Random } from "../../support/random.ts";

const place = { timezone: "Europe/Berlin" };

describe("a line of a person's crontab", () => {
  test.each<[string, Chore["where"], RegExp]>([
    ["0 3 * * * openclaw agent --message 'Compare the offers.'", "worker", /nothing but run an agent/],
    ["0 3 * * * claude -p 'Read the news' >/dev/null 2>&1", "worker", /nothing but run an agent/],
    ['0 3 * * * cd ~/x && claude -p "$(cat prompt)"', "main", /cannot be read from the line/],
    ["@reboot openclaw gateway run", "main", /main agent's own life/],
    ["*/5 * * * * pawl heartbeat", "main", /main agent's own life/],
    ["0 4 * * * restic backup /home", "main", /backs up/],
    ["0 4 * * * /home/me/bin/nightly-backup.sh", "main", /backs up/],
    ["0 0 1 * * certbot renew --quiet", "main", /certificates/],
    ["*/2 * * * * mbsync -a", "main", /mail/],
    ["0 1 * * * docker system prune -f", "main", /run here/],
    ["*/5 * * * * /opt/monit/check_disk", "both", /watches/],
    ["0 5 * * * sudo apt-get -y upgrade", "both", /up to date/],
    ["0 6 * * 0 sudo fstrim -a", "both", /housekeeping/],
    ["0 6 * * * ~/bin/do-something --for me", "main", /runs a command on this machine/],
  ])("%s belongs to: %s", (line, where, why) => {
    expect(only(withCrontab(line))).toMatchObject({ where, why: expect.stringMatching(why) });
  });

  test("that is worth moving says what it will miss there", () => {
    const chore = only(withCrontab("0 3 * * * openclaw agent -m 'Sum up ~/mail.'"));
    expect(chore.notes).toEqual([expect.stringContaining("names ~/mail")]);
  });

  test.each([
    ["test -e /run/x || MODE=1 /sbin/scrub -A", "/sbin/scrub -A"],
    ["[ -x /usr/bin/a ] && command -v b >/dev/null && b -c", "b -c"],
    ["TOKEN=x", "…"],
    ["test -e /a", "test -e /a"],
  ])("%s is called %s", (command, name) => {
    expect(only(withCrontab(`0 3 * * * ${command}`)).name).toBe(name);
  });

  test("that is no job is passed over", () => {
    expect(choresOf(withCrontab("# a\nMAILTO=me\n\nnonsense"))).toEqual([]);
  });

  test("is not weighed by its end when nobody would write such a line", () => {
    const long = `0 3 * * * claude ${" ".repeat(200_000)}-p x`;
    expect(only(withCrontab(long))).toMatchObject({ where: "main", why: /too long/ });
  });
});

describe("a line of the system's crontab", () => {
  test("runs as whom it names", () => {
    const text = "17 3 * * * backup restic backup /srv";
    expect(only(withSystem({ file: "/etc/crontab", text }))).toMatchObject({
      name: "restic backup /srv",
      origin: { kind: "crontab", user: "backup", line: 1, whose: "system" },
      where: "main",
    });
  });

  test("that runs a folder is told by what is in the folder", () => {
    const text = "25 6 * * * root cd / && run-parts --report /etc/cron.daily";
    expect(choresOf(withSystem({ file: "/etc/crontab", text }))).toEqual([]);
  });

  test("that a package brought is wherever that package is", () => {
    const text = "*/10 * * * * root command -v collect >/dev/null && collect 1 1";
    const chore = only(withSystem({ file: "/etc/cron.d/collector", text, package: "collector" }));
    expect(chore).toMatchObject({ where: "both", why: expect.stringContaining("package collector") });
  });

  test("with an agent moves, by hand", () => {
    const text = "0 3 * * * me openclaw agent -m 'Look at the weather.'";
    expect(only(withSystem({ file: "/etc/cron.d/mine", text }))).toMatchObject({
      where: "worker",
      isImportable: false,
      notes: [expect.stringContaining("by hand")],
    });
  });
});

describe("a program that cron runs with its folder", () => {
  test.each<[string, string | undefined, Chore["where"], RegExp]>([
    ["logrotate", "logrotate", "both", /housekeeping/],
    ["exim4-base", "exim4-base", "both", /package exim4-base/],
    ["certbot", "certbot", "main", /certificates/],
    ["my-thing", undefined, "main", /have a look/],
  ])("%s of package %s belongs to: %s", (name, brought, where, why) => {
    const program = { file: `/etc/cron.daily/${name}`, rhythm: "daily" };
    const programs = [{ ...program, ...(brought !== undefined && { package: brought }) }];
    expect(only({ programs })).toMatchObject({ where, when: "daily", why: expect.stringMatching(why) });
  });
});

describe("a timer", () => {
  test.each<[Partial<Timer>, Chore["where"], RegExp]>([
    [{ unit: "apt-daily.timer", command: "/usr/lib/apt/apt.systemd.daily update" }, "both", /up to date/],
    [{ unit: "certbot.timer", command: "certbot -q renew" }, "main", /certificates/],
    [{ unit: "motd-news.timer", command: "/etc/update-motd.d/50-motd-news" }, "both", /came with the system/],
    [
      { unit: "mine.timer", file: "/etc/systemd/system/mine.timer", command: "/opt/x" },
      "main",
      /have a look/,
    ],
    [{ unit: "borg.timer", file: "/etc/systemd/system/borg.timer", command: "/opt/x" }, "main", /backs up/],
    [{ unit: "x.timer", command: "openclaw agent -m News" }, "worker", /agent/],
    [{ unit: "pawl-heartbeat.timer", command: "/usr/bin/node x" }, "main", /own life/],
    [
      { unit: "news.timer", file: "/home/me/.config/systemd/user/news.timer", command: "claude -p News" },
      "worker",
      /agent/,
    ],
  ])("%j belongs to: %s", (timer, where, why) => {
    const usual = {
      scope: "system",
      file: "/usr/lib/systemd/system/x",
      when: "daily",
      starts: "x",
      command: "",
    };
    const found = { ...usual, ...timer } as Timer;
    expect(only({ timers: [found] })).toMatchObject({ where, why: expect.stringMatching(why) });
  });
});

describe("an automation of OpenClaw", () => {
  const job = {
    id: "one",
    name: "Nightly",
    schedule: { kind: "cron", expr: "0 3 * * *" },
    sessionTarget: "isolated",
    payload: { kind: "agentTurn", message: "Compare the offers." },
    state: { lastDurationMs: 300_000 },
  };

  test("moves as pawl cron import would move it", () => {
    expect(only({}, { jobs: [Job.parse(job)] })).toMatchObject({
      name: "Nightly",
      when: "0 3 * * *",
      where: "worker",
      isImportable: true,
    });
  });

  test("stays as pawl cron import would let it stay", () => {
    const spoken = { ...job, payload: { kind: "systemEvent", text: "x" } };
    expect(only({}, { jobs: [Job.parse(spoken)] })).toMatchObject({ where: "main", isImportable: false });
  });

  test("is told to be unknown when the Gateway does not answer, and is none where there is no OpenClaw", async () => {
    const down: Ran = { kind: "ended", status: 1, stdout: "", stderr: "gateway closed" };
    const unread = await readAutomations({ run: () => Promise.resolve(down) });
    expect(checklist(timetable({}), unread, place).unread).toEqual([
      { what: "OpenClaw's automations", why: expect.stringContaining("gateway closed") },
    ]);
    expect(await readAutomations({ run: () => Promise.resolve({ kind: "missing" }) })).toBeUndefined();
  });
});

describe("the text of the list", () => {
  test("has what moves first, says how, and what was not looked at", () => {
    const found = timetable({
      crontabs: [
        { file: "crontab -l", user: "me", isOwn: true, text: "0 3 * * * claude -p 'News, please'" },
        {
          file: "/var/spool/cron/crontabs/you",
          user: "you",
          isOwn: false,
          text: "0 4 * * * claude -p Other",
        },
        { file: "/etc/crontab", isOwn: false, text: "0 5 * * * root restic backup /srv" },
      ],
      programs: [{ file: "/etc/cron.daily/logrotate", rhythm: "daily", package: "logrotate" }],
      unread: [{ what: "other users' crontabs", why: "only root may read them" }],
    });
    expect(checklistText(checklist(found, undefined, place))).toMatchInlineSnapshot(`
      "# What this machine does by itself, and where it belongs

      ## Better off on the worker (2)

      - claude: News, please  [0 3 * * *] crontab of me, line 1
          does nothing but run an agent
          needs the executor claude in the worker's configuration
      - claude: Other  [0 4 * * *] crontab of you, line 1
          does nothing but run an agent
          needs the executor claude in the worker's configuration

      ## On this machine only (1)

      - restic backup /srv  [0 5 * * *] /etc/crontab:1 as root
          backs up what is on this machine; a worker keeps nothing that is not in the repository

      ## On both (1)

      - logrotate  [daily] /etc/cron.daily/logrotate
          is housekeeping of the machine that it runs on: a worker's system brings its own

      ## Not looked at

      - other users' crontabs: only root may read them

      Nothing is moved yet. This moves 2 of them:

          crontab -l | pawl cron import --crontab - --write
          crontab -u you -l | pawl cron import --crontab - --write
      "
    `);
  });

  test("of a machine without anything says so", () => {
    expect(checklistText(checklist(timetable({}), undefined, place))).toMatchInlineSnapshot(`
      "# What this machine does by itself, and where it belongs

      Nothing was found that happens at set times.
      "
    `);
  });

  test("shows no secret that somebody wrote into a line", () => {
    const secret = "sk-Marked7secret9of0mine1and2more3";
    const text = [
      `0 1 * * * curl -H 'Authorization: Bearer ${secret}' https://a.example/${secret}`,
      `0 2 * * * TOKEN=${secret} ~/bin/run --key ${secret}`,
      `0 3 * * * curl https://me:${secret}@a.example/`,
      `0 4 * * * ~/bin/run ${secret}`,
      `0 5 * * * ~/${secret}/run --password=${secret}`,
      "0 6 * * * mysql -uroot -pMarked7 x",
      "0 7 * * * ~/bin/run --password Marked7",
      "0 8 * * * curl -u Marked7 a",
      `0 9 * * * claude -p "Use the key ${secret} and look"`,
    ].join("\n");
    const found = checklist(withTimetable(text), undefined, place);
    expect(found.chores).toHaveLength(9);
    expect(checklistText(found) + JSON.stringify(found)).not.toContain("Marked7");
  });

  test("cannot be drawn into by what a stranger wrote", () => {
    const random = new Random(7);
    const pieces = [
      "\u001b[2J",
      "\u0007",
      "\r",
      "\u202e",
      "\u2028",
      "# x",
      "- y",
      "`",
      "'",
      '"',
      "$(",
      " ",
      "claude -p ",
      "% ",
      "*",
      "é",
      "\ud800",
      "a".repeat(90),
    ];
    for (let run = 0; run < 500; run++) {
      const hostile = () => random.text(pieces, 12);
      const text = Array.from({ length: 3 }, () => `* * * * * ${hostile()}`).join("\n");
      const found = timetable({
        crontabs: [
          { file: hostile(), user: hostile(), isOwn: false, text },
          { file: hostile(), isOwn: false, text },
        ],
        programs: [{ file: `/etc/cron.daily/${hostile()}`, rhythm: "daily" }],
        timers: [
          {
            scope: "user",
            unit: hostile(),
            file: hostile(),
            when: hostile(),
            starts: "x",
            command: hostile(),
          },
        ],
        unread: [{ what: hostile(), why: hostile() }],
      });
      const lines = checklistText(checklist(found, undefined, place)).split("\n");
      for (const line of lines) {
        expect(line).toMatch(/^($|# What|## [A-Z]|- | {4}|Nothing )/);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        expect(Array.from(line).length).toBeLessThan(500);
      }
    }
  });
});

function withCrontab(text: string): Partial<Timetable> {
  return { crontabs: [{ file: "crontab -l", user: "me", isOwn: true, text }] };
}

function withTimetable(text: string): Timetable {
  return timetable(withCrontab(text));
}

function withSystem(crontab: { file: string; text: string; package?: string }): Partial<Timetable> {
  return { crontabs: [{ ...crontab, isOwn: false }] };
}

function timetable(found: Partial<Timetable>): Timetable {
  return { crontabs: [], programs: [], timers: [], unread: [], ...found };
}

function choresOf(found: Partial<Timetable>, automations?: Automations): readonly Chore[] {
  return checklist(timetable(found), automations, place).chores;
}

function only(found: Partial<Timetable>, automations?: Automations): Chore {
  const chores = choresOf(found, automations);
  expect(chores).toHaveLength(1);
  return chores[0]!;
}
