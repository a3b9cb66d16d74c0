import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { timetable } from "../../../src/adapters/timetable/timetable.ts";
import type { Timetable } from "../../../src/ports/timetable.ts";

let root: string;
let programs: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pawl-timetable-"));
  programs = join(root, "programs");
  mkdirSync(programs);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the times of this machine", { tags: ["slow"] }, () => {
  test("are in crontabs and folders, without what cron itself passes over", async () => {
    file("etc/crontab", "17 * * * * root true\n");
    file("etc/cron.d/one", "1 * * * * root one\n");
    file("etc/cron.d/one.dpkg-old", "1 * * * * root old\n");
    file("etc/cron.d/.placeholder", "");
    file("etc/cron.daily/logrotate", "#!/bin/sh\n");
    file("etc/cron.weekly/man-db", "#!/bin/sh\n");
    file("var/spool/cron/crontabs/me", "0 3 * * * mine\n");
    file("var/spool/cron/crontabs/you", "0 4 * * * yours\n");
    expect(await read()).toMatchObject({
      crontabs: [
        { file: "/etc/crontab", text: "17 * * * * root true\n", isOwn: false },
        { file: "/etc/cron.d/one", isOwn: false },
        { file: "/var/spool/cron/crontabs/me", user: "me", isOwn: true, text: "0 3 * * * mine\n" },
        { file: "/var/spool/cron/crontabs/you", user: "you", isOwn: false },
      ],
      programs: [
        { file: "/etc/cron.daily/logrotate", rhythm: "daily" },
        { file: "/etc/cron.weekly/man-db", rhythm: "weekly" },
      ],
      timers: [],
      unread: [],
    });
  });

  test("are none where there is neither cron nor systemd", async () => {
    expect(await read()).toEqual({ crontabs: [], programs: [], timers: [], unread: [] });
  });

  test("of whoever may not look into other people's are asked of the program that may", async () => {
    // What keeps root from reading it too.
    loop("var/spool/cron/crontabs");
    program("crontab", 'test "$*" = -l && echo "0 3 * * * mine"');
    expect(await read()).toMatchObject({
      crontabs: [{ file: "crontab -l", user: "me", isOwn: true, text: "0 3 * * * mine\n" }],
      unread: [{ what: "other users' crontabs" }],
    });
  });

  test("that are there and cannot be read are told, and the others are read", async () => {
    loop("etc/cron.d/loop");
    file("etc/cron.d/one", "1 * * * * root one\n");
    const { crontabs, unread } = await read();
    expect(crontabs.map((one) => one.file)).toEqual(["/etc/cron.d/one"]);
    expect(unread).toEqual([{ what: "/etc/cron.d/loop", why: "ELOOP" }]);
  });

  test("that a package brought say so", async () => {
    file("etc/cron.d/one", "");
    file("etc/cron.daily/mine", "");
    program(
      "dpkg-query",
      'echo "e2fsprogs:amd64, other: /etc/cron.d/one"; echo "diversion by a from: /etc/cron.daily/mine"; exit 1',
    );
    const { crontabs, programs: found } = await read();
    expect(crontabs).toMatchObject([{ package: "e2fsprogs" }]);
    expect(found[0]).not.toHaveProperty("package");
  });

  test("are also those of systemd's timers, the system's and the person's", async () => {
    program(
      "systemctl",
      `case "$*" in\n*--user*) exit 1 ;;\n*.timer*) cat <<'E'\n${shownTimers}E\n;;\n*) cat <<'E'\n${shownServices}E\nesac`,
    );
    expect((await read()).timers).toEqual([
      {
        scope: "system",
        unit: "systemd-tmpfiles-clean.timer",
        file: "/lib/systemd/system/systemd-tmpfiles-clean.timer",
        when: "OnUnitActive 1d, OnBoot 15min",
        starts: "systemd-tmpfiles-clean.service",
        command: "systemd-tmpfiles --clean",
      },
      {
        scope: "system",
        unit: "apt-daily.timer",
        file: "/lib/systemd/system/apt-daily.timer",
        when: "*-*-* 06,18:00:00",
        starts: "apt-daily.service",
        command: "/usr/lib/apt/apt.systemd.daily update; /bin/echo a = b ; c",
      },
    ]);
  });
});

/** As systemd 252 shows them, and one that is off. */
const shownTimers = `Unit=systemd-tmpfiles-clean.service
TimersMonotonic={ OnUnitActiveUSec=1d ; next_elapse=0 }
TimersMonotonic={ OnBootUSec=15min ; next_elapse=7h 14min 9.847420s }
Id=systemd-tmpfiles-clean.timer
ActiveState=active
FragmentPath=/lib/systemd/system/systemd-tmpfiles-clean.timer

Unit=fstrim.service
TimersCalendar={ OnCalendar=weekly ; next_elapse=n/a }
Id=fstrim.timer
ActiveState=inactive
FragmentPath=/lib/systemd/system/fstrim.timer

Unit=apt-daily.service
TimersCalendar={ OnCalendar=*-*-* 06,18:00:00 ; next_elapse=Sat 2026-11-21 18:00:00 UTC }
Id=apt-daily.timer
ActiveState=active
FragmentPath=/lib/systemd/system/apt-daily.timer
`;
const shownServices = `ExecStart={ path=systemd-tmpfiles ; argv[]=systemd-tmpfiles --clean ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
Id=systemd-tmpfiles-clean.service

ExecStart={ path=/usr/lib/apt/apt.systemd.daily ; argv[]=/usr/lib/apt/apt.systemd.daily update ; ignore_errors=no ; pid=0 }
ExecStart={ path=/bin/echo ; argv[]=/bin/echo a = b ; c ; ignore_errors=no ; pid=0 }
Id=apt-daily.service
`;

function read(): Promise<Timetable> {
  return timetable({ user: "me", env: { PATH: `${programs}:${join(root, "tools")}` }, root }).read();
}

function file(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A link that leads to itself. */
function loop(path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(join(root, path), join(root, path));
}

/** A program of this name, and nothing else on PATH. */
function program(name: string, text: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${text}\n`);
  chmodSync(join(programs, name), 0o755);
}
